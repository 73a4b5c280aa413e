from __future__ import annotations

from dataclasses import asdict
from math import inf, nan

import pytest

from inspection.policy.bars import HIGHER_IS_HARDER, LIMITS, Bars, alpha_after, check_bars, is_lowered

BARS = Bars()


def test_the_bars_by_default_lie_within_their_limits() -> None:
    assert check_bars(BARS) is None
    assert LIMITS.keys() == asdict(BARS).keys()


@pytest.mark.parametrize("name", LIMITS)
def test_each_bar_may_go_to_its_limits_and_not_beyond(name: str) -> None:
    least, most = LIMITS[name]
    step = 1 if isinstance(asdict(BARS)[name], int) else 1e-9
    assert [check_bars(BARS.changed({name: value})) for value in (least, most)] == [None, None]
    for value in (least - step, most + step, nan, inf, -inf):
        flaw = check_bars(BARS.changed({name: value}))
        assert flaw is not None
        assert (flaw.code, name in str(flaw.detail)) == ("bad_bar", True)


@pytest.mark.parametrize(
    "name", ["alpha", "ai_error", "miss", "escape", "ai_share", "miss_full", "critical", "overkill"]
)
@pytest.mark.parametrize("value", [0, 1, 0.0, 1.0])
def test_a_bar_of_nothing_or_of_everything_is_none(name: str, value: float) -> None:
    assert check_bars(BARS.changed({name: value})) is not None


@pytest.mark.parametrize(("name", "value"), [("alpha", "0.05"), ("alpha", None), ("shifts", True), ("items", 60.5)])
def test_a_bar_is_a_number_and_a_minimum_a_whole_one(name: str, value: object) -> None:
    """A text that looks like a number was stored as it came, and broke every count after it."""
    assert check_bars(BARS.changed({name: value})) is not None


@pytest.mark.parametrize("name", LIMITS)
def test_easier_to_prove_is_lowered_and_harder_is_not(name: str) -> None:
    value = asdict(BARS)[name]
    more = BARS.changed({name: value + 1 if isinstance(value, int) else value * 1.1})
    harder = name in HIGHER_IS_HARDER
    assert is_lowered(old=BARS, new=more) == (not harder)
    assert is_lowered(old=more, new=BARS) == harder


def test_one_bar_lowered_among_many_raised_is_lowered() -> None:
    assert is_lowered(old=BARS, new=BARS.changed({"escape": 0.001, "items": 500, "days": 4}))
    assert not is_lowered(old=BARS, new=BARS)


def test_each_demotion_halves_the_error_probability() -> None:
    assert [alpha_after(BARS, demotions) for demotions in range(4)] == [0.05, 0.025, 0.0125, 0.00625]
