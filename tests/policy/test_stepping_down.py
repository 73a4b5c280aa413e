from __future__ import annotations

from dataclasses import replace

import pytest

from inspection.policy import counting
from inspection.policy.bars import Bars
from inspection.policy.counting import Row, Tally
from inspection.policy.stepping_down import (
    FIGURES,
    WATCHES,
    Alarm,
    Escaped,
    Pair,
    at_bars,
    come_to_light,
    critical_escape,
    fresh,
    lands_on,
    news,
    observe,
    too_few_answers,
    too_few_resolved,
    worst,
)
from inspection.vocabulary import Cause, Drawn, Level, Verdict

OK, NG, UNSURE = Verdict
BARS = Bars()
ESCAPED = Row(
    draw=1, lot="L", drawn=Drawn.AUDIT_RANDOM, opinion=OK, reference=NG, labels=frozenset({"dent", "scratch"})
)
PASSED = replace(ESCAPED, reference=OK, labels=frozenset())
CRITICAL = frozenset({"dent"})


def shown(row: Row, *, level: Level, most: int = 300) -> tuple[int, list[Alarm], dict[str, Pair]]:
    """How many such rows it takes to the first alarm that lowers the level, what was set off, and the state then."""
    pairs = fresh(level=level, tallies={}, bars=BARS)
    for turn in range(1, most):
        pairs, alarms = observe(pairs, replace(row, draw=turn), level=level)
        if worst(alarms) is not None:
            return turn, alarms, pairs
    return most, [], pairs


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (Level.HUMAN_ONLY, set()),
        (Level.SHADOW, set()),
        (Level.ASSISTANCE, {"ai_error_blind", "miss_blind"}),
        (Level.PARTIAL, {"escape_blind", "escape_audit"}),
        (Level.FULL, {"escape_blind", "escape_audit", "miss_blind", "overkill_blind"}),
    ],
)
def test_what_is_watched_on_each_level(level: Level, names: set[str]) -> None:
    assert {watch.name for watch in WATCHES.get(level, ())} == names
    assert fresh(level=level, tallies={}, bars=BARS).keys() == names
    assert names <= FIGURES.keys()


@pytest.mark.parametrize(
    ("level", "row", "name", "down"),
    [
        (Level.ASSISTANCE, replace(ESCAPED, drawn=Drawn.BLIND), "bar:ai_error_blind", Level.SHADOW),
        (Level.ASSISTANCE, replace(PASSED, drawn=Drawn.BLIND, opinion=UNSURE), "bar:ai_error_blind", Level.SHADOW),
        (Level.PARTIAL, ESCAPED, "bar:escape_audit", Level.ASSISTANCE),
        (Level.PARTIAL, replace(ESCAPED, drawn=Drawn.BLIND), "bar:escape_blind", Level.ASSISTANCE),
        (Level.FULL, ESCAPED, "bar:escape_audit", Level.PARTIAL),
        (Level.FULL, replace(PASSED, drawn=Drawn.BLIND, opinion=NG), "bar:overkill_blind", Level.PARTIAL),
    ],
)
def test_errors_alone_lead_one_level_down_before_ten(level: Level, row: Row, name: str, down: Level) -> None:
    turns, alarms, _ = shown(row, level=level)
    assert turns < 10
    alarm = worst(alarms)
    assert alarm is not None
    assert (name in {one.name for one in alarms}, alarm.down, alarm.cause) == (True, down, Cause.BAR)


@pytest.mark.parametrize(
    "row",
    [
        replace(ESCAPED, reference=None),
        replace(ESCAPED, reference=UNSURE),
        replace(ESCAPED, left_out=True),
        replace(ESCAPED, left_out=True, old=True),
        replace(ESCAPED, drawn=Drawn.AUDIT_RISK),
        replace(ESCAPED, drawn=Drawn.ROUTED),
        replace(ESCAPED, drawn=Drawn.ASSISTED),
        replace(ESCAPED, drawn=Drawn.SHADOW),
        replace(ESCAPED, opinion=UNSURE),
        replace(ESCAPED, opinion=NG),
        PASSED,
    ],
)
def test_what_is_open_not_drawn_or_no_escape_lowers_nobody(row: Row) -> None:
    assert shown(row, level=Level.PARTIAL)[0] == 300


