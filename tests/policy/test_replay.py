from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inspection.policy.bars import Bars
from inspection.policy.counting import Row
from inspection.policy.promotion import COOL_TIME
from inspection.policy.replay import Asked, Closed, Event, Line, Meanwhile, Replay, Step, Switched, replay
from inspection.vocabulary import Drawn, Level, Verdict

OK, NG, UNSURE = Verdict
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
FACTS = ("epoch", "in_force", "critical", "bars", "moment", "probability")
BARS = Bars(ai_error=0.2, miss=0.5, escape=0.05, alpha=0.1, items=50, defects=5, lots=10, shifts=1, people=2, days=1)
BARS = BARS.changed({"items_partial": 50})


def line(key: int, opinion: Verdict = OK, reference: Verdict | None = OK, **more: object) -> Line:
    """One part of its own lot, drawn in shadow."""
    facts = {name: more.pop(name) for name in FACTS if name in more}
    row = Row(
        draw=key,
        lot=f"L{key}",
        drawn=Drawn.SHADOW,
        opinion=opinion,
        reference=reference,
        labels=frozenset({"dent"} if reference == NG else ()),
        shift="early",
        day="1",
        person=str(key % 2 + 1),
    )
    made = Line(
        key=key,
        epoch=1,
        row=replace(row, **more),  # type: ignore[arg-type]
        bars=BARS,
        critical=("dent",),
        moment=BEGIN + timedelta(minutes=key),
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def agreed(keys: Iterable[int], **more: object) -> list[Line]:
    """Every third part is a defect; AI and people agree on all."""
    return [line(key, NG if key % 3 == 0 else OK, NG if key % 3 == 0 else OK, **more) for key in keys]


def escapes(keys: Iterable[int], **more: object) -> list[Line]:
    return [line(key, OK, NG, drawn=Drawn.AUDIT_RANDOM, labels=frozenset({"scratch"}), **more) for key in keys]


def up(key: int, new: Level) -> Switched:
    return Switched(key=key, new=new, moment=BEGIN + timedelta(minutes=key))


def steps(events: Sequence[Event], start: Level = Level.SHADOW) -> list[tuple[str, Level]]:
    return [(step.what, step.level) for step in replay(events, start=start)]


def test_what_is_proven_is_proposed_once() -> None:
    assert steps(agreed(range(1, 200))) == [("proposed", Level.ASSISTANCE)]


def test_it_is_proposed_at_the_entry_that_completes_the_proof() -> None:
    """Fifty parts are asked for at least; misses are proven long before."""
    assert replay(agreed(range(1, 200)), start=Level.SHADOW) == [Step(50, "proposed", Level.ASSISTANCE)]


def test_after_a_switch_the_next_level_is_proposed() -> None:
    events: list[Event] = [*agreed(range(1, 61)), up(60, Level.ASSISTANCE), *agreed(range(61, 200), drawn=Drawn.BLIND)]
    assert steps(events) == [("proposed", Level.ASSISTANCE), ("proposed", Level.PARTIAL)]


def test_where_nobody_is_asked_any_more_it_is_proposed_again() -> None:
    events: list[Event] = [*agreed(range(1, 61)), Closed(key=60), *agreed(range(61, 63))]
    assert [step.key for step in replay(events, start=Level.SHADOW)] == [50, 61]


def test_what_was_refused_waits_for_a_day_and_fifty_more_parts() -> None:
    refused = Closed(key=60, refused_at=BEGIN)
    soon: list[Event] = [*agreed(range(1, 61)), refused, *agreed(range(61, 300))]
    assert [step.key for step in replay(soon, start=Level.SHADOW)] == [50]
    late = BEGIN + timedelta(days=1)
    later: list[Event] = [*agreed(range(1, 61)), refused, *agreed(range(61, 300), moment=late)]
    assert [step.key for step in replay(later, start=Level.SHADOW)] == [50, 110]


def test_what_was_refused_comes_at_once_where_a_person_asks_and_may_be_refused_again() -> None:
    moment = BEGIN + timedelta(hours=1)
    events: list[Event] = [
        *agreed(range(1, 61)),
        Closed(key=60, refused_at=BEGIN),
        Asked(key=60, epoch=1, moment=moment),
        Closed(key=60, refused_at=moment),
        *agreed(range(61, 300)),
    ]
    assert [step.key for step in replay(events, start=Level.SHADOW)] == [50, 60]


def test_what_was_refused_comes_at_once_under_other_bars() -> None:
    events: list[Event] = [*agreed(range(1, 61)), Closed(key=60, refused_at=BEGIN)]
    events += agreed(range(61, 70), bars=BARS.changed({"ai_error": 0.19}))
    assert [step.key for step in replay(events, start=Level.SHADOW)] == [50, 61]


def test_what_is_not_proven_is_not_proposed_though_a_person_asks() -> None:
    errors = [line(key, OK, NG) for key in range(61, 100)]
    asked = Asked(key=99, epoch=1, moment=BEGIN)
    events: list[Event] = [*agreed(range(1, 61)), Closed(key=60, refused_at=BEGIN), *errors, asked]
    assert [step.key for step in replay(events, start=Level.SHADOW)] == [50]
    assert replay([Asked(key=1, epoch=7, moment=BEGIN)], start=Level.SHADOW) == []


def test_a_part_that_came_to_light_before_does_not_stop_the_job_again() -> None:
    stopped = Switched(key=0, new=Level.ASSISTANCE, moment=BEGIN, thrown_back=1, draw=1)
    events: list[Event] = [stopped, up(0, Level.PARTIAL), line(1, OK, NG, drawn=Drawn.AUDIT_RISK)]
    assert steps(events, Level.PARTIAL) == []
    assert steps(events[1:], Level.PARTIAL) == [("lowered", Level.ASSISTANCE)]


def test_a_proposal_of_another_epoch_does_not_stand_in_the_way() -> None:
    events = [*agreed(range(1, 61)), *agreed(range(61, 200), epoch=2)]
    assert [step.key for step in replay(events, start=Level.SHADOW)] == [50, 110]


def test_evidence_of_an_epoch_that_is_not_in_force_proposes_and_lowers_nothing() -> None:
    assert steps(agreed(range(1, 200), in_force=False)) == []
    assert steps(escapes(range(1, 60), in_force=False), Level.PARTIAL) == []


def test_the_same_entry_twice_changes_nothing() -> None:
    twice = [one for entry in agreed(range(1, 120)) for one in (entry, replace(entry, key=entry.key))]
    assert replay(twice, start=Level.SHADOW) == replay(agreed(range(1, 120)), start=Level.SHADOW)
    once = escapes(range(1, 5))
    assert steps([*once, *once, *once], Level.PARTIAL) == steps(once, Level.PARTIAL) == []


def test_errors_that_are_settled_late_count_from_the_beginning() -> None:
    """Sixty agreements and fifteen differences, settled for the AI only in the end: that is when it is proven."""
    differences = [line(key, OK, None) for key in range(1, 16)]
    settled = [replace(line(key, OK, OK), key=key + 100) for key in range(1, 16)]
    found = replay([*differences, *agreed(range(16, 76)), *settled], start=Level.SHADOW)
    assert [step.what for step in found] == ["proposed"]
    assert found[0].key > 100


def test_escapes_lower_one_level_and_counting_begins_anew() -> None:
    events = escapes(range(1, 30))
    at_work = Replay(start=Level.PARTIAL)
    while not at_work.steps:
        at_work.count(events.pop(0))
    assert at_work.steps == [Step(events[0].key - 1, "lowered", Level.ASSISTANCE)]
    assert at_work.tallies(1) == {}


def test_a_critical_escape_stops_the_ai_at_once() -> None:
    events = [line(1, OK, NG, drawn=Drawn.AUDIT_RISK)]
    assert steps(events, Level.FULL) == [("lowered", Level.ASSISTANCE)]


def test_the_third_demotion_ends_in_shadow_and_nothing_is_proposed_after_it() -> None:
    events: list[Event] = []
    for turn in range(3):
        events += [up(100 * turn, Level.PARTIAL), line(100 * turn + 1, OK, NG, drawn=Drawn.AUDIT_RISK)]
    events += agreed(range(1_000, 2_000), moment=BEGIN + timedelta(days=9))
    lands = [Level.ASSISTANCE, Level.ASSISTANCE, Level.SHADOW]
    assert steps(events, Level.PARTIAL) == [("lowered", level) for level in lands]


@pytest.mark.parametrize(("days", "parts", "again"), [(2, 499, False), (2, 500, True), (0, 1_000, False)])
def test_after_a_demotion_a_day_and_five_hundred_blind_parts_have_to_pass(days: int, parts: int, again: bool) -> None:
    down = line(1, OK, NG, drawn=Drawn.AUDIT_RISK)
    late = down.moment + (COOL_TIME if days else timedelta())
    events = agreed(range(2, parts + 2), drawn=Drawn.BLIND, moment=late)
    assert (
        steps([down, *events], Level.PARTIAL) == [("lowered", Level.ASSISTANCE)] + [("proposed", Level.PARTIAL)] * again
    )


def test_what_is_taken_back_and_answered_again_cools_nothing_down_twice() -> None:
    down = line(1, OK, NG, drawn=Drawn.AUDIT_RISK)
    late = down.moment + COOL_TIME
    one = line(2, drawn=Drawn.BLIND, moment=late)
    back = replace(one, row=replace(one.row, left_out=True))
    events = [down, *[one, back] * 600, *agreed(range(3, 300), drawn=Drawn.BLIND, moment=late)]
    assert steps(events, Level.PARTIAL) == [("lowered", Level.ASSISTANCE)]


def test_a_demotion_without_evidence_begins_anew_too() -> None:
    stopped = replace(up(60, Level.SHADOW), thrown_back=1)
    events: list[Event] = [*agreed(range(1, 61)), stopped, *agreed(range(61, 70))]
    at_work = Replay(start=Level.SHADOW)
    for event in events:
        if isinstance(event, Switched):
            at_work.switch(event)
        elif isinstance(event, Line):
            at_work.count(event)
    assert at_work.tallies(1)["ai_error"].n == 9
    assert [step.key for step in at_work.steps] == [50]


def test_a_bar_that_is_stricter_is_asked_of_the_entries_after_it() -> None:
    strict = BARS.changed({"items": 100})
    assert [step.key for step in replay(agreed(range(1, 200), bars=strict), start=Level.SHADOW)] == [100]


def ready_for_full() -> list[Event]:
    """Blind parts and audits that prove the last step, a month after the job came to partial automation."""
    bars = BARS.changed({"overkill": 0.3, "miss_full": 0.3, "critical": 0.3, "days_in_partial": 1})
    more: dict[str, Any] = {"bars": bars, "moment": BEGIN + timedelta(days=30)}
    return [
        *agreed(range(1, 100), drawn=Drawn.BLIND, **more),
        *(line(key, drawn=Drawn.AUDIT_RANDOM, probability=0.08, **more) for key in range(100, 200)),
    ]


def last_step(*meanwhile: Event) -> list[tuple[str, Level]]:
    found = replay([*meanwhile, *ready_for_full()], start=Level.PARTIAL, since=BEGIN)
    return [(step.what, step.level) for step in found]


def test_the_last_step_waits_for_reports_to_be_closed() -> None:
    opened, closed = Meanwhile(key=0, incidents=1), Meanwhile(key=0, incidents=-1)
    assert last_step(opened) == []
    assert last_step(opened, closed) == last_step() == [("proposed", Level.FULL)]


def test_the_last_step_waits_for_the_days_since_the_job_was_made() -> None:
    assert steps(ready_for_full(), Level.PARTIAL) == []


def test_what_is_new_in_force_is_audited_for_a_thousand_parts_before_the_last_step() -> None:
    """At 8 % eighty audits stand for a thousand parts; seventy are enough of a proof."""
    new = Meanwhile(key=0, new_in_force=True)
    without, later = (replay([*first, *ready_for_full()], start=Level.PARTIAL, since=BEGIN) for first in ([], [new]))
    assert (without, later) == ([Step(170, "proposed", Level.FULL)], [Step(179, "proposed", Level.FULL)])


def test_a_bar_that_people_themselves_do_not_reach_is_not_proven_until_they_agree_better() -> None:
    apart, alike = Meanwhile(key=0, pairs=100, agree=55), Meanwhile(key=60, pairs=400, agree=400)
    assert replay([apart, *agreed(range(1, 200))], start=Level.SHADOW) == []
    found = replay([apart, *agreed(range(1, 61)), alike, *agreed(range(61, 63))], start=Level.SHADOW)
    assert found == [Step(61, "proposed", Level.ASSISTANCE)]


def test_the_time_that_parts_span_is_that_of_the_clock_in_whatever_order_they_come() -> None:
    """Two shifts take four hours. With captured time the oldest part may be answered last."""
    bars, shifts = BARS.changed({"shifts": 2}), ("early", "late")
    later = [replace(one, moment=one.moment + timedelta(hours=5)) for one in agreed(range(1, 60), bars=bars)]
    events = [replace(one, row=replace(one.row, shift=shifts[one.key % 2])) for one in later]
    last = line(60, NG, NG, bars=bars, moment=BEGIN)
    assert replay(events, start=Level.SHADOW) == []
    assert replay([*events, last], start=Level.SHADOW) == [Step(60, "proposed", Level.ASSISTANCE)]
