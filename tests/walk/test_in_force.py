"""What becomes of level, proposals and audits when model, thresholds or bars change, or answers stop coming."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection import consequences, walk
from inspection.acts.change_bars import change_bars
from inspection.acts.change_job import change_job
from inspection.acts.register_model import register_folder
from inspection.acts.sign_proposal import refuse_proposal, sign_proposal
from inspection.journey import review
from inspection.models import Epoch, Evidence, Item, Job, LevelChange, Proposal
from inspection.policy.replay import replay
from inspection.policy.sampling import Audit, shift_before
from inspection.queries import ledger, watching
from inspection.vocabulary import AuditPlan, Cause, Gate, Level, ProposalState, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, goes_live, part, proposal_of
from tests.factories import Cast, answer, bundle, claim_one

OK, NG, UNSURE = Verdict
MIXED = [OK, OK, NG] * 20


def signed(made: Job, cast: Cast) -> Proposal:
    found = proposal_of(made)
    assert found is not None
    cast.manager.set_password("x")
    sign_proposal(proposal=found, by=cast.manager, password="x", reason="the figures", now=timezone.now())
    found.refresh_from_db()
    return found


def proposed(cast: Cast, gate: Gate = Gate.ENFORCED) -> Job:
    covers = climbing_job(cast, gate=gate)
    agreed(covers, cast, MIXED)
    return covers


def bars(made: Job, cast: Cast, **changes: float) -> None:
    change_bars(job=made, changes=changes, reason="a trial", by=cast.admin, now=timezone.now())
    made.refresh_from_db()


def test_another_name_leaves_the_level_alone_though_the_bars_have_been_lowered(cast: Cast) -> None:
    """Lower bars begin a new epoch that has proven nothing yet; the climb was proven under stricter ones."""
    covers = proposed(cast)
    signed(covers, cast)
    walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="proven", by=cast.admin)
    bars(covers, cast, days_in_partial=10)
    changed = walk.change_job(job=covers, by=cast.manager, name="Other covers", policy={})
    assert (changed.name, Job.objects.get().level) == ("Other covers", Level.ASSISTANCE)


def test_a_proposal_under_other_thresholds_does_not_stand_in_the_way_of_the_next(cast: Cast) -> None:
    covers = proposed(cast)
    old = signed(covers, cast)
    walk.change_job(job=covers, by=cast.manager, policy={"accept_at": 0.3})
    agreed(covers, cast, MIXED)
    old.refresh_from_db()
    new = proposal_of(covers)
    assert new is not None
    assert (old.state, new.state, new.epoch) == (ProposalState.STALE, ProposalState.OPEN, epoch_of(covers))
    assert replay(ledger.events(covers), start=Level.SHADOW) == ledger.taken(covers)


def test_after_a_refusal_the_rules_alone_come_to_the_same_proposals(cast: Cast) -> None:
    covers = proposed(cast)
    found = proposal_of(covers)
    assert found is not None
    refuse_proposal(proposal=found, by=cast.manager, reason="after the audit", now=timezone.now())
    agreed(covers, cast, MIXED[:6])
    assert replay(ledger.events(covers), start=Level.SHADOW) == ledger.taken(covers)


def test_an_advisory_job_climbs_although_its_proposal_was_overtaken(cast: Cast) -> None:
    covers = proposed(cast, Gate.ADVISORY)
    old = signed(covers, cast)
    walk.change_job(job=covers, by=cast.manager, policy={"accept_at": 0.3})
    change = walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="a trial", by=cast.admin)
    old.refresh_from_db()
    assert (change.new, change.proposal, old.state) == (Level.ASSISTANCE, None, ProposalState.STALE)


def test_another_model_is_audited_closely_where_the_lots_of_the_old_one_had_eased_it(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    covers.audit_state = Audit(plan=AuditPlan.REDUCED, lots=(("L1", 0),)).as_json()
    covers.save(update_fields=["audit_state"])
    walk.take_live(found=partial(goes_live, covers, score=0.4), by=cast.manager)
    assert Job.objects.get().audit == Audit().tightened()


def test_a_model_that_cannot_be_held_to_its_proof_does_not_go_live(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two transactions a model that had proven nothing decided alone, until the sweeper came by."""
    covers = climbing_job(cast, level=Level.PARTIAL)
    Job.objects.update(gate=Gate.ENFORCED)
    other = bundle(covers, score=0.4).folder
    before = covers.champion

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consequences.act, "step_down", killed)
    with pytest.raises(KeyboardInterrupt):
        walk.take_live(found=partial(register_folder, job=covers, folder=other, by=cast.manager), by=cast.manager)
    assert Job.objects.get().champion == before


