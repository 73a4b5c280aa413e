from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy import counting
from inspection.policy.counting import (
    AI_ERROR,
    ALWAYS,
    ESCAPE,
    ESCAPE_AUDIT,
    ESCAPE_BLIND,
    MISS,
    MISS_BLIND,
    NOT_ACCEPTED,
    OVERKILL_BLIND,
    PER_LOT,
    UNSETTLED,
    Counter,
    Entry,
    Row,
    Tally,
    class_miss,
    count,
    counters,
    is_error,
    lot_key,
    moved,
)
from inspection.vocabulary import Drawn, Verdict

OK, NG, UNSURE = Verdict
REFERENCES = (OK, NG, UNSURE, None)
TABLE: dict[Counter, dict[Verdict, str]] = {
    AI_ERROR: {OK: ". e - e", NG: "e . - e", UNSURE: "e e - e"},
    MISS: {OK: "- e - e", NG: "- . - -", UNSURE: "- . - -"},
    ESCAPE: {OK: ". e - e", NG: ". . - .", UNSURE: ". . - ."},
    ESCAPE_BLIND: {OK: ". e - e", NG: ". . - .", UNSURE: ". . - ."},
    ESCAPE_AUDIT: {OK: ". e - e", NG: "- - - -", UNSURE: "- - - -"},
    NOT_ACCEPTED: {OK: ". . - .", NG: "e e - e", UNSURE: "e e - e"},
    UNSETTLED: {OK: ". . e .", NG: ". . e .", UNSURE: ". . e ."},
    MISS_BLIND: {OK: "- e - e", NG: "- . - -", UNSURE: "- . - -"},
    OVERKILL_BLIND: {OK: ". - - -", NG: "e - - e", UNSURE: ". - - -"},
    class_miss("dent"): {OK: "- e - e", NG: "- . - -", UNSURE: "- . - -"},
    class_miss("crack"): {OK: "- - - e", NG: "- - - -", UNSURE: "- - - -"},
}
"""By opinion and reference (OK, NG with a dent, UNSURE, none yet): e an error, . none, - not counted."""
SAID = {"e": True, ".": False, "-": None}


def row(opinion: Verdict = OK, reference: Verdict | None = None, **more: object) -> Row:
    labels = frozenset({"dent"}) if reference == NG else frozenset[str]()
    return replace(
        Row(draw=1, lot="L", drawn=Drawn.SHADOW, opinion=opinion, reference=reference, labels=labels),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("counter", counters(["dent"]), ids=lambda one: one.name)
@pytest.mark.parametrize("reference", REFERENCES)
def test_where_the_ai_was_late_only_the_share_that_it_passes_and_what_people_could_tell_are_counted(
    counter: Counter, reference: Verdict | None
) -> None:
    drawn = min(counter.drawn, key=lambda one: one.value)
    said = is_error(counter, row(UNSURE, reference, drawn=drawn, late=True))
    known = is_error(counter, row(UNSURE, reference, drawn=drawn)) if counter in {NOT_ACCEPTED, UNSETTLED} else None
    assert said == known


@pytest.mark.parametrize("counter", TABLE, ids=lambda counter: counter.name)
def test_what_is_an_error_by_opinion_and_reference(counter: Counter) -> None:
    for opinion, said in TABLE[counter].items():
        for reference, expected in zip(REFERENCES, said.split(), strict=True):
            for drawn in Drawn:
                one = row(opinion, reference, drawn=drawn)
                assert is_error(counter, one) == (SAID[expected] if drawn in counter.drawn else None)


def test_the_table_speaks_of_every_counter() -> None:
    assert {*ALWAYS} <= TABLE.keys()
    assert counters(["dent", "crack"]) == (*ALWAYS, class_miss("crack"), class_miss("dent"))


@pytest.mark.parametrize("drawn", [Drawn.AUDIT_RISK, Drawn.SEEDED, Drawn.ROUTED, Drawn.ASSISTED])
def test_what_chance_did_not_draw_proves_nothing(drawn: Drawn) -> None:
    cases = product(counters(["dent"]), Verdict, REFERENCES)
    assert {is_error(counter, row(said, reference, drawn=drawn)) for counter, said, reference in cases} == {None}


def test_what_is_left_out_counts_nowhere() -> None:
    cases = product(counters(["dent"]), Verdict, REFERENCES, Drawn)
    found = {is_error(one, row(said, known, drawn=drawn, left_out=True)) for one, said, known, drawn in cases}
    assert found == {None}


def test_what_is_not_settled_yet_never_speaks_for_the_ai() -> None:
    """What will turn out to be an error is one from the beginning, or is not counted yet."""
    for counter, opinion in product(ALWAYS, Verdict):
        if counter in (NOT_ACCEPTED, UNSETTLED):
            continue
        for reference in (OK, NG):
            after, until = is_error(counter, row(opinion, reference)), is_error(counter, row(opinion))
            assert not (after is True and until is False)


Change = tuple[int, Verdict | None, bool]
"""Which row, its reference from now on, whether it is left out."""


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Row], list[Change]]:
    """Drawn rows of three lots, and what becomes of them in any order: come, settled, settled otherwise, taken back,
    delivered twice."""
    some = st.builds(
        Row,
        draw=st.just(0),
        lot=st.sampled_from(["A", "B", "C"]),
        drawn=st.sampled_from([Drawn.SHADOW, Drawn.BLIND, Drawn.AUDIT_RANDOM, Drawn.ROUTED]),
        opinion=st.sampled_from(Verdict),
        shift=st.sampled_from(["", "early", "late"]),
        day=st.sampled_from(["1", "2"]),
        person=st.sampled_from(["", "7", "8"]),
    )
    rows = [replace(one, draw=number) for number, one in enumerate(draw(st.lists(some, min_size=1, max_size=25)))]
    change = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(REFERENCES), st.booleans())
    return rows, draw(st.lists(change, max_size=60))


