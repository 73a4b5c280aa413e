"""Critical defects that people confirm on what the AI had passed, by the roads that no count goes along."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.acts.report_incident import report_incident
from inspection.journey import review
from inspection.models import Incident, Item, Job, Label, LevelChange, Person, Routing
from inspection.policy.replay import replay
from inspection.queries import ledger
from inspection.refused import Refused
from inspection.vocabulary import Cause, Drawn, Level, Look, Verdict
from tests.climbs import climbing_job, epoch_of, part, tally
from tests.factories import Cast, answer, bundle, champion, claim

OK, NG, UNSURE = Verdict
DENT = ("dent",)


@pytest.fixture
def covers(cast: Cast) -> Job:
    """A job in partial automation, with one part that waits and one audit that is through."""
    made = climbing_job(cast, level=Level.PARTIAL)
    audited(made)
    part(made, OK, lot="L0")
    part(made, UNSURE, lot="waits")
    answer(look(made, cast.inspector, Look.AUDIT), OK)
    return made


def audited(made: Job, share: float = 1.0) -> None:
    made.refresh_from_db()
    made.salts = {**made.salts, "blind": "none"}
    made.audit_share, made.blind_share = share, 0.0001
    made.save(update_fields=["salts", "audit_share", "blind_share"])


def passed(made: Job, *, lot: str = "L1") -> Item:
    """A part that the AI passes and nobody looks at."""
    audited(made, 0.0001)
    return part(made, OK, lot=lot)


def look(made: Job, who: Person, wanted: Look) -> review.Held:
    disputed = wanted == Look.ADJUDICATION
    return next(one for one in claim(made, who, hold=9, adjudication=disputed) if one.review.look == wanted)


def opened_again(made: Job, item: Item, cast: Cast, *, labels: tuple[str, ...] = DENT) -> None:
    """By the manager, and both who look at it find the same."""
    reopen_item(item=item, reason="a customer asks", by=cast.manager, now=timezone.now())
    answer(look(made, cast.inspector, Look.REOPENED), NG, labels=labels)
    answer(look(made, cast.inspector2, Look.DISAGREED), NG, labels=labels)


def reported(made: Job, item: Item | None, cast: Cast, *, key: str = "k") -> Incident:
    words = "back from the customer"
    return report_incident(job=made, item=item, words=words, client_key=key, by=cast.inspector, now=timezone.now())


def confirmed(made: Job, item: Item, cast: Cast, *, labels: tuple[str, ...] = DENT, key: str = "k") -> Incident:
    row = reported(made, item, cast, key=key)
    return walk.close_incident(incident=row, answer="it is so", defects=labels, by=cast.manager)


def stops(made: Job) -> list[tuple[str, str | None]]:
    """Where each stop led, and the part that it came to light on."""
    rows = LevelChange.objects.filter(job=made, cause=Cause.CRITICAL).order_by("id").select_related("item")
    return [(row.new, row.item.serial if row.item else None) for row in rows]


def replays(made: Job) -> bool:
    return replay(ledger.events(made), start=Level.PARTIAL) == ledger.taken(made)


def up_again(made: Job, cast: Cast) -> None:
    made.refresh_from_db()
    walk.switch_level(job=made, new=Level.PARTIAL, reason="an advisory gate", by=cast.admin)
    made.refresh_from_db()


def test_a_critical_defect_in_a_part_that_was_opened_again_stops_the_ai(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    reopen_item(item=item, reason="a customer asks", by=cast.manager, now=timezone.now())
    answer(look(covers, cast.inspector, Look.REOPENED), NG, labels=DENT)
    assert stops(covers) == []
    answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=DENT)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert replays(covers)


def test_it_is_on_record_as_every_other_demotion_is(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    opened_again(covers, item, cast)
    change = LevelChange.objects.get(cause=Cause.CRITICAL)
    assert change.reason == f"a critical defect was let through: dent, on part {item.serial}"
    assert (change.by, change.epoch, change.ledger) == (None, epoch_of(covers), covers.ledger.latest("id").pk)
    assert (epoch_of(covers).demotions, tally(covers, "escape_audit"), change.rerouted) == (1, (0, 0), 1)
    assert Item.objects.get(lot="waits").level == Level.ASSISTANCE


def test_a_report_that_is_confirmed_stops_the_ai(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    closed = confirmed(covers, item, cast)
    assert (closed.answer, closed.defects, closed.closed_by) == ("it is so", ["dent"], cast.manager)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert LevelChange.objects.latest("id").reason.endswith(f"dent, reported on part {item.serial}")
    assert replays(covers)


def test_an_auditor_who_knew_the_ai_proves_nothing_but_stops_it_once_confirmed(covers: Job, cast: Cast) -> None:
    audited(covers)
    item = part(covers, OK, lot="L1")
    held = look(covers, cast.inspector, Look.AUDIT)
    note_exposure(person=cast.inspector, items=[item.pk])
    answer(held, NG, labels=DENT)
    assert (stops(covers), tally(covers, "escape_audit")) == ([], (1, 2))
    answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=DENT)
    assert stops(covers) == [(Level.ASSISTANCE, None)]
    assert replays(covers)


def test_an_adjudicator_who_knew_the_ai_stops_it_as_well(covers: Job, cast: Cast) -> None:
    audited(covers)
    item = part(covers, OK, lot="L1")
    answer(look(covers, cast.inspector, Look.AUDIT), NG, labels=DENT)
    answer(look(covers, cast.inspector2, Look.DISAGREED), OK)
    held = look(covers, cast.manager, Look.ADJUDICATION)
    note_exposure(person=cast.manager, items=[item.pk])
    answer(held, NG, labels=DENT)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]
    assert replays(covers)


def test_an_auditor_who_knew_the_ai_is_asked_after_where_chance_drew_the_part(covers: Job, cast: Cast) -> None:
    """An audit picked by risk proves nothing anyway, and a scratch stops nobody."""
    asked = []
    for drawn in (Drawn.AUDIT_RANDOM, Drawn.AUDIT_RISK):
        audited(covers)
        item = part(covers, OK, lot=drawn)
        Routing.objects.filter(item=item).update(drawn=drawn)
        held = look(covers, cast.inspector, Look.AUDIT)
        note_exposure(person=cast.inspector, items=[item.pk])
        answer(held, NG, labels=("scratch",))
        asked.append(item.reviews.filter(look=Look.DISAGREED).count())
    assert asked == [1, 0]


@pytest.mark.parametrize("first", ["report", "count"])
def test_the_same_part_stops_the_job_once_by_whatever_roads(covers: Job, cast: Cast, first: str) -> None:
    audited(covers)
    item = part(covers, OK, lot="L1")
    answer(look(covers, cast.inspector, Look.AUDIT), NG, labels=DENT)
    roads = {
        "report": lambda: confirmed(covers, item, cast),
        "count": lambda: answer(look(covers, cast.inspector2, Look.DISAGREED), NG, labels=DENT),
    }
    roads.pop(first)()
    assert len(stops(covers)) == 1
    up_again(covers, cast)
    roads.popitem()[1]()
    assert (len(stops(covers)), covers.level) == (1, Level.PARTIAL)
    assert replays(covers)


def test_a_second_report_on_the_same_part_changes_nothing_any_more(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    confirmed(covers, item, cast)
    up_again(covers, cast)
    confirmed(covers, item, cast, key="another")
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]


def test_the_third_part_that_comes_to_light_leads_to_shadow(covers: Job, cast: Cast) -> None:
    for number in range(3):
        confirmed(covers, passed(covers, lot=f"L{number + 1}"), cast, key=str(number))
        covers.refresh_from_db()
        if number < 2:
            up_again(covers, cast)
    assert [level for level, _ in stops(covers)] == [Level.ASSISTANCE, Level.ASSISTANCE, Level.SHADOW]
    assert replays(covers)


def test_the_replay_counts_what_came_to_light_among_the_demotions(covers: Job, cast: Cast) -> None:
    """The third one is the count's own, and it leads to shadow because of the two before."""
    for number in range(2):
        confirmed(covers, passed(covers, lot=f"L{number + 1}"), cast, key=str(number))
        up_again(covers, cast)
    audited(covers)
    part(covers, OK, lot="L3")
    for who, wanted in ((cast.inspector, Look.AUDIT), (cast.inspector2, Look.DISAGREED)):
        answer(look(covers, who, wanted), NG, labels=DENT)
    assert stops(covers)[2] == (Level.SHADOW, None)
    assert replays(covers)


