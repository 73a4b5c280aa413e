"""Two people reject one part and name different defects: what is believed, counted, stopped for and replayed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_known_part import add_known_part
from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.models import Evidence, Item, Job, LedgerEntry, Person
from inspection.vocabulary import Level, Look, MemberRole, Verdict
from tests.climbs import climbing_job, part, tally
from tests.factories import Cast, answer, let_stand, person, undo
from tests.walk.test_come_to_light import audited, confirmed, look, opened_again, passed, replays, stops, up_again

OK, NG, UNSURE = Verdict
DENT, SCRATCH, NONE = ("dent",), ("scratch",), ()
"""A dent is critical."""
ORDERS = [(DENT, SCRATCH), (SCRATCH, DENT)]


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast, level=Level.PARTIAL)


def audit(made: Job, *, lot: str = "L1") -> Item:
    """A part that the AI passes and that is looked at again."""
    audited(made)
    return part(made, OK, lot=lot)


def rejected(made: Job, cast: Cast, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    """By an inspector and, in the second look, by another one."""
    answer(look(made, cast.inspector, Look.AUDIT), NG, labels=first)
    answer(look(made, cast.inspector2, Look.DISAGREED), NG, labels=second)


def disputed(made: Job, cast: Cast) -> None:
    answer(look(made, cast.inspector, Look.AUDIT), NG, labels=DENT)
    answer(look(made, cast.inspector2, Look.DISAGREED), OK)


def of_reference(item: Item) -> list[str]:
    return list(Evidence.objects.get(item=item, undone=False).labels)


@pytest.mark.parametrize(("first", "second"), [*ORDERS, (DENT, NONE), (NONE, DENT)])
def test_a_critical_defect_that_only_one_of_two_named_stops_the_ai(
    covers: Job, cast: Cast, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    audit(covers)
    rejected(covers, cast, first, second)
    assert stops(covers) == [(Level.ASSISTANCE, None)]
    assert replays(covers)


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_what_is_believed_stands_on_the_evidence_and_in_the_ledger(
    covers: Job, cast: Cast, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    item = audit(covers)
    rejected(covers, cast, first, second)
    assert of_reference(item) == ["dent", "scratch"]
    assert list(LedgerEntry.objects.order_by("id").values_list("labels", flat=True)) == [[], ["dent", "scratch"]]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_a_critical_class_counts_as_missed_whoever_named_it(
    cast: Cast, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=1.0)
    made.refresh_from_db()
    part(made, OK, lot="L1")
    answer(look(made, cast.inspector, Look.FIRST), NG, labels=first)
    answer(look(made, cast.inspector2, Look.DISAGREED), NG, labels=second)
    assert (tally(made, "miss_blind:dent"), tally(made, "miss_blind")) == ((1, 1), (1, 1))


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_an_agreement_that_is_looked_at_again_keeps_what_was_named_first(
    cast: Cast, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=1.0, recheck_share=1.0)
    made.refresh_from_db()
    item = part(made, NG, lot="L1")
    answer(look(made, cast.inspector, Look.FIRST), NG, labels=first)
    answer(look(made, cast.inspector2, Look.RECHECK), NG, labels=second)
    assert (of_reference(item), tally(made, "miss_blind:dent")) == (["dent", "scratch"], (0, 1))


@pytest.mark.parametrize(("labels", "stopped"), [(SCRATCH, 0), (NONE, 1), (DENT, 1)])
def test_the_adjudicator_who_names_the_defects_is_believed(
    covers: Job, cast: Cast, labels: tuple[str, ...], stopped: int
) -> None:
    item = audit(covers)
    disputed(covers, cast)
    answer(look(covers, cast.manager, Look.ADJUDICATION), NG, labels=labels)
    assert (of_reference(item), len(stops(covers))) == (list(labels or DENT), stopped)
    assert replays(covers)


def test_an_adjudicator_who_knew_the_ai_talks_nobody_out_of_a_critical_defect(covers: Job, cast: Cast) -> None:
    item = audit(covers)
    disputed(covers, cast)
    held = look(covers, cast.manager, Look.ADJUDICATION)
    note_exposure(person=cast.manager, items=[item.pk])
    answer(held, NG, labels=SCRATCH)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert replays(covers)


@pytest.mark.parametrize("verdict", [OK, UNSURE])
def test_what_no_reference_calls_bad_stops_nothing(covers: Job, cast: Cast, verdict: Verdict) -> None:
    audit(covers)
    disputed(covers, cast)
    answer(look(covers, cast.manager, Look.ADJUDICATION), verdict)
    assert stops(covers) == []


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_a_part_that_was_opened_again_stops_the_ai_whoever_named_it(
    covers: Job, cast: Cast, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    item = passed(covers)
    reopen_item(item=item, reason="a customer asks", by=cast.manager, now=timezone.now())
    answer(look(covers, cast.inspector, Look.REOPENED), NG, labels=first)
    answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=second)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert replays(covers)


def test_what_was_named_before_a_part_was_opened_again_is_not_forgotten(covers: Job, cast: Cast) -> None:
    """The dent was outvoted then; that the part is bad after all says that it may have been there."""
    item = audit(covers)
    disputed(covers, cast)
    answer(look(covers, cast.manager, Look.ADJUDICATION), OK)
    add_member(job=covers, username=person("third").username, role=MemberRole.INSPECTOR)
    reopen_item(item=item, reason="a customer asks", by=cast.manager, now=timezone.now())
    answer(look(covers, cast.admin, Look.REOPENED), NG, labels=SCRATCH)
    assert stops(covers) == []
    answer(look(covers, Person.objects.get(username="third"), Look.DISAGREED), NG, labels=SCRATCH)
    assert len(stops(covers)) == 1
    assert replays(covers)


def test_a_dent_named_by_somebody_who_knew_the_ai_counts_once_the_part_is_bad(covers: Job, cast: Cast) -> None:
    item = audit(covers)
    held = look(covers, cast.inspector, Look.AUDIT)
    note_exposure(person=cast.inspector, items=[item.pk])
    answer(held, NG, labels=DENT)
    answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=SCRATCH)
    assert stops(covers) == [(Level.ASSISTANCE, None)]
    assert replays(covers)


@pytest.mark.parametrize("report_first", [True, False])
def test_a_report_confirms_the_part_and_an_inspector_had_named_the_dent(
    covers: Job, cast: Cast, report_first: bool
) -> None:
    item = audit(covers)
    held = look(covers, cast.inspector, Look.AUDIT)
    roads = [
        lambda: confirmed(covers, item, cast, labels=SCRATCH),
        lambda: answer(held, NG, labels=DENT),
    ]
    first, second = roads if report_first else reversed(roads)
    first()
    assert stops(covers) == []
    second()
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert replays(covers)


def test_a_report_that_names_no_defect_confirms_nothing(covers: Job, cast: Cast) -> None:
    item = audit(covers)
    answer(look(covers, cast.inspector, Look.AUDIT), NG, labels=DENT)
    confirmed(covers, item, cast, labels=NONE)
    assert stops(covers) == []


def known_of_old(made: Job, cast: Cast) -> Item:
    """A part whose dent was confirmed while people decided alone, before an admin let the AI decide again."""
    item = passed(made)
    walk.switch_level(job=made, new=Level.ASSISTANCE, reason="a trial", by=cast.manager)
    confirmed(made, item, cast)
    opened_again(made, item, cast)
    up_again(made, cast)
    return item


def test_a_report_that_confirms_nothing_stops_nothing_of_old(covers: Job, cast: Cast) -> None:
    item = known_of_old(covers, cast)
    confirmed(covers, item, cast, labels=NONE, key="another")
    assert stops(covers) == []
    confirmed(covers, item, cast, labels=SCRATCH, key="a third")
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]


def test_a_known_part_stops_nothing_when_it_is_sent_round(covers: Job, cast: Cast) -> None:
    """It measures a person; the AI may not have seen it for a year."""
    item = known_of_old(covers, cast)
    passed(covers, lot="worn")
    let_stand()
    add_known_part(item=item, by=cast.manager, vouched=True, now=timezone.now())
    audit(covers)
    Job.objects.update(seed_share=1.0)
    held = look(covers, cast.admin, Look.SEEDED)
    assert held.review.item == item
    answer(held, NG, labels=DENT)
    assert stops(covers) == []


def test_what_was_taken_back_is_not_believed(covers: Job, cast: Cast) -> None:
    item = audit(covers)
    held = look(covers, cast.inspector, Look.AUDIT)
    undo(answer(held, NG, labels=DENT))
    answer(look(covers, cast.inspector, Look.AUDIT), NG, labels=SCRATCH)
    answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=SCRATCH)
    assert (of_reference(item), stops(covers)) == (["scratch"], [])


def test_a_second_look_that_was_taken_back_leaves_what_the_first_one_named(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=1.0, recheck_share=1.0)
    made.refresh_from_db()
    item = part(made, NG, lot="L1")
    answer(look(made, cast.inspector, Look.FIRST), NG, labels=SCRATCH)
    undo(answer(look(made, cast.inspector2, Look.RECHECK), NG, labels=DENT))
    assert (of_reference(item), tally(made, "miss_blind:dent")) == (["scratch"], (0, 0))


def test_two_scratches_stop_nothing(covers: Job, cast: Cast) -> None:
    audit(covers)
    rejected(covers, cast, SCRATCH, SCRATCH)
    opened_again(covers, passed(covers, lot="L2"), cast, labels=SCRATCH)
    assert stops(covers) == []
