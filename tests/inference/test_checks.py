from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inference.checks import FitLimits, fit
from inference.facts import Facts

GOOD = Facts(width=300, height=300, brightness=120, contrast=30, sharpness=20, clipped=0.01)


@pytest.mark.parametrize(
    ("changed", "first_words"),
    [
        ({"width": 20}, "too small: 20 x 300"),
        ({"brightness": 2.0}, "too dark"),
        ({"brightness": 254.0}, "overexposed"),
        ({"contrast": 0.5}, "no contrast"),
        ({"sharpness": 0.1}, "blurred beyond use"),
    ],
    ids=["small", "dark", "bright", "flat", "blurred"],
)
def test_each_fault_of_a_picture_is_named(changed: dict[str, Any], first_words: str) -> None:
    (reason,) = fit(replace(GOOD, **changed))
    assert reason.startswith(first_words)


# The extremes measured on 2,624 real solar cells and 320 real circuit boards, each in one made-up picture.
@pytest.mark.parametrize(
    "facts",
    [
        Facts(width=300, height=300, brightness=13.8, contrast=4.7, sharpness=2.7, clipped=0.45),
        Facts(width=640, height=640, brightness=244.8, contrast=50.0, sharpness=18219, clipped=1.0),
    ],
    ids=["darkest cell", "brightest board"],
)
def test_the_most_extreme_real_pictures_are_fit(facts: Facts) -> None:
    assert fit(facts) == ()


def test_a_job_with_stricter_limits_refuses_more() -> None:
    assert fit(GOOD, FitLimits(min_brightness=130))[0].startswith("too dark")


def test_a_picture_with_several_faults_gets_a_reason_for_each() -> None:
    assert len(fit(Facts(width=8, height=8, brightness=0, contrast=0, sharpness=0, clipped=1))) == 3
