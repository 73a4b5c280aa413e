"""From the first part to a signed promotion, and down again: counting, proposals, demotions in the real tables."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.sign_proposal import sign_proposal
from inspection.journey import review
from inspection.models import Evidence, Item, Job, LedgerEntry, LevelChange, Person, Proposal, Routing
from inspection.policy.replay import replay
from inspection.queries import epochs, ledger
from inspection.refused import Refused
from inspection.vocabulary import Cause, Gate, Level, Look, ProposalState, State, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, part, parts, proposal_of, tally
from tests.factories import Cast, answer, claim, claim_one, load_dice, undo

OK, NG, UNSURE = Verdict
MIXED = [OK, OK, NG] * 20


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast, gate=Gate.ENFORCED)


def signed(proposal: Proposal, *who: Person) -> Proposal:
    for person in who:
        person.set_password("x")
        person.save()
        sign_proposal(proposal=proposal, by=person, password="x", reason="the figures", now=timezone.now())
    proposal.refresh_from_db()
    return proposal


def climbed(made: Job, cast: Cast, new: Level) -> LevelChange:
    found = proposal_of(made)
    assert found is not None
    signed(found, cast.manager)
    return walk.switch_level(job=made, new=new, reason="proven", by=cast.admin)


def down_to(made: Job) -> tuple[str, str | None]:
    made.refresh_from_db()
    last = LevelChange.objects.filter(job=made).order_by("-id")[0]
    return made.level, last.cause


def test_an_ai_that_agrees_is_proposed_signed_and_switched(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, MIXED)
    proposal = proposal_of(covers)
    assert proposal is not None
    assert (proposal.old, proposal.new, proposal.state) == (Level.SHADOW, Level.ASSISTANCE, ProposalState.OPEN)
    change = climbed(covers, cast, Level.ASSISTANCE)
    proposal.refresh_from_db()
    assert (proposal.state, change.proposal, change.epoch) == (ProposalState.SWITCHED, proposal, epoch_of(covers))
    assert epoch_of(covers).proven == Level.ASSISTANCE


def test_the_proposal_holds_the_evidence_as_it_stood(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, MIXED)
    proposal = proposal_of(covers)
    assert proposal is not None
    findings = {one["name"]: one for one in proposal.evidence["findings"]}
    assert (findings["ai_error"]["k"], findings["ai_error"]["proof"]) == (0, "proven")
    assert proposal.evidence["model"] == covers.champion.digest if covers.champion else ""
    assert proposal.ledger == LedgerEntry.objects.order_by("-id")[0].pk - (60 - findings["ai_error"]["n"])


def test_without_a_signature_nobody_climbs(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, MIXED)
    with pytest.raises(Refused) as no:
        walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="I am in a hurry", by=cast.admin)
    assert no.value.code == "not_proven"
    assert any("proven" in str(sentence) for sentence in no.value.extra["criteria"])


def test_of_one_lot_three_parts_count(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 10, per_lot=10)
    assert tally(covers, "ai_error") == (0, 3)


def test_a_disagreement_counts_as_an_error_until_somebody_has_settled_it(covers: Job, cast: Cast) -> None:
    parts(covers, [OK])
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    assert tally(covers, "ai_error") == (1, 1)
    answer(claim_one(covers, cast.inspector2), NG, labels=("scratch",))
    assert (tally(covers, "ai_error"), tally(covers, "miss")) == ((1, 1), (1, 1))


def test_a_settled_disagreement_in_which_the_ai_was_right_is_no_error(covers: Job, cast: Cast) -> None:
    parts(covers, [OK])
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(covers, cast.inspector2), OK)
    answer(claim_one(covers, cast.manager, adjudication=True), OK)
    assert (tally(covers, "ai_error"), tally(covers, "miss")) == ((0, 1), (0, 0))


def test_a_part_on_which_nobody_could_agree_is_left_out_and_shown(covers: Job, cast: Cast) -> None:
    parts(covers, [OK])
    answer(claim_one(covers, cast.inspector), UNSURE)
    answer(claim_one(covers, cast.inspector2), UNSURE)
    answer(claim_one(covers, cast.manager, adjudication=True), UNSURE)
    assert (tally(covers, "ai_error"), tally(covers, "unsettled")) == ((0, 0), (1, 1))


def test_a_verdict_delivered_twice_counts_once(covers: Job, cast: Cast) -> None:
    parts(covers, [OK])
    held = claim_one(covers, cast.inspector)
    answer(held, OK, key="k")
    answer(held, OK, key="k")
    assert (tally(covers, "ai_error"), LedgerEntry.objects.count()) == ((0, 1), 1)


def test_a_verdict_taken_back_counts_no_more_and_the_next_of_its_lot_moves_up(covers: Job, cast: Cast) -> None:
    parts(covers, [OK] * 4, per_lot=4)
    given = [answer(held, OK) for held in claim(covers, cast.inspector, hold=4)]
    assert tally(covers, "ai_error") == (0, 3)
    undo(given[0])
    assert tally(covers, "ai_error") == (0, 3)
    undo(given[1])
    assert tally(covers, "ai_error") == (0, 2)


def test_a_part_passed_on_by_the_one_who_had_it_counts_as_an_error_until_it_is_judged(covers: Job, cast: Cast) -> None:
    parts(covers, [OK])
    held = claim_one(covers, cast.inspector)
    review.skip(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="too hard", now=timezone.now()
    )
    assert walk.sweep(timezone.now())["lost"] == 1
    assert (tally(covers, "ai_error"), walk.sweep(timezone.now())["lost"]) == ((1, 1), 0)
    answer(claim_one(covers, cast.inspector2), OK)
    assert (tally(covers, "ai_error"), Evidence.objects.filter(undone=False).count()) == ((0, 1), 1)


def test_what_was_judged_with_the_hint_in_view_proves_nothing(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.ASSISTANCE)
    item = part(covers, OK, lot="L1")
    load_dice(covers, [item])
    answer(claim_one(covers, cast.inspector), OK)
    assert all(n == 0 for _, n in (tally(covers, name) for name in ("ai_error", "escape", "escape_blind")))


def test_thresholds_that_change_begin_another_epoch_and_lower_an_enforced_job(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, MIXED)
    climbed(covers, cast, Level.ASSISTANCE)
    walk.change_job(job=covers, by=cast.manager, policy={"accept_at": 0.3})
    assert down_to(covers) == (Level.SHADOW, Cause.UNPROVEN)
    agreed(covers, cast, [OK])
    assert tally(covers, "ai_error") == (0, 1)


def test_thresholds_that_are_set_back_do_not_prove_themselves_by_the_parts_that_chose_them(
    covers: Job, cast: Cast
) -> None:
    agreed(covers, cast, [OK] * 6)
    for accept_at in (0.3, 0.2):
        walk.change_job(job=covers, by=cast.manager, policy={"accept_at": accept_at})
    agreed(covers, cast, [OK])
    assert tally(covers, "ai_error") == (0, 1)


def test_an_advisory_job_is_proposed_and_may_climb_without(cast: Cast) -> None:
    covers = climbing_job(cast)
    agreed(covers, cast, MIXED)
    assert proposal_of(covers) is not None
    walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="a trial", by=cast.admin)
    found = proposal_of(covers)
    assert found is not None
    assert found.state == ProposalState.STALE


def test_a_critical_defect_that_the_ai_let_through_stops_it_at_once(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    audited = passed(covers, 1)
    waiting = part(covers, NG, lot="L9")
    answer(claim_audit(covers, cast.inspector), NG, labels=("dent",))
    assert covers.level == Level.PARTIAL
    answer(claim_audit(covers, cast.inspector2), NG, labels=("dent",))
    assert down_to(covers) == (Level.ASSISTANCE, Cause.CRITICAL)
    assert Routing.objects.filter(item=waiting).order_by("-id")[0].level == Level.ASSISTANCE
    assert Item.objects.get(pk=audited[0].pk).state == State.DECIDED


def test_escapes_in_the_audit_lower_the_job_one_level_and_counting_begins_anew(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    escapes(covers, cast)
    assert down_to(covers) == (Level.ASSISTANCE, Cause.BAR)
    epoch = epoch_of(covers)
    assert (epoch.demotions, epoch.cool_items, epoch.tallies) == (1, 500, {})
    [change] = LevelChange.objects.filter(job=covers, cause=Cause.BAR)
    assert "escape_audit" in change.evidence["tallies"]
    assert "random audit" in change.reason


def test_evidence_that_comes_after_the_demotion_that_it_would_have_caused_counts_for_nothing(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    passed(covers, 1)
    late = claim_audit(covers, cast.inspector)
    walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="stop", by=cast.manager)
    covers.refresh_from_db()
    answer(late, NG, labels=("dent",))
    answer(claim_audit(covers, cast.inspector2), NG, labels=("dent",))
    assert down_to(covers) == (Level.ASSISTANCE, Cause.PERSON)


def test_two_lots_with_an_escape_tighten_the_audit(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    for _ in range(2):
        passed(covers, 1)
        judged_bad(covers, cast)
    covers.refresh_from_db()
    assert covers.audit.plan == "tightened"
    assert covers.audit.share(0.05) == pytest.approx(0.2)


def test_a_replayed_ledger_comes_to_the_same_steps(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, MIXED)
    climbed(covers, cast, Level.ASSISTANCE)
    agreed_blind(covers, cast, [OK, NG] * 3)
    found = replay(ledger.events(covers), start=Level.SHADOW)
    assert found == ledger.taken(covers)
    assert [step.level for step in found] == [Level.ASSISTANCE, Level.PARTIAL][: len(found)]


def passed(covers: Job, n: int) -> list[Item]:
    """Parts that the AI passes by itself and that are drawn for the random audit, one to a lot."""
    found = []
    for _ in range(n):
        covers.refresh_from_db()
        covers.salts = {**covers.salts, "blind": "none", "audit": "all"}
        covers.audit_share, covers.blind_share = 1.0, 0.01
        covers.save(update_fields=["salts", "audit_share", "blind_share"])
        found += parts(covers, [OK], per_lot=1)
    covers.refresh_from_db()
    return found


def claim_audit(covers: Job, person: Person) -> review.Held:
    """The audit, or the second look at it, among all that waits."""
    held = claim(covers, person, hold=9)
    wanted = (Look.AUDIT, Look.DISAGREED)
    return next(one for one in held if one.review.look in wanted)


def judged_bad(covers: Job, cast: Cast) -> None:
    for who in (cast.inspector, cast.inspector2):
        answer(claim_audit(covers, who), NG, labels=("scratch",))


def escapes(covers: Job, cast: Cast) -> None:
    """Audited parts that turn out to be bad, until the job steps down; far fewer than thirty are enough."""
    for _ in range(30):
        passed(covers, 1)
        covers.refresh_from_db()
        if covers.level != Level.PARTIAL:
            return
        judged_bad(covers, cast)


def agreed_blind(covers: Job, cast: Cast, verdicts: list[Verdict]) -> None:
    covers.refresh_from_db()
    covers.blind_share = 1.0
    covers.save(update_fields=["blind_share"])
    agreed(covers, cast, verdicts)


def test_a_part_that_is_judged_anew_moves_the_detectors_once(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    passed(covers, 1)
    given = answer(claim_audit(covers, cast.inspector), OK)
    level = detector(covers)
    undo(given)
    answer(claim_audit(covers, cast.inspector), OK)
    assert detector(covers) == level
    assert Evidence.objects.filter(watched=True).count() == 2


def test_nobody_of_a_lost_part_is_no_second_person(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK])
    parts(covers, [OK])
    held = claim_one(covers, cast.inspector)
    review.skip(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="too hard", now=timezone.now()
    )
    walk.sweep(timezone.now())
    assert epochs.tallies_of(epoch_of(covers))["ai_error"].distinct("person") == 1


def detector(covers: Job) -> list[float]:
    state: list[float] = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]["bar"]["m"]
    return state
