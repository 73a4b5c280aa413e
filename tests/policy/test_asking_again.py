from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inspection.policy.asking_again import Refusal, Return, more_needed, rested_on, waits_for
from inspection.policy.bars import Bars
from inspection.policy.counting import Tally
from inspection.vocabulary import Level

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
BARS = Bars()
STRICTER = BARS.changed({"escape": 0.001})
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
REFUSED = Refusal(at=AT, parts=1_000, bars=BARS, demotions=1)


@pytest.mark.parametrize(("parts", "more"), [(0, 50), (200, 50), (500, 50), (501, 51), (1_000, 100), (10_001, 1_001)])
def test_a_tenth_more_brings_it_back_and_never_fewer_than_fifty(parts: int, more: int) -> None:
    assert more_needed(parts) == more


@pytest.mark.parametrize(
    ("parts", "later", "left"),
    [
        (1_000, HOUR, 100),
        (1_001, DAY, 99),
        (1_099, 9 * DAY, 1),
        (1_100, DAY - HOUR, 0),
        (5_000, DAY - timedelta(microseconds=1), 0),
        # A verdict that was taken back.
        (999, DAY, 101),
    ],
)
def test_it_waits_for_a_day_and_for_parts(parts: int, later: timedelta, left: int) -> None:
    found = waits_for(REFUSED, parts=parts, bars=BARS, demotions=1, now=AT + later)
    assert found == Return(not_before=AT + DAY, parts=left)


@pytest.mark.parametrize(
    ("parts", "bars", "demotions", "later"),
    [
        (1_100, BARS, 1, DAY),
        (9_000, BARS, 1, 30 * DAY),
        # Other bars are another question, and a count that began anew is another answer.
        (1_000, STRICTER, 1, timedelta()),
        (60, BARS, 2, timedelta()),
    ],
)
def test_it_comes_back_with_what_is_new(parts: int, bars: Bars, demotions: int, later: timedelta) -> None:
    assert waits_for(REFUSED, parts=parts, bars=bars, demotions=demotions, now=AT + later) is None


@pytest.mark.parametrize(
    ("to", "parts"),
    [(Level.ASSISTANCE, 210), (Level.PARTIAL, 930), (Level.FULL, 940), (Level.SHADOW, 0)],
)
def test_a_proof_rests_on_its_largest_denominator(to: Level, parts: int) -> None:
    counted = {"ai_error": 210, "miss": 30, "escape": 930, "escape_blind": 700, "escape_audit": 940, "miss_blind": 40}
    tallies = {name: Tally(n=n) for name, n in counted.items()}
    assert rested_on(tallies, to=to) == parts


def test_where_nothing_is_counted_a_proof_rests_on_nothing() -> None:
    assert rested_on({}, to=Level.PARTIAL) == 0