@pytest.mark.parametrize("level", [Level.ASSISTANCE, Level.SHADOW])
def test_where_people_decide_anyway_nothing_is_stopped(covers: Job, cast: Cast, level: Level) -> None:
    item = passed(covers)
    for lower in (Level.ASSISTANCE, Level.SHADOW)[: 1 + (level == Level.SHADOW)]:
        walk.switch_level(job=covers, new=lower, reason="stop", by=cast.manager)
    confirmed(covers, item, cast)
    opened_again(covers, item, cast)
    covers.refresh_from_db()
    assert (stops(covers), covers.level) == ([], level)


def test_a_class_that_is_not_critical_any_more_stops_nothing(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    row = reported(covers, item, cast)
    Label.objects.filter(code="dent").update(critical=False)
    walk.close_incident(incident=row, answer="it is so", defects=DENT, by=cast.manager)
    opened_again(covers, item, cast)
    assert stops(covers) == []


def test_a_class_that_was_dropped_stops_nothing(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    Label.objects.filter(code="dent").update(effective_to=timezone.now())
    opened_again(covers, item, cast)
    assert stops(covers) == []


def test_another_defect_stops_nothing(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    confirmed(covers, item, cast, labels=("scratch",))
    opened_again(covers, item, cast, labels=("scratch",))
    assert stops(covers) == []


def test_what_a_model_passed_that_has_gone_does_not_stop_the_one_that_came(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    champion(covers, bundle(covers, score=0.3))
    confirmed(covers, item, cast)
    assert stops(covers) == []


def test_what_the_thresholds_in_force_would_not_pass_any_more_stops_nothing(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    walk.change_job(job=covers, by=cast.manager, policy={"accept_at": 0.01})
    confirmed(covers, item, cast)
    assert stops(covers) == []


def test_thresholds_that_would_pass_it_again_stop_the_ai(covers: Job, cast: Cast) -> None:
    item = passed(covers)
    walk.change_job(job=covers, by=cast.manager, policy={"accept_at": 0.3})
    confirmed(covers, item, cast)
    assert stops(covers) == [(Level.ASSISTANCE, item.serial)]


def test_a_part_that_a_person_decided_says_nothing_of_what_the_ai_passes(covers: Job, cast: Cast) -> None:
    """Not even where the AI would have passed it: it was drawn for the blind share."""
    Job.objects.update(blind_share=1.0)
    item = part(Job.objects.get(), OK, lot="L1")
    answer(next(one for one in claim(covers, cast.inspector, hold=9) if one.review.item == item), OK)
    confirmed(covers, item, cast)
    assert stops(covers) == []


@pytest.mark.parametrize(("said", "stopped"), [((OK, NG), 1), ((OK, OK), 0), ((UNSURE, UNSURE), 0)])
def test_only_what_is_confirmed_stops_the_ai(covers: Job, cast: Cast, said: tuple[Verdict, ...], stopped: int) -> None:
    item = passed(covers)
    reopen_item(item=item, reason="a customer asks", by=cast.admin, now=timezone.now())
    answer(look(covers, cast.inspector, Look.REOPENED), NG, labels=DENT)
    second, third = said
    answer(look(covers, cast.inspector2, Look.DISAGREED), second, labels=DENT if second == NG else ())
    answer(look(covers, cast.manager, Look.ADJUDICATION), third, labels=DENT if third == NG else ())
    assert len(stops(covers)) == stopped


def test_defects_are_confirmed_on_a_part_of_the_job_alone(covers: Job, cast: Cast) -> None:
    for item, labels, code in ((None, DENT, "no_part"), (passed(covers), ("rust",), "unknown_label")):
        row = reported(covers, item, cast, key=code)
        with pytest.raises(Refused) as no:
            walk.close_incident(incident=row, answer="it is so", defects=labels, by=cast.manager)
        row.refresh_from_db()
        assert (no.value.code, row.closed_at) == (code, None)
