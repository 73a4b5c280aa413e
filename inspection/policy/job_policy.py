"""What the policy of a job may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from inspection.policy.answers import Flaw
from inspection.policy.sampling import LEAST_SHARE
from inspection.sentences import Sentence
from inspection.vocabulary import HintMode

NAMES = (
    "blind_share",
    "audit_share",
    "double_share",
    "recheck_share",
    "seed_share",
    "hint_mode",
    "lease_seconds",
    "patience_seconds",
    "hold",
    "accept_at",
    "reject_at",
)


MOST_SEEDED = 0.1
MOST_AHEAD = 9
"""What one person holds ahead is kept from all others."""


@dataclass(frozen=True)
class JobPolicy:
    """The settings by which a job runs; shares and thresholds lie between 0 and 1."""

    blind_share: float = 0.10
    audit_share: float = 0.05
    double_share: float = 0.02
    recheck_share: float = 0.10
    seed_share: float = 0.01
    hint_mode: HintMode = HintMode.COMMIT_FIRST
    lease_seconds: int = 300
    patience_seconds: int = 30
    hold: int = 3
    accept_at: float | None = None
    reject_at: float | None = None

    def changed(self, changes: Mapping[str, Any]) -> JobPolicy:
        return JobPolicy(**{**asdict(self), **changes})


def check(policy: JobPolicy) -> Flaw | None:
    """The first flaw of a policy, or None."""
    checks = (_check_shares, _check_thresholds, _check_times, _check_hint)
    return next((flaw for check in checks if (flaw := check(policy)) is not None), None)


def _check_shares(policy: JobPolicy) -> Flaw | None:
    if not LEAST_SHARE <= policy.blind_share <= 1:
        return Flaw(
            "bad_blind_share",
            "The blind share lies between 0.01 and 1: an AI that nobody judges unseen cannot be seen to fail.",
        )
    if not LEAST_SHARE <= policy.audit_share <= 1:
        return Flaw(
            "bad_audit_share",
            "The audit share lies between 0.01 and 1: an automation that nobody audits cannot be seen to fail.",
        )
    return _check_second_looks(policy)


def _check_second_looks(policy: JobPolicy) -> Flaw | None:
    if not 0 <= policy.double_share <= 1:
        return Flaw("bad_double_share", "The share that is judged twice lies between 0 and 1.")
    if not 0 <= policy.recheck_share <= 1:
        return Flaw("bad_recheck_share", "The share of agreements that is looked at again lies between 0 and 1.")
    if not 0 <= policy.seed_share <= MOST_SEEDED:
        return Flaw(
            "bad_seed_share", "The share of known parts lies between 0 and 0.1: people are here for the others."
        )
    return None


def _check_thresholds(policy: JobPolicy) -> Flaw | None:
    for name in ("accept_at", "reject_at"):
        value = getattr(policy, name)
        if value is not None and not 0 <= value <= 1:
            return Flaw(f"bad_{name}", Sentence("{name} is a probability between 0 and 1.", name=name))
    if policy.accept_at is not None and policy.reject_at is not None and policy.accept_at > policy.reject_at:
        return Flaw("bad_thresholds", "accept_at lies at or below reject_at; between them the AI is unsure.")
    return None


def _check_times(policy: JobPolicy) -> Flaw | None:
    if not 1 <= policy.lease_seconds <= 86_400:
        return Flaw("bad_lease_seconds", "A lease lasts from a second to a day.")
    if not 1 <= policy.patience_seconds <= 86_400:
        return Flaw("bad_patience_seconds", "Patience lasts from a second to a day.")
    if not 1 <= policy.hold <= MOST_AHEAD:
        return Flaw("bad_hold", "Between 1 and 9 parts are held ahead.")
    return None


def _check_hint(policy: JobPolicy) -> Flaw | None:
    if policy.hint_mode == HintMode.NONE:
        return Flaw("bad_hint_mode", "Hints come concurrent or commit_first; for none use the level shadow.")
    return None
