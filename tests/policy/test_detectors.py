from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.bars import Bars
from inspection.policy.counting import Tally
from inspection.policy.detectors import Watched
from inspection.policy.stepping_down import WATCHES, Pair, fresh
from inspection.vocabulary import Level

BARS = Bars()
WATCHING = st.sampled_from(sorted(WATCHES, key=lambda level: level.value))


def told(pairs: dict[str, Pair], errors: list[bool]) -> dict[str, Pair]:
    for error in errors:
        pairs = {name: Pair(bar=pair.bar.after(error), change=pair.change.after(error)) for name, pair in pairs.items()}
    return pairs


def watched(*stretches: tuple[Level, list[bool]]) -> Watched:
    found = Watched()
    for level, errors in stretches:
        found = found.after(level, told(found.on(level, tallies={}, bars=BARS), errors))
    return found


STRETCHES = st.lists(st.tuples(WATCHING, st.lists(st.booleans(), max_size=8)), max_size=4)


@given(STRETCHES)
def test_what_is_kept_reads_back_the_same(stretches: list[tuple[Level, list[bool]]]) -> None:
    for found in (watched(*stretches), watched(*stretches).anew()):
        assert Watched.from_json(found.as_json()) == found


@given(STRETCHES, WATCHING)
def test_what_happens_on_other_levels_in_between_changes_nothing(
    stretches: list[tuple[Level, list[bool]]], level: Level
) -> None:
    alone = watched(*[one for one in stretches if one[0] == level])
    among = watched(*stretches)
    assert among.on(level, tallies={}, bars=BARS) == alone.on(level, tallies={}, bars=BARS)


def test_what_was_kept_before_each_level_had_its_own_is_read() -> None:
    pairs = told(fresh(level=Level.PARTIAL, tallies={}, bars=BARS), [False, True])
    old = {"level": "partial", "pairs": {name: pair.as_json() for name, pair in pairs.items()}}
    assert Watched.from_json(old) == Watched(pairs={Level.PARTIAL: pairs})
    assert Watched.from_json({}) == Watched()


@pytest.mark.parametrize(("counted", "seen"), [({}, 0.001), ({"escape": Tally(k=3, n=1999)}, 0.002)])
def test_after_a_demotion_the_newest_rate_seen_at_a_promotion_is_held_against_the_ai(
    counted: dict[str, Tally], seen: float
) -> None:
    """A thousand parts without an escape were seen at the first promotion; what was counted since goes before."""
    first = fresh(level=Level.PARTIAL, tallies={"escape": Tally(k=0, n=999)}, bars=BARS)
    after = Watched().after(Level.PARTIAL, told(first, [True, True])).anew()
    pair = after.on(Level.PARTIAL, tallies=counted, bars=BARS)["escape_audit"]
    assert (pair.change.p0, pair.change.level, pair.bar.level) == (pytest.approx(seen), 0.0, 0.0)


def test_a_rate_seen_is_never_held_above_a_bar_that_became_stricter() -> None:
    after = Watched().after(Level.PARTIAL, fresh(level=Level.PARTIAL, tallies={}, bars=BARS)).anew()
    pair = after.on(Level.PARTIAL, tallies={}, bars=BARS.changed({"escape": 0.001}))["escape_audit"]
    assert pair.change.p0 == 0.001