def test_the_change_detector_begins_at_the_rate_that_the_promotion_has_seen() -> None:
    [pair] = [fresh(level=Level.PARTIAL, tallies={"escape": Tally(k=2, n=1499)}, bars=BARS)["escape_audit"]]
    assert (pair.bar.p0, pair.change.p0) == (BARS.escape, pytest.approx(3 / 1500))


@pytest.mark.parametrize(
    ("tally", "expected"), [(Tally(k=0, n=10**6), 0.0005), (Tally(), 0.005), (Tally(9, 10), 0.005)]
)
def test_but_not_below_a_tenth_of_the_bar_and_not_above_it(tally: Tally, expected: float) -> None:
    """With no error seen in a million the first one would else be an alarm."""
    pair = fresh(level=Level.PARTIAL, tallies={"escape": tally}, bars=BARS)["escape_audit"]
    assert pair.change.p0 == pytest.approx(expected)


def test_a_change_warns_and_begins_anew_and_lowers_nobody() -> None:
    """One escape in a hundred: twice the bar, and twenty times what the promotion has seen."""
    pairs = fresh(level=Level.PARTIAL, tallies={"escape": Tally(k=0, n=10**6)}, bars=BARS)
    seen: list[Alarm] = []
    turn = 0
    while not seen:
        turn += 1
        pairs, seen = observe(pairs, PASSED if turn % 100 else ESCAPED, level=Level.PARTIAL)
    assert [(one.name, one.down) for one in seen] == [("change:escape_audit", None)]
    assert worst(seen) is None
    assert pairs["escape_audit"].change.level == 0
    assert pairs["escape_audit"].bar.level > 0


def test_a_part_is_told_once_and_once_more_where_it_turns_out_worse() -> None:
    counter = counting.ESCAPE_AUDIT
    assert (news(counter, PASSED), news(counter, ESCAPED)) == (False, True)
    assert news(counter, PASSED, [PASSED]) is None
    assert news(counter, ESCAPED, [PASSED]) is True
    assert news(counter, ESCAPED, [PASSED, ESCAPED]) is None
    assert news(counter, PASSED, [ESCAPED]) is None
    assert news(counter, ESCAPED, [replace(ESCAPED, left_out=True)]) is True
    assert news(counting.MISS_BLIND, replace(ESCAPED, drawn=Drawn.BLIND), [replace(PASSED, drawn=Drawn.BLIND)]) is True


def test_a_stricter_bar_takes_what_was_seen_along() -> None:
    pairs, _ = observe(fresh(level=Level.PARTIAL, tallies={}, bars=BARS), ESCAPED, level=Level.PARTIAL)
    stricter = at_bars(pairs, level=Level.PARTIAL, bars=BARS.changed({"escape": 0.001}))["escape_audit"]
    assert (stricter.bar.p0, stricter.change.p0) == (0.001, 0.001)
    assert stricter.bar.m == pairs["escape_audit"].bar.m
    assert at_bars(pairs, level=Level.PARTIAL, bars=BARS) == pairs


def test_the_state_survives_its_way_through_the_database() -> None:
    pairs, _ = observe(fresh(level=Level.FULL, tallies={}, bars=BARS), ESCAPED, level=Level.FULL)
    assert {name: Pair.from_json(pair.as_json()) for name, pair in pairs.items()} == pairs


# ---------------------------------------------------------------- without statistics


@pytest.mark.parametrize(("level", "stops"), [(level, level in (Level.PARTIAL, Level.FULL)) for level in Level])
def test_one_critical_escape_stops_what_the_ai_decides(level: Level, stops: bool) -> None:
    alarm = critical_escape(ESCAPED, level=level, critical=CRITICAL)
    assert (alarm is not None) == stops
    if alarm is not None:
        assert (alarm.cause, alarm.down, alarm.words.values["labels"]) == (Cause.CRITICAL, Level.ASSISTANCE, "dent")


