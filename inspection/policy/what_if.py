"""What a job's own history would have come to under another level, other thresholds, another audit or blind share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inspection.policy import routing
from inspection.policy.answers import Flaw
from inspection.policy.audit_price import planned_rate
from inspection.policy.evalues import parts_until_noticed
from inspection.policy.job_policy import JobPolicy
from inspection.policy.job_policy import check as check_policy
from inspection.policy.routing import LEVELS, Shares, Thresholds
from inspection.policy.weighting import Codes, Estimate, Flags, Floats, share
from inspection.vocabulary import Level, Verdict

HOUR = 3600.0
TIMES_WORSE = 2


@dataclass(frozen=True)
class Setting:
    """What is tried out; `shares` are the blind share and the random audit of the AI's decisions, 0 to 1."""

    level: Level
    thresholds: Thresholds
    shares: Shares

    @property
    def effective(self) -> Shares:
        """What would really be drawn."""
        found = routing.effective(level=self.level, shares=self.shares)
        return Shares(
            blind=found.blind if LEVELS[self.level].draws_blind else 0.0,
            audit=found.audit if self.decides else 0.0,
        )

    @property
    def decides(self) -> bool:
        """Whether the AI decides anything by itself."""
        return bool(LEVELS[self.level].ai_decides)


def check(setting: Setting) -> Flaw | None:
    """The first flaw, in the words of the policy that would be refused; None where it could be put in force."""
    return check_policy(
        JobPolicy(
            blind_share=setting.shares.blind,
            audit_share=setting.shares.audit,
            accept_at=setting.thresholds.accept_at,
            reject_at=setting.thresholds.reject_at,
        )
    )


@dataclass(frozen=True)
class Seen:
    """The parts that chance drew and people judged without a hint; one place of each array is one part.

    A part on which people could not tell is neither bad nor good nor open: it is left out of all errors. `open` are
    those without a verdict yet.
    """

    score: Floats
    weight: Floats
    lots: Codes
    bad: Flags
    good: Flags
    open: Flags
    classes: Mapping[str, Flags]
    """Class of defect to the parts that carry it."""
    shifts: int = 0
    seconds: float | None = None
    """Median time of a verdict; None where nobody's was measured."""

    @property
    def n(self) -> int:
        return len(self.score)

    @property
    def parts_a_shift(self) -> float | None:
        """Parts that pass the camera: each drawn one stands for as many as its weight."""
        return float(self.weight.sum()) / self.shifts if self.shifts else None