def test_a_stricter_bar_does_not_wipe_out_what_the_detectors_have_seen(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    audited(covers, 1)
    for who in (cast.inspector, cast.inspector2):
        answer(claim_one(covers, who), NG, labels=("scratch",))
    before = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]["bar"]
    bars(covers, cast, escape=0.04)
    audited(covers, 1)
    answer(claim_one(covers, cast.inspector), OK)
    after = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]["bar"]
    assert (before["p0"], after["p0"]) == (0.05, 0.04)
    assert sum(after["m"]) > 0.9 * sum(before["m"])


@pytest.mark.parametrize(("demotions", "lands"), [(0, Level.ASSISTANCE), (1, Level.ASSISTANCE), (2, Level.SHADOW)])
def test_the_third_time_too_few_answers_lead_to_shadow(cast: Cast, demotions: int, lands: Level) -> None:
    covers, end = unanswered(cast)
    Epoch.objects.update(demotions=demotions)
    assert walk.sweep(end)["lowered"] == 1
    covers.refresh_from_db()
    assert (covers.level, Epoch.objects.get().demotions) == (lands, demotions + 1)


def test_the_rules_alone_begin_anew_after_a_demotion_without_evidence(cast: Cast) -> None:
    covers, end = unanswered(cast)
    walk.sweep(end)
    [change] = LevelChange.objects.filter(job=covers, cause=Cause.UNAUDITED)
    [event] = [one for one in ledger.events(covers) if one.key == change.ledger and hasattr(one, "thrown_back")]
    assert event.thrown_back == Epoch.objects.get().pk


def test_audits_that_are_answered_but_not_settled_are_missing_too(cast: Cast) -> None:
    covers, end = unanswered(cast, answered=12)
    assert Evidence.objects.exclude(reference="").count() == 0
    assert [(job.pk, cause) for job, cause in watching.to_lower(end)] == [(covers.pk, Cause.UNAUDITED)]


def test_an_audit_that_was_passed_on_is_missing_once(cast: Cast) -> None:
    """Nine of twelve settled are too few, ten are enough; a part passed on counted as two that are missing."""
    covers, end = unanswered(cast, answered=10, verdict=OK)
    for _ in range(2):
        held = claim_one(covers, cast.inspector)
        out = held.hand_out
        review.skip(review=held.review, person=cast.inspector, lease=out.lease, reason="hard", now=timezone.now())
    walk.sweep(timezone.now())
    inside = Evidence.objects.earliest("id").drawn_at
    Evidence.objects.filter(verdict_given=None).update(at=inside, drawn_at=inside)
    assert Evidence.objects.count() == 12
    assert list(watching.to_lower(end)) == []


def audited(covers: Job, many: int) -> list[Item]:
    covers.refresh_from_db()
    covers.salts = {**covers.salts, "blind": "none"}
    covers.audit_share, covers.blind_share = 1.0, 0.0001
    covers.save(update_fields=["salts", "audit_share", "blind_share"])
    return [part(covers, OK, lot=f"L{Item.objects.count()}") for _ in range(many)]


def unanswered(cast: Cast, *, answered: int = 0, verdict: Verdict = NG) -> tuple[Job, datetime]:
    """A job in partial automation with twelve audits drawn in a shift, and a moment at which that shift is over."""
    covers = climbing_job(cast, level=Level.PARTIAL)
    audited(covers, 12)
    for _ in range(answered):
        answer(claim_one(covers, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())
    if not answered:
        answer(claim_one(covers, cast.inspector), UNSURE)
    end = timezone.now() + timedelta(hours=16)
    begin, _ = shift_before(end - timedelta(hours=1), zone="UTC", begins=covers.shifts)
    inside = begin + timedelta(minutes=5)
    covers.reviews.update(created_at=inside)
    Evidence.objects.update(at=inside, drawn_at=inside)
    LevelChange.objects.update(at=begin - timedelta(minutes=5))
    Epoch.objects.update(counting_since=begin - timedelta(minutes=5))
    return covers, end


def test_a_step_down_that_was_cut_off_is_made_up_for_by_the_sweeper(cast: Cast) -> None:
    covers = proposed(cast)
    signed(covers, cast)
    walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="proven", by=cast.admin)
    assert walk.sweep(timezone.now())["lowered"] == 0
    # As the act leaves it when the process dies before the step down.
    change_job(job=covers, by=cast.manager, policy={"accept_at": 0.3})
    walk.sweep(timezone.now())
    covers.refresh_from_db()
    assert covers.level == Level.SHADOW
