"""A part that chance drew stays in the count, whatever people do with it before or after they answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.note_exposure import note_exposure
from inspection.journey import review
from inspection.models import Evidence, Item, Job, Review
from inspection.policy.replay import replay
from inspection.queries import ledger
from inspection.vocabulary import Drawn, HintMode, Level, Look, Reason, ReviewState, Settled, Verdict
from tests.climbs import climbing_job, epoch_of, part, tally
from tests.factories import Cast, answer, claim_one
from tests.walk.test_come_to_light import audited, look

OK, NG, UNSURE = Verdict


@pytest.fixture
def shadow(cast: Cast) -> Job:
    return climbing_job(cast)


@pytest.fixture
def partial(cast: Cast) -> Job:
    """A job whose every decision of the AI is audited."""
    made = climbing_job(cast, level=Level.PARTIAL)
    audited(made)
    return made


def scratched(verdict: Verdict) -> tuple[str, ...]:
    return ("scratch",) if verdict == NG else ()


def looked_up(made: Job, cast: Cast, held: review.Held, verdict: Verdict) -> None:
    """The manager reads what the AI said of a part in hand, and answers then."""
    note_exposure(person=cast.manager, items=[held.review.item_id])
    answer(held, verdict, labels=scratched(verdict))


def open_looks(made: Job) -> list[str]:
    return list(Review.objects.filter(job=made, state=ReviewState.OPEN).values_list("look", flat=True))


def test_whoever_looks_first_and_answers_where_the_ai_is_wrong_takes_no_error_away(shadow: Job, cast: Cast) -> None:
    items = [part(shadow, OK, lot=f"L{number}") for number in range(4)]
    for held in review.claim(job=shadow, person=cast.manager, hold=4, now=timezone.now()):
        note_exposure(person=cast.manager, items=[held.review.item_id])
        if held.review.item_id in {items[1].pk, items[3].pk}:
            answer(held, NG, labels=("scratch",))
        else:
            review.give_back(review=held.review, person=cast.manager, lease=held.hand_out.lease, now=timezone.now())
    for _ in range(2):
        answer(look(shadow, cast.inspector, Look.FIRST), OK)
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((2, 4), (2, 2))
    assert open_looks(shadow) == [Look.DISAGREED, Look.DISAGREED]


@pytest.mark.parametrize("opinion", [OK, NG, UNSURE])
@pytest.mark.parametrize("verdict", [OK, NG, UNSURE])
def test_another_person_is_asked_whatever_was_answered(
    shadow: Job, cast: Cast, opinion: Verdict, verdict: Verdict
) -> None:
    part(shadow, opinion, lot="L1")
    looked_up(shadow, cast, claim_one(shadow, cast.manager), verdict)
    assert (len(open_looks(shadow)), tally(shadow, "ai_error")) == (1, (1, 1))


@pytest.mark.parametrize(("opinion", "counts"), [(OK, (0, 1)), (NG, (1, 1))])
def test_a_blind_second_look_settles_what_somebody_who_knew_the_ai_answered(
    shadow: Job, cast: Cast, opinion: Verdict, counts: tuple[int, int]
) -> None:
    part(shadow, opinion, lot="L1")
    looked_up(shadow, cast, claim_one(shadow, cast.manager), OK)
    answer(claim_one(shadow, cast.inspector), OK)
    row = Evidence.objects.get()
    assert (row.hint_shown, row.reference, row.settled_by) == (True, OK, Settled.SECOND_LOOK)
    assert tally(shadow, "ai_error") == counts


def test_a_blind_person_who_differs_from_one_who_knew_the_ai_is_not_overruled(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    looked_up(shadow, cast, claim_one(shadow, cast.manager), OK)
    answer(claim_one(shadow, cast.inspector), NG, labels=("scratch",))
    assert (open_looks(shadow), tally(shadow, "ai_error")) == ([Look.ADJUDICATION], (1, 1))
    answer(claim_one(shadow, cast.admin, adjudication=True), NG, labels=("scratch",))
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((1, 1), (1, 1))


def test_a_second_person_who_knew_the_ai_settles_nothing(shadow: Job, cast: Cast) -> None:
    item = part(shadow, OK, lot="L1")
    looked_up(shadow, cast, claim_one(shadow, cast.manager), OK)
    note_exposure(person=cast.inspector, items=[item.pk])
    held = look(shadow, cast.inspector2, Look.DISAGREED)
    note_exposure(person=cast.inspector2, items=[item.pk])
    answer(held, OK)
    assert (Evidence.objects.get().reference, tally(shadow, "ai_error")) == ("", (1, 1))


def test_such_an_answer_is_nobodys_work(shadow: Job, cast: Cast) -> None:
    """One blind inspector and a manager who looks first are not two inspectors."""
    part(shadow, OK, lot="L1")
    answer(claim_one(shadow, cast.inspector), OK)
    part(shadow, OK, lot="L2")
    looked_up(shadow, cast, claim_one(shadow, cast.manager), OK)
    spread = epoch_of(shadow).tallies["ai_error"]["spread"]["person"]
    assert {who: n for who, n in spread.items() if who} == {str(cast.inspector.pk): 1}


def test_audits_answered_with_the_ai_in_view_stop_it_once_another_person_agrees(partial: Job, cast: Cast) -> None:
    for number in range(60):
        item = part(partial, OK, lot=f"L{number}")
        looked_up(partial, cast, look(partial, cast.manager, Look.AUDIT), NG)
        assert Evidence.objects.get(item=item).reference == ""
        partial.refresh_from_db()
        if partial.level == Level.PARTIAL:
            answer(look(partial, cast.inspector, Look.DISAGREED), NG, labels=("scratch",))
        partial.refresh_from_db()
        if partial.level != Level.PARTIAL:
            break
    assert partial.level == Level.ASSISTANCE
    assert replay(ledger.events(partial), start=Level.PARTIAL) == ledger.taken(partial)


def test_an_audit_answered_with_the_ai_in_view_counts_as_an_escape_and_for_no_detector(
    partial: Job, cast: Cast
) -> None:
    part(partial, OK, lot="L1")
    looked_up(partial, cast, look(partial, cast.manager, Look.AUDIT), NG)
    assert (tally(partial, "escape_audit"), epoch_of(partial).detectors) == ((1, 1), {})
    answer(look(partial, cast.inspector, Look.DISAGREED), NG, labels=("scratch",))
    assert (tally(partial, "escape_audit"), bool(epoch_of(partial).detectors)) == ((1, 1), True)


def test_a_hint_that_was_seen_before_the_part_was_drawn_anew_leaves_it_in_the_count(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=0.0, hint_mode=HintMode.CONCURRENT)
    made.refresh_from_db()
    part(made, OK, lot="L1")
    held = claim_one(made, cast.inspector)
    assert held.hand_out.shown is not None
    walk.switch_level(job=made, new=Level.SHADOW, reason="a trial", by=cast.manager)
    answer(held, OK)
    assert (tally(made, "ai_error"), open_looks(made)) == ((1, 1), [Look.DISAGREED])
    answer(claim_one(made, cast.inspector2), OK)
    assert tally(made, "ai_error") == (0, 1)


def test_what_is_no_evidence_anyway_asks_nobody_again(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=0.0)
    made.refresh_from_db()
    item: Item = part(made, OK, lot="L1")
    looked_up(made, cast, claim_one(made, cast.manager), NG)
    assert Evidence.objects.get(item=item).drawn == Drawn.ASSISTED
    assert (open_looks(made), epoch_of(made).tallies) == ([], {})


def there_and_back(made: Job, cast: Cast, *, over: Level = Level.HUMAN_ONLY) -> None:
    """A switch down and up again, for maintenance as they say."""
    level = Level(made.level)
    walk.switch_level(job=made, new=over, reason="maintenance", by=cast.manager)
    made.refresh_from_db()
    walk.switch_level(job=made, new=level, reason="done", by=cast.admin)
    made.refresh_from_db()


@pytest.mark.parametrize("held", [False, True])
def test_a_switch_down_and_up_takes_no_waiting_part_out_of_the_count(shadow: Job, cast: Cast, held: bool) -> None:
    part(shadow, OK, lot="L1")
    mine = claim_one(shadow, cast.inspector) if held else None
    there_and_back(shadow, cast)
    answer(mine or claim_one(shadow, cast.inspector), NG, labels=("scratch",))
    row = Evidence.objects.get()
    assert (row.drawn, row.probability, row.hint_shown) == (Drawn.SHADOW, 1.0, False)
    assert (tally(shadow, "ai_error"), open_looks(shadow)) == ((1, 1), [Look.DISAGREED])


def test_what_is_answered_while_people_decide_alone_counts_if_chance_had_drawn_it(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    walk.switch_level(job=shadow, new=Level.HUMAN_ONLY, reason="maintenance", by=cast.manager)
    answer(claim_one(shadow, cast.inspector), OK)
    assert tally(shadow, "ai_error") == (0, 1)
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_a_blind_part_stays_blind_though_its_share_is_nothing_after_a_step_down(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.PARTIAL)
    Job.objects.update(blind_share=1.0)
    made.refresh_from_db()
    part(made, OK, lot="L1")
    Job.objects.update(blind_share=0.0)
    walk.switch_level(job=made, new=Level.ASSISTANCE, reason="a trial", by=cast.manager)
    held = claim_one(made, cast.inspector)
    assert (held.review.routing.drawn, held.review.routing.reason) == (Drawn.BLIND, Reason.BLIND)
    assert (held.review.routing.hint, held.hand_out.shown) == (HintMode.NONE, None)
    answer(held, NG, labels=("scratch",))
    assert (tally(made, "escape_blind"), tally(made, "miss_blind")) == ((1, 1), (1, 1))


def swept(made: Job, *, after: timedelta) -> int:
    """How many rows stand once a sweeper has come by."""
    walk.sweep(timezone.now() + after)
    return Evidence.objects.filter(job=made, undone=False).count()


def let_go(held: review.Held, how: str) -> None:
    out: dict[str, Any] = {
        "review": held.review,
        "person": held.hand_out.person,
        "lease": held.hand_out.lease,
        "now": timezone.now(),
    }
    if how == "skipped":
        review.skip(**out, reason="blurred")
    elif how == "escalated":
        review.escalate(**out, reason="blurred")
    elif how == "given back":
        review.give_back(**out)


@pytest.mark.parametrize("how", ["skipped", "escalated", "given back", "lapsed"])
def test_a_part_that_somebody_let_go_of_counts_however_long_no_sweeper_came(shadow: Job, cast: Cast, how: str) -> None:
    part(shadow, OK, lot="L1")
    let_go(claim_one(shadow, cast.inspector), how)
    assert swept(shadow, after=timedelta(days=30)) == 1
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((1, 1), (1, 1))
    assert walk.sweep(timezone.now() + timedelta(days=31))["lost"] == 0


def test_whoever_held_it_until_it_lapsed_may_still_answer(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    held = claim_one(shadow, cast.inspector)
    swept(shadow, after=timedelta(hours=1))
    answer(held, OK)
    assert (tally(shadow, "ai_error"), Evidence.objects.filter(undone=False).count()) == ((0, 1), 1)
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_a_part_in_hand_is_nowhere_yet(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    claim_one(shadow, cast.inspector)
    assert swept(shadow, after=timedelta(seconds=1)) == 0


def test_a_part_that_is_given_back_waits_an_hour_for_the_next_person(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    let_go(claim_one(shadow, cast.inspector), "given back")
    assert swept(shadow, after=timedelta(minutes=59)) == 0
    held = claim_one(shadow, cast.inspector2)
    review.renew(person=cast.inspector2, now=timezone.now() + timedelta(hours=2))
    assert swept(shadow, after=timedelta(hours=2)) == 0, "somebody has it in hand"
    let_go(held, "given back")
    assert swept(shadow, after=timedelta(hours=2)) == 1
    answer(claim_one(shadow, cast.inspector), OK)
    assert tally(shadow, "ai_error") == (0, 1)


def test_a_part_that_nobody_was_handed_is_nowhere_yet(shadow: Job) -> None:
    part(shadow, OK, lot="L1")
    assert swept(shadow, after=timedelta(days=30)) == 0


def test_a_lost_part_is_noted_at_the_moment_it_was_let_go_of(shadow: Job, cast: Cast) -> None:
    part(shadow, OK, lot="L1")
    held = claim_one(shadow, cast.inspector)
    swept(shadow, after=timedelta(days=30))
    held.review.refresh_from_db()
    assert Evidence.objects.get().at == held.review.lease_until