@dataclass(frozen=True)
class Work:
    """A quantity of one shift with its 95 % interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Work:
        return Work(value=self.value * factor, low=self.low * factor, high=self.high * factor)


@dataclass(frozen=True)
class Figures:
    """What a setting would have come to. `escapes`, `rejected` and `rejected_good` are None where the AI passes, or
    rejects, nothing by itself."""

    setting: Setting
    automation: Estimate
    """Parts that the AI decides, of all: what goes to the blind share is not among them."""
    escapes: Estimate | None
    """Bad parts that the AI passes, of all inspected: as the gate counts them, before the blind share is taken off."""
    misses: Estimate
    """Bad parts of which the AI says OK, of all bad ones, whoever decides."""
    overkill: Estimate
    """Good parts of which the AI says NG, of all good ones, whoever decides."""
    rejected: Estimate | None
    """Parts that the AI rejects and no person sees, of all."""
    rejected_good: Estimate | None
    """Good ones among them, of all parts."""
    classes: Mapping[str, Estimate]
    """Class of defect to the parts of it of which the AI says OK, of all that carry it."""
    to_people: Work | None
    """First looks and audits a shift; None where no shift has been worked."""
    audits: Work | None
    hours: Work | None
    """People's hours a shift; None where nobody's time was measured."""
    noticed: int | None
    """Parts decided by the AI until escapes twice as frequent are noticed; None where it decides nothing."""
    doubling: tuple[float, float] | None
    """From which share of escapes to which."""


def replay(seen: Seen, setting: Setting, *, bar: float) -> Figures:
    """The figures of a setting; `bar` is that on escapes. Raises `ValueError` for a setting that `check` refuses."""
    if flaw := check(setting):
        raise ValueError(flaw.detail)
    ok, ng = opinions(seen.score, setting.thresholds)
    row, shares = LEVELS[setting.level], setting.effective
    decides_ok, decides_ng = Verdict.OK in row.ai_decides, Verdict.NG in row.ai_decides
    told = seen.bad | seen.good | seen.open
    decided = (ok & decides_ok) | (ng & decides_ng)
    escapes = _of(seen, (seen.bad | seen.open) & ok, told)
    automation = _of(seen, decided, np.ones(seen.n, dtype=bool)).times(1 - shares.blind if setting.decides else 0.0)
    made = Figures(
        setting=setting,
        automation=automation,
        escapes=escapes if decides_ok else None,
        # What is open and passed may be bad, what is open and rejected may be good: the worst counts, as at the gate.
        misses=_of(seen, ok, seen.bad | (seen.open & ok)),
        overkill=_of(seen, ng, seen.good | (seen.open & ng)),
        rejected=_of(seen, ng, told).times(1 - shares.blind) if decides_ng else None,
        rejected_good=_of(seen, ng & (seen.good | seen.open), told).times(1 - shares.blind) if decides_ng else None,
        classes={name: _of(seen, ok, carries) for name, carries in seen.classes.items()},
        to_people=None,
        audits=None,
        hours=None,
        noticed=None,
        doubling=None,
    )
    return _with_watch(_with_work(made, seen, ok), escapes, bar=bar)


def opinions(scores: Floats, thresholds: Thresholds) -> tuple[Flags, Flags]:
    """Of which parts the AI says OK, and of which NG."""
    values, places = np.unique(scores, return_inverse=True)
    said = [routing.opinion(score=float(value), thresholds=thresholds) for value in values]
    ok = np.array([one == Verdict.OK for one in said], dtype=bool)
    ng = np.array([one == Verdict.NG for one in said], dtype=bool)
    return ok[places], ng[places]


def _of(seen: Seen, hits: Flags, among: Flags) -> Estimate:
    return share(hits=hits & among, among=among, weight=seen.weight, lots=seen.lots)


def _with_work(made: Figures, seen: Seen, ok: Flags) -> Figures:
    """What is left to people: all that the AI does not decide, and the audits of what it does."""
    parts, decided = seen.parts_a_shift, made.automation
    if parts is None or decided.value is None or decided.low is None or decided.high is None:
        return made
    each = _audits_each(made.setting, seen, ok)
    ends = (decided.value, decided.low, decided.high)
    value, low, high = (parts * share * each for share in ends)
    at, most, least = (parts * (1 - share) + parts * share * each for share in ends)
    people = Work(value=at, low=min(least, most), high=max(least, most))
    hours = None if seen.seconds is None else people.times(seen.seconds / HOUR)
    return replace(made, to_people=people, audits=Work(value=value, low=low, high=high), hours=hours)


def _audits_each(setting: Setting, seen: Seen, ok: Flags) -> float:
    """Audits for each part that the AI decides: at random, and on top by risk among what it passes."""
    audit, accept = setting.effective.audit, setting.thresholds.accept_at
    if not audit or not accept or not ok.any():
        return audit
    near = np.minimum(1.0, seen.score[ok] / accept)
    by_risk = float(np.average(np.minimum(1.0, 2 * audit * near), weights=seen.weight[ok]))
    passed = float(seen.weight[ok].sum())
    decided = passed if Verdict.NG not in LEVELS[setting.level].ai_decides else passed + _rejected(setting, seen)
    return audit + (1 - audit) * by_risk * passed / decided


def _rejected(setting: Setting, seen: Seen) -> float:
    return float(seen.weight[opinions(seen.score, setting.thresholds)[1]].sum())


def _with_watch(made: Figures, escapes: Estimate, *, bar: float) -> Figures:
    """After how many parts the random audit would notice that escapes have doubled."""
    if not made.setting.decides or escapes.value is None:
        return made
    before = planned_rate(k=round(escapes.value * escapes.n), n=escapes.n, bar=bar)
    after = min(1.0, TIMES_WORSE * before)
    parts = parts_until_noticed(p0=before, p1=after, audit_rate=made.setting.effective.audit)
    return replace(made, noticed=parts, doubling=(before, after))
