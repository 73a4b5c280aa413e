from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from inspection.policy.job_policy import NAMES, JobPolicy, check
from inspection.vocabulary import HintMode

NAN = float("nan")


def code(**changes: Any) -> str | None:
    flaw = check(JobPolicy().changed(changes))
    return flaw.code if flaw else None


def test_the_defaults_are_sound() -> None:
    assert check(JobPolicy()) is None


def test_the_names_are_those_of_the_settings() -> None:
    assert tuple(field.name for field in fields(JobPolicy)) == NAMES


def test_a_change_keeps_the_rest() -> None:
    assert JobPolicy(lease_seconds=60).changed({"blind_share": 0.2}) == JobPolicy(blind_share=0.2, lease_seconds=60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("blind_share", value) for value in (0, 0.0099, -0.01, 1.01, NAN, float("inf"))],
        *[("audit_share", value) for value in (0, 0.00001, -0.01, 1.01, NAN)],
        *[("accept_at", value) for value in (-0.01, 1.01, NAN)],
        *[("reject_at", value) for value in (-0.01, 1.01, NAN)],
        *[("lease_seconds", value) for value in (0, -1, 86_401)],
        *[("patience_seconds", value) for value in (0, -1, 86_401)],
        ("hint_mode", HintMode.NONE),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: float) -> None:
    assert code(**{name: value}) == f"bad_{name}"


@pytest.mark.parametrize(
    "changes",
    [
        {"blind_share": 0.01, "audit_share": 0.01},
        {"blind_share": 1.0, "audit_share": 1.0},
        {"accept_at": 0.0, "reject_at": 1.0},
        {"accept_at": 0.5, "reject_at": 0.5},
        {"accept_at": 0.9},
        {"reject_at": 0.1},
        {"lease_seconds": 1, "patience_seconds": 86_400},
        {"hint_mode": HintMode.CONCURRENT},
    ],
)
def test_the_ends_of_the_ranges_are_allowed(changes: dict[str, Any]) -> None:
    assert code(**changes) is None


def test_thresholds_that_cross_are_refused() -> None:
    assert code(accept_at=0.6, reject_at=0.5) == "bad_thresholds"
