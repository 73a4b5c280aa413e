"""A part that was opened again: what is said of it then may speak against the AI, and never for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from inspection.acts.add_member import add_member
from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.models import Evidence, Exposure, Item, Job, LedgerEntry, Person
from inspection.policy.replay import replay
from inspection.queries import ledger
from inspection.vocabulary import DecidedBy, Level, Look, MemberRole, State, Verdict
from tests.climbs import climbing_job, part, tally
from tests.factories import Cast, answer, claim_one, let_stand, person, undo
from tests.walk.test_come_to_light import look
from tests.walk.test_drawn_parts import open_looks, scratched

OK, NG, UNSURE = Verdict


@pytest.fixture
def shadow(cast: Cast) -> Job:
    """With two more inspectors, who have judged nothing yet."""
    made = climbing_job(cast)
    for name in ("third", "fourth", "fifth"):
        add_member(job=made, username=person(name).username, role=MemberRole.INSPECTOR)
    return made


def named(name: str) -> Person:
    return Person.objects.get(username=name)


def wrong(made: Job, cast: Cast, opinion: Verdict = OK) -> Item:
    """A part on which the AI was wrong, as two people found."""
    item = part(made, opinion, lot="L1")
    truth = NG if opinion == OK else OK
    for who in (cast.inspector, cast.inspector2):
        answer(claim_one(made, who), truth, labels=scratched(truth))
    assert tally(made, "ai_error") == (1, 1)
    return item


def opened(item: Item, cast: Cast) -> None:
    let_stand()
    reopen_item(item=item, reason="hm", by=cast.manager, now=timezone.now())


def always_checked(made: Job) -> None:
    Job.objects.update(recheck_share=1.0)
    made.refresh_from_db()


@pytest.mark.parametrize("opinion", [OK, NG])
def test_one_who_is_unsure_and_one_who_agrees_with_the_ai_overrule_nobody(
    shadow: Job, cast: Cast, opinion: Verdict
) -> None:
    item = wrong(shadow, cast, opinion)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), UNSURE)
    answer(look(shadow, named("fourth"), Look.UNSURE), opinion, labels=scratched(opinion))
    item.refresh_from_db()
    assert (item.state, open_looks(shadow)) == (State.HELD, [Look.ADJUDICATION])
    assert tally(shadow, "ai_error") == (1, 1)


def test_who_agrees_with_the_ai_at_once_overrules_nobody_either(shadow: Job, cast: Cast) -> None:
    always_checked(shadow)
    item = wrong(shadow, cast)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), OK)
    item.refresh_from_db()
    assert (item.state, open_looks(shadow)) == (State.DECIDED, [Look.ADJUDICATION])
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((1, 1), NG)


@pytest.mark.parametrize("verdict", [OK, UNSURE])
def test_the_adjudicator_decides_the_part_and_the_evidence_stays(shadow: Job, cast: Cast, verdict: Verdict) -> None:
    """The manager who opens a part may well be the one who settles it."""
    item = wrong(shadow, cast)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), UNSURE)
    answer(look(shadow, named("fourth"), Look.UNSURE), OK)
    answer(claim_one(shadow, cast.manager, adjudication=True), verdict)
    item.refresh_from_db()
    assert item.decision is not None
    assert (item.decision.verdict, item.decision.by) == (verdict, DecidedBy.ADJUDICATOR)
    row = Evidence.objects.get()
    assert (row.reference, row.labels, tally(shadow, "ai_error"), tally(shadow, "unsettled")) == (
        *(NG, ["scratch"]),
        *((1, 1), (0, 1)),
    )
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_opened_twice_it_is_no_better_for_the_ai(shadow: Job, cast: Cast) -> None:
    item = wrong(shadow, cast)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), OK)
    answer(claim_one(shadow, cast.manager, adjudication=True), OK)
    always_checked(shadow)
    opened(item, cast)
    answer(look(shadow, named("fourth"), Look.REOPENED), OK)
    answer(claim_one(shadow, cast.admin, adjudication=True), OK)
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((1, 1), NG)


def test_two_people_who_find_the_ai_wrong_after_all_are_counted(shadow: Job, cast: Cast) -> None:
    item = part(shadow, OK, lot="L1")
    answer(claim_one(shadow, cast.inspector), OK)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), NG, labels=("scratch",))
    answer(look(shadow, named("fourth"), Look.DISAGREED), NG, labels=("scratch",))
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((1, 1), NG)
    assert list(LedgerEntry.objects.order_by("id").values_list("reference", flat=True)) == [OK, NG]


def test_a_dispute_that_ends_as_before_leaves_the_evidence_as_before(shadow: Job, cast: Cast) -> None:
    item = part(shadow, OK, lot="L1")
    answer(claim_one(shadow, cast.inspector), OK)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), NG, labels=("scratch",))
    answer(look(shadow, named("fourth"), Look.DISAGREED), OK)
    assert tally(shadow, "ai_error") == (1, 1), "a part in dispute proves nothing"
    answer(claim_one(shadow, cast.manager, adjudication=True), OK)
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((0, 1), OK)


def test_what_was_never_settled_is_not_settled_for_the_ai_by_opening_it(shadow: Job, cast: Cast) -> None:
    """An adjudicator who knew the AI's opinion had agreed with it, and that proves nothing."""
    item = part(shadow, OK, lot="L1")
    answer(claim_one(shadow, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(shadow, cast.inspector2), OK)
    held = claim_one(shadow, cast.manager, adjudication=True)
    note_exposure(person=cast.manager, items=[item.pk])
    answer(held, OK)
    always_checked(shadow)
    Exposure.objects.update(at=F("at") - timedelta(days=1))
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), OK)
    answer(look(shadow, named("fourth"), Look.RECHECK), OK)
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((1, 1), "")


def test_an_answer_that_is_taken_back_leaves_everything_as_it_was(shadow: Job, cast: Cast) -> None:
    item = wrong(shadow, cast)
    opened(item, cast)
    answer(look(shadow, named("third"), Look.REOPENED), UNSURE)
    undo(answer(look(shadow, named("fourth"), Look.UNSURE), OK))
    assert tally(shadow, "ai_error") == (1, 1)
    answer(look(shadow, named("fourth"), Look.UNSURE), NG, labels=("scratch",))
    answer(claim_one(shadow, cast.manager, adjudication=True), NG, labels=("scratch",))
    assert (tally(shadow, "ai_error"), Evidence.objects.get().reference) == ((1, 1), NG)