@pytest.mark.parametrize(
    ("row", "stops"),
    [
        (replace(ESCAPED, drawn=Drawn.AUDIT_RISK), True),
        (replace(ESCAPED, left_out=True, old=True), True),
        (replace(ESCAPED, left_out=True), False),
        (replace(ESCAPED, drawn=Drawn.BLIND), False),
        (replace(ESCAPED, labels=frozenset({"scratch"})), False),
        (replace(ESCAPED, opinion=NG), False),
        (replace(ESCAPED, opinion=UNSURE), False),
        (replace(ESCAPED, reference=None), False),
        (replace(ESCAPED, reference=UNSURE), False),
    ],
)
def test_a_critical_escape_is_one_that_the_ai_passed_and_people_confirmed(row: Row, stops: bool) -> None:
    assert (critical_escape(row, level=Level.PARTIAL, critical=CRITICAL) is not None) == stops


def test_a_critical_escape_stops_once() -> None:
    assert critical_escape(ESCAPED, level=Level.PARTIAL, critical=CRITICAL, told=[ESCAPED]) is None
    assert critical_escape(ESCAPED, level=Level.PARTIAL, critical=CRITICAL, told=[PASSED]) is not None


FOUND = Escaped(serial="A-17", labels=frozenset({"dent", "scratch"}), passed_again=True)


@pytest.mark.parametrize(("level", "stops"), [(level, level in (Level.PARTIAL, Level.FULL)) for level in Level])
def test_what_comes_to_light_outside_the_count_stops_what_the_ai_decides(level: Level, stops: bool) -> None:
    alarm = come_to_light(FOUND, level=level, critical=CRITICAL)
    assert (alarm is not None) == stops
    if alarm is not None:
        assert (alarm.name, alarm.cause, alarm.down) == ("critical", Cause.CRITICAL, Level.ASSISTANCE)
        assert alarm.words == "a critical defect was let through: dent, on part A-17"


@pytest.mark.parametrize(
    "part",
    [
        replace(FOUND, labels=frozenset({"scratch"})),
        replace(FOUND, labels=frozenset()),
        replace(FOUND, passed_again=False),
        replace(FOUND, stopped=True),
    ],
)
def test_what_says_nothing_critical_of_the_ai_in_force_or_says_it_again_stops_nothing(part: Escaped) -> None:
    assert come_to_light(part, level=Level.FULL, critical=CRITICAL) is None


def test_a_report_is_called_one() -> None:
    alarm = come_to_light(FOUND, level=Level.PARTIAL, critical=CRITICAL, reported=True)
    assert alarm is not None
    assert alarm.words == "a critical defect was let through: dent, reported on part A-17"


def test_the_alarm_that_leads_furthest_down_wins() -> None:
    words = FIGURES["escape_audit"]
    one, two = (Alarm("x", Cause.BAR, words, down=level) for level in (Level.PARTIAL, Level.ASSISTANCE))
    assert worst([one, two, Alarm("y", Cause.BAR, words)]) == two
    assert worst([]) is None


@pytest.mark.parametrize("down", [Level.ASSISTANCE, Level.PARTIAL])
def test_the_third_time_a_job_lands_in_shadow(down: Level) -> None:
    assert [lands_on(down, demotions=times) for times in (1, 2, 3, 4)] == [down, down, Level.SHADOW, Level.SHADOW]


@pytest.mark.parametrize(("faults", "asked", "few"), [(2, 100, False), (3, 100, True), (0, 0, False), (4, 200, False)])
def test_more_than_two_in_a_hundred_without_an_answer_are_too_many(faults: int, asked: int, few: bool) -> None:
    assert too_few_answers(faults=faults, asked=asked) == few


@pytest.mark.parametrize(("resolved", "drawn", "few"), [(8, 10, False), (7, 10, True), (0, 0, False), (79, 100, True)])
def test_fewer_than_four_in_five_audits_are_too_few(resolved: int, drawn: int, few: bool) -> None:
    assert too_few_resolved(resolved=resolved, drawn=drawn) == few


@pytest.mark.parametrize("reference", [OK, NG])
def test_parts_without_an_answer_of_the_ai_lower_nobody_by_themselves(reference: Verdict) -> None:
    """Five dark pictures in a row, with the lamp off, threw back the best of models."""
    dark = replace(ESCAPED, drawn=Drawn.BLIND, opinion=UNSURE, reference=reference, unanswered=True)
    for level in Level:
        assert shown(dark, level=level)[0] == 300
