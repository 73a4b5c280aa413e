"""Answers of people who knew what the AI had said, or found it out: they prove nothing, and hold nothing up."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.journey import review
from inspection.models import Evidence, Exposure, Item, Job, Membership, Person
from inspection.policy.replay import replay
from inspection.queries import ledger
from inspection.vocabulary import Level, Look, MemberRole, State, Verdict
from tests.climbs import climbing_job, part, say, tally
from tests.factories import Cast, answer, claim_one, let_stand, load_dice, person, picture, take_in, undo
from tests.walk.test_drawn_parts import open_looks

OK, NG, UNSURE = Verdict
SCRATCH = ("scratch",)


def left(made: Job, *people: Person) -> None:
    """These people alone stay in the job."""
    Membership.objects.filter(job=made).exclude(person__in=people).delete()


def seen(item: Item, *people: Person) -> None:
    for who in people:
        note_exposure(person=who, items=[item.pk])


def test_a_manager_who_reads_the_count_and_answers_anew_proves_nothing(cast: Cast) -> None:
    """By the errors that had become more one read off what the AI had said; two of eight vanished."""
    covers = climbing_job(cast)
    part(covers, OK, lot="L1")
    given = answer(claim_one(covers, cast.manager), NG, labels=SCRATCH)
    answer(undo(given), OK)
    [row] = Evidence.objects.filter(undone=False)
    assert (row.hint_shown, row.reference, tally(covers, "ai_error")) == (True, "", (1, 1))
    assert open_looks(covers) == [Look.DISAGREED]
    assert replay(ledger.events(covers), start=Level.SHADOW) == ledger.taken(covers)


def test_an_inspector_who_pressed_the_wrong_key_is_believed(cast: Cast) -> None:
    """Whoever stands at the line reads no count."""
    covers = climbing_job(cast)
    part(covers, OK, lot="L1")
    answer(undo(answer(claim_one(covers, cast.inspector), NG, labels=SCRATCH)), OK)
    assert (tally(covers, "ai_error"), open_looks(covers)) == ((0, 1), [])


def test_taking_a_later_answer_back_makes_no_reference_of_one_that_proved_nothing(cast: Cast) -> None:
    covers = climbing_job(cast)
    third = add_member(job=covers, username=person("third").username, role=MemberRole.INSPECTOR).person
    item = part(covers, OK, lot="L1")
    answer(claim_one(covers, cast.inspector), NG, labels=SCRATCH)
    answer(claim_one(covers, cast.inspector2), OK)
    seen(item, cast.manager, cast.admin)
    answer(claim_one(covers, cast.manager, adjudication=True), OK)
    let_stand()
    Exposure.objects.update(at=F("at") - timedelta(hours=1))
    reopen_item(item=item, reason="a customer asks", by=cast.manager, now=timezone.now())
    undo(answer(claim_one(covers, third), OK))
    assert (Evidence.objects.get().reference, tally(covers, "ai_error")) == ("", (1, 1))


def test_a_picture_that_comes_again_is_decided_by_whoever_is_asked(cast: Cast) -> None:
    """Everybody had seen the hint on its twins, and each such part ended on hold."""
    covers = climbing_job(cast, level=Level.ASSISTANCE)
    left(covers, cast.inspector)
    data = picture(77)
    for number in range(2):
        item = take_in(covers, lot=f"L{number}", data=data, serial=f"S{number}")
        load_dice(covers, [item], blind=bool(number))
        say(covers, item, OK)
        seen(item, cast.inspector)
        answer(claim_one(covers, cast.inspector), OK)
    item.refresh_from_db()
    assert (item.state, open_looks(covers)) == (State.DECIDED, [])


def test_two_who_knew_and_find_a_part_good_hold_nothing_up(cast: Cast) -> None:
    covers = climbing_job(cast)
    left(covers, cast.manager, cast.admin)
    item = part(covers, OK, lot="L1")
    seen(item, cast.manager, cast.admin)
    answer(claim_one(covers, cast.manager), OK)
    answer(claim_one(covers, cast.admin), OK)
    item.refresh_from_db()
    assert (item.state, open_looks(covers), tally(covers, "ai_error")) == (State.DECIDED, [], (1, 1))


def test_what_two_who_knew_find_bad_goes_to_an_adjudicator(cast: Cast) -> None:
    """An escape is not lost on people who had looked first."""
    covers = climbing_job(cast)
    item = part(covers, OK, lot="L1")
    seen(item, cast.manager, cast.admin, cast.inspector, cast.inspector2)
    for who in (cast.inspector, cast.inspector2):
        answer(claim_one(covers, who), NG, labels=SCRATCH)
    assert open_looks(covers) == [Look.ADJUDICATION]


def test_a_part_opened_again_in_a_small_team_is_decided_by_whoever_looks(cast: Cast) -> None:
    """It was held for an adjudicator of whom there was none."""
    covers = climbing_job(cast)
    left(covers, cast.inspector, cast.inspector2, cast.manager)
    item = part(covers, NG, lot="L1")
    answer(claim_one(covers, cast.inspector), OK)
    answer(claim_one(covers, cast.inspector2), OK)
    let_stand()
    reopen_item(item=item, reason="hm", by=cast.manager, now=timezone.now())
    answer(claim_one(covers, cast.manager), NG, labels=SCRATCH)
    item.refresh_from_db()
    assert item.decision is not None
    assert (item.state, item.decision.verdict, tally(covers, "ai_error")) == (State.DECIDED, NG, (1, 1))


def test_after_an_adjudicator_who_knew_somebody_else_settles_a_part_that_was_passed_on(cast: Cast) -> None:
    """Looking at the part's page first made it an error of the AI for good."""
    covers = climbing_job(cast)
    item = part(covers, OK, lot="L1")
    held = claim_one(covers, cast.inspector)
    review.escalate(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="hard", now=timezone.now()
    )
    seen(item, cast.manager, cast.admin)
    answer(claim_one(covers, cast.manager, adjudication=True), OK)
    assert (tally(covers, "ai_error"), open_looks(covers)) == ((1, 1), [Look.DISAGREED])
    answer(claim_one(covers, cast.inspector2), OK)
    item.refresh_from_db()
    assert (tally(covers, "ai_error"), item.state, open_looks(covers)) == ((0, 1), State.DECIDED, [])
    assert replay(ledger.events(covers), start=Level.SHADOW) == ledger.taken(covers)
