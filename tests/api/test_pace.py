from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.api.pace import FULL, LAST, LONGEST, OFTEN, SHORTEST, Pace

SECONDS = st.floats(0.0005, 3.0)


def heard(*times: float, beat: float = SHORTEST) -> float:
    """The beat after verdicts that took so many seconds."""
    pace = Pace(beat=beat)
    for took in times:
        pace.rest(took)
    return pace.beat


@pytest.mark.parametrize(
    ("took", "beat"),
    [(0.0, 0.06), (0.041, 0.06), (0.043, 0.12), (0.083, 0.12), (0.085, 0.24), (0.3, 0.24), (5.0, 0.24)],
)
def test_slow_verdicts_make_the_beat_long_enough_for_the_next(took: float, beat: float) -> None:
    assert heard(*[took] * 2 * OFTEN) == pytest.approx(beat)


def test_one_that_waited_for_a_disk_changes_nothing() -> None:
    assert heard(*[2.0, *[0.01] * LAST] * 3) == SHORTEST


@given(st.lists(SECONDS, max_size=30), SECONDS)
def test_whatever_came_before_an_answer_goes_out_on_the_beat(before: list[float], took: float) -> None:
    pace = Pace()
    for earlier in before:
        pace.rest(earlier)
    rest = pace.rest(took)
    beats = (took + rest) / pace.beat
    assert 0 <= rest < pace.beat
    assert beats == pytest.approx(round(beats), abs=1e-6)


@given(st.lists(st.floats(0.0005, FULL * LONGEST), min_size=2 * OFTEN, max_size=40))
def test_verdicts_that_are_slow_for_long_are_answered_after_one_beat(times: list[float]) -> None:
    slowest = max(times)
    pace = Pace(beat=heard(*[slowest] * 2 * OFTEN))
    assert [took + pace.rest(took) for took in times] == pytest.approx([pace.beat] * len(times))


def test_the_beat_grows_shorter_again_when_the_machine_has_time() -> None:
    assert heard(*[0.01] * 2 * LAST, beat=LONGEST) == SHORTEST


def test_verdicts_that_are_slow_now_and_then_keep_it_long() -> None:
    assert heard(*[*[0.1] * OFTEN, *[0.01] * (LAST - OFTEN)] * 4, beat=LONGEST) == LONGEST
