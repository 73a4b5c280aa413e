from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from inspection import walk
from inspection.models import Epoch, Evidence, Job, LevelChange, Release, VerdictGiven
from inspection.policy.audit_price import Comparison
from inspection.policy.evalues import log_e_below
from inspection.policy.sampling import Audit
from inspection.queries import readiness
from inspection.vocabulary import AuditPlan, Cause, Gate, Level, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, part, proposal_of
from tests.factories import Cast, answer, bundle, champion, claim_one, take_in

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast, gate=Gate.ENFORCED)


def wrong(job: Job, cast: Cast) -> None:
    """The AI passes a part that two people reject."""
    part(job, OK, lot=f"W{Evidence.objects.count()}")
    answer(claim_one(job, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(job, cast.inspector2), NG, labels=("scratch",))


def test_the_path_ends_where_the_figures_stand(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, NG, OK])
    wrong(covers, cast)
    way = readiness.stretch(epoch_of(covers)).path("ai_error", 0.2)
    assert [(point.k, point.n) for point in way] == [(0, 1), (0, 2), (0, 3), (1, 4)]
    assert [point.log_e for point in way] == [log_e_below(point.k, point.n, 0.2) for point in way]


def test_a_long_path_is_thinned_out_and_keeps_its_end(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 10)
    way = readiness.stretch(epoch_of(covers), most=4).path("ai_error", 0.2)
    assert [point.n for point in way] == [1, 4, 7, 10]


def test_after_a_demotion_the_path_begins_anew(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 3)
    epoch = epoch_of(covers)
    last = covers.ledger.order_by("-id")[0].pk
    LevelChange.objects.create(
        job=covers, old="assistance", new="shadow", reason="r", cause=Cause.BAR, epoch=epoch, ledger=last,
        gate=covers.gate, at=timezone.now(),
    )  # fmt: skip
    assert readiness.stretch(epoch).path("ai_error", 0.2) == []
    agreed(covers, cast, [OK])
    assert len(readiness.stretch(epoch_of(covers)).entries) == 1


def test_switches_and_models_are_marked_where_they_came(cast: Cast) -> None:
    job = climbing_job(cast, gate=Gate.ADVISORY)
    agreed(job, cast, [OK] * 4)
    walk.switch_level(job=job, new=Level.HUMAN_ONLY, reason="r", by=cast.admin)
    walk.switch_level(job=job, new=Level.SHADOW, reason="r", by=cast.admin)
    assert job.champion is not None
    Release.objects.create(job=job, model=job.champion, replaced=job.champion)
    agreed(job, cast, [OK] * 2)
    epoch = epoch_of(job)
    found = readiness.marks(epoch, readiness.stretch(epoch), "ai_error")
    digest = job.champion.digest[:8]
    assert [(mark.n, mark.words) for mark in found] == [
        (4, "level human only"),
        (4, "level shadow"),
        (4, f"model {digest}"),
    ]


def test_the_pace_is_what_a_worked_shift_brings(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG, OK])
    keys = list(Evidence.objects.order_by("id").values_list("pk", flat=True))
    Evidence.objects.filter(pk__in=keys[:2]).update(worked="2026-03-01/06:00")
    Evidence.objects.filter(pk__in=keys[2:]).update(worked="2026-03-01/14:00")
    pace = readiness.pace(epoch_of(covers))
    assert (pace.shifts, pace.parts, pace.counted["ai_error"], pace.counted["miss"]) == (2, 2.0, 2.0, 0.5)
    assert pace.shifts_for("ai_error", 7) == 4
    assert pace.shifts_for("miss", 7) == 14
    assert pace.shifts_for("overkill_blind", 7) is None


def test_the_pace_is_that_of_the_latest_entries(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 6)
    assert readiness.pace(epoch_of(covers), latest=4).counted["ai_error"] == 4.0


def test_what_chance_drew_stands_for_the_others(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 4)
    Evidence.objects.update(drawn="blind", probability=0.1)
    assert readiness.pace(epoch_of(covers)).parts == 40.0


def test_nothing_counted_has_no_pace_and_no_shifts(covers: Job) -> None:
    found = readiness.look(covers, now=timezone.now())
    assert found.ready is not None
    assert (found.epoch, found.pace.shifts) == (None, 0)
    assert [found.shifts(finding) for finding in found.ready.findings] == [None] * len(found.ready.findings)
    assert {price.audits for price in found.prices()} == {None}


