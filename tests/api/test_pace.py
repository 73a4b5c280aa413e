from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.api.pace import EMPTY, FULL, LAST, LONGEST, SHORTEST, Pace

SECONDS = st.floats(0.0005, 3.0)


@pytest.mark.parametrize(
    ("took", "beat"),
    [(0.0, 0.06), (0.041, 0.06), (0.043, 0.12), (0.083, 0.12), (0.085, 0.24), (0.3, 0.48), (0.7, 0.96), (5.0, 0.96)],
)
def test_one_slow_verdict_makes_the_beat_long_enough_for_the_next(took: float, beat: float) -> None:
    pace = Pace()
    pace.rest(took)
    assert pace.beat == pytest.approx(beat)


@given(st.lists(SECONDS, min_size=1, max_size=30), SECONDS)
def test_whatever_came_before_an_answer_goes_out_on_the_beat(before: list[float], took: float) -> None:
    pace = Pace()
    for earlier in before:
        pace.rest(earlier)
    rest = pace.rest(took)
    beats = (took + rest) / pace.beat
    assert 0 <= rest < pace.beat
    assert beats == pytest.approx(round(beats), abs=1e-6)
    if took <= FULL * LONGEST:
        assert round(beats) == 1, "one beat whatever the verdict took, so its length tells nothing"


def test_the_beat_grows_shorter_again_when_the_machine_has_time() -> None:
    pace = Pace()
    pace.rest(0.2)
    assert pace.beat == pytest.approx(0.48)
    for _ in range(4 * LAST):
        pace.rest(0.01)
    assert pace.beat == pytest.approx(SHORTEST)


def test_one_verdict_in_two_hundred_keeps_it_long() -> None:
    pace = Pace(beat=LONGEST)
    for number in range(4 * LAST):
        pace.rest(LONGEST * EMPTY if number % LAST == 0 else 0.01)
    assert pace.beat == LONGEST