def applied(rows: Sequence[Row], change: Change) -> Row:
    number, reference, left_out = change
    labels = frozenset({"dent"}) if reference == NG and number % 2 else frozenset[str]()
    return replace(rows[number], reference=reference, labels=labels, left_out=left_out)


def brute_force(rows: Sequence[Row], counter: Counter) -> Tally:
    """All over again from the rows as they stand."""
    by_lot: dict[str, list[Row]] = {}
    for one in sorted(rows, key=lambda one: one.draw):
        if is_error(counter, one) is not None and len(by_lot.setdefault(one.lot, [])) < PER_LOT:
            by_lot[one.lot].append(one)
    counted = [one for kept in by_lot.values() for one in kept]
    spread: dict[str, dict[str, int]] = {name: {} for name in counter.spread}
    for one, name in product(counted, counter.spread):
        value = getattr(one, name)
        spread[name][value] = spread[name].get(value, 0) + 1
    k = sum(is_error(counter, one) is True for one in counted)
    return Tally(k=k, n=len(counted), lots=sum(bool(kept) for kept in by_lot.values()), spread=spread)


@given(stories())
def test_row_by_row_in_any_order_it_comes_to_what_a_count_of_the_whole_does(
    story: tuple[list[Row], list[Change]],
) -> None:
    rows, changes = story
    which = counters(["dent"])
    known: dict[int, Row] = {}
    lots: dict[str, dict[str, tuple[Entry, ...]]] = {}
    tallies: dict[str, Tally] = {}
    for change in [*changes, *changes[-3:]]:
        one = applied(rows, change)
        known[one.draw] = one
        same = [other for other in known.values() if other.lot == one.lot]
        before = counting.from_json(counting.as_json(lots.get(one.lot, {})))
        lots[one.lot] = count(before, one, which=which, first=lambda _counter, same=same: same)  # type: ignore[misc]
        tallies = moved(tallies, before, lots[one.lot], which=which)
        for counter in which:
            found, expected = tallies.get(counter.name, Tally()), brute_force([*known.values()], counter)
            assert (found.k, found.n, found.lots) == (expected.k, expected.n, expected.lots)
            assert all(found.spread.get(name, {}) == expected.spread[name] for name in counter.spread)


def test_of_each_denominator_the_first_three_in_the_order_of_the_draws() -> None:
    """The defects are the last three of six parts: all of them count among defects, none among items."""
    rows = [row(OK, OK if draw < 3 else NG, draw=draw) for draw in range(6)]
    lot: dict[str, tuple[Entry, ...]] = {}
    for one in reversed(rows):
        lot = count(lot, one, which=ALWAYS, first=lambda _counter: rows)
    assert [one.draw for one in lot["ai_error"]] == [0, 1, 2]
    assert [one.draw for one in lot["miss"]] == [3, 4, 5]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LOT1", "lot1"),
        ("LOT1 ", " LOT1"),
        ("LOT 1", "LOT \t 1"),
        ("LOT1", "LOT\u200b1"),
        ("LOT1", "\uff2c\uff2f\uff34\uff11"),
        ("Stra\u00dfe", "STRASSE"),
        ("A\u030a1", "\u00c51"),
    ],
)
def test_spellings_that_look_alike_are_one_lot(one: str, other: str) -> None:
    assert lot_key(one) == lot_key(other)


@pytest.mark.parametrize(("one", "other"), [("LOT-1", "LOT1"), ("LOT 1", "LOT1"), ("LOT1", "LOT11"), ("A", "\u00c5")])
def test_names_that_differ_are_different_lots(one: str, other: str) -> None:
    assert lot_key(one) != lot_key(other)


@given(st.text(max_size=100))
def test_every_name_has_a_key_that_fits_and_is_its_own_key(name: str) -> None:
    assert len(lot_key(name)) <= counting.LONGEST_LOT
    assert lot_key(lot_key(name)) == lot_key(name)


def test_the_next_part_is_looked_up_only_where_one_that_counted_has_gone() -> None:
    def never(counter: Counter) -> Sequence[Row]:
        raise AssertionError(counter.name)

    lot: dict[str, tuple[Entry, ...]] = {}
    for draw in range(5):
        lot = count(lot, row(draw=draw), which=[AI_ERROR], first=never)
    lot = count(lot, row(OK, UNSURE, draw=4), which=[AI_ERROR], first=never)
    assert [one.draw for one in lot["ai_error"]] == [0, 1, 2]
    rest = [row(draw=draw) for draw in (4, 3, 2, 0)]
    lot = count(lot, row(OK, UNSURE, draw=1), which=[AI_ERROR], first=lambda _counter: rest)
    assert [one.draw for one in lot["ai_error"]] == [0, 2, 3]


def test_nobody_is_no_person_and_no_shift() -> None:
    assert Tally(spread={"person": {"": 3, "7": 1}}).distinct("person") == 1
    assert Tally().distinct("person") == 0


def test_a_tally_survives_its_way_through_the_database() -> None:
    tally = Tally(k=1, n=3, lots=1, spread={"day": {"1": 3}})
    assert Tally.from_json(tally.as_json()) == tally
    assert Tally.from_json(Tally(k=1, n=3, lots=1).as_json()) == Tally(k=1, n=3, lots=1)