def test_minimums_are_counted_down_in_shifts_too(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, NG, OK, OK])
    found = readiness.look(covers, now=timezone.now())
    assert found.ready is not None
    shifts = {finding.name: found.shifts(finding) for finding in found.ready.findings}
    assert (shifts["items"], shifts["defects"], shifts["lots"]) == (12, 4, None)


def test_whoever_judged_before_the_model_came_may_have_taught_it(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 2)
    assert readiness.trainers(epoch_of(covers)) == []
    before = epoch_of(covers).model.at - timedelta(days=1)
    VerdictGiven.objects.filter(person=cast.inspector2).update(at=before)
    assert readiness.trainers(epoch_of(covers)) == [cast.inspector2]


def test_other_thresholds_or_an_unknown_model_have_proven_nothing(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK])
    Epoch.objects.update(proven=Level.PARTIAL)
    Job.objects.update(level=Level.PARTIAL)
    covers.refresh_from_db()
    assert covers.champion is not None
    known, now = covers.champion, timezone.now()
    other = champion(covers, bundle(covers, score=0.7))

    def kept(**wanted: object) -> Level:
        return readiness.would_keep(covers, **{"model": known, "new_thresholds": False, "now": now, **wanted})  # type: ignore[arg-type]

    assert (kept(), kept(model=other), kept(new_thresholds=True)) == (Level.PARTIAL, Level.SHADOW, Level.SHADOW)
    assert kept(now=now + timedelta(days=31)) == Level.SHADOW
    covers.gate = Gate.ADVISORY
    assert kept(model=other) == Level.PARTIAL


def test_earlier_stretches_stay_to_be_read(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK])
    old = epoch_of(covers)
    champion(covers, bundle(covers, score=0.7))
    agreed(covers, cast, [OK])
    now = epoch_of(covers)
    assert (readiness.earlier(covers, now), readiness.earlier(covers, None)) == ([old], [now, old])


def test_a_proposal_has_one_digest_whatever_order_its_evidence_comes_in(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG] * 20)
    proposal = proposal_of(covers)
    assert proposal is not None
    whole = json.dumps(dict(sorted(proposal.evidence.items())), sort_keys=True)
    assert readiness.digest_of(proposal) == hashlib.sha256(whole.encode()).hexdigest()
    proposal.evidence = {**proposal.evidence, "demotions": 1}
    assert readiness.digest_of(proposal) != hashlib.sha256(whole.encode()).hexdigest()


def test_what_set_something_off_is_found_again(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 3)
    entry = covers.ledger.order_by("id")[1]
    covers.ledger.filter(pk=entry.pk).update(alarms=["change:escape_audit"])
    assert readiness.warnings(epoch_of(covers)) == [entry]


def test_a_lower_bar_would_throw_away_all_that_counts(covers: Job, cast: Cast) -> None:
    assert readiness.counted_now(covers, now=timezone.now()) == 0
    agreed(covers, cast, [OK] * 3)
    assert readiness.counted_now(covers, now=timezone.now()) == 3


def test_the_usual_lot_is_told_by_the_lots_that_came_to_an_end(covers: Job) -> None:
    for lot in ["L1"] * 4 + [""] * 6 + ["L2"] * 2 + ["L3"] * 5:
        take_in(covers, lot=lot)
    assert readiness.lot_sizes(covers) == [2, 4]
    take_in(covers, lot="")
    assert readiness.lot_sizes(covers) == [5, 2, 4]
    assert readiness.lot_sizes(covers, most=1) == [5]


def test_the_only_lot_counts_though_it_may_still_run(covers: Job) -> None:
    assert readiness.lot_sizes(covers) == []
    take_in(covers, lot="L1")
    assert readiness.lot_sizes(covers) == [1]


def test_the_audit_in_force_is_set_beside_a_plan_for_the_usual_lot(covers: Job) -> None:
    audit = Audit(plan=AuditPlan.TIGHTENED, left=9, lots=(("a", 1), ("b", 0), ("c", 2)))
    Job.objects.filter(pk=covers.pk).update(audit_state=audit.as_json())
    assert compared(covers) is None
    for _ in range(2):
        part(covers, OK, lot="L1")
    found = compared(covers)
    assert found is not None
    assert (found.lot, found.aql, found.share, found.audits) == (2, 4.0, 0.2, 0.4)
    assert (found.audited, found.standing.state) == ((False, True, False), "tightened")


def test_only_what_the_ai_would_pass_is_audited(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, NG, OK])
    found = compared(covers)
    assert found is not None
    assert found.audits == pytest.approx(3 * 2 / 3 * 0.05)


def compared(job: Job) -> Comparison | None:
    return readiness.compared(readiness.look(Job.objects.get(pk=job.pk), now=timezone.now()))
