"""Which parts speak when a setting is tried, and that nothing is written; on rows that the real steps have made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.models import Epoch, Evidence, Item, Job, Routing, ThresholdSet, VerdictGiven
from inspection.policy.routing import Shares, Thresholds
from inspection.policy.what_if import Figures, Setting
from inspection.queries.thresholds import locking, suggested
from inspection.queries.what_if import PERIOD, WhatIf, basis, in_force, period, what_if
from inspection.vocabulary import Drawn, Gate, Level, Verdict
from tests.climbs import agreed, climbing_job, part
from tests.factories import Cast, answer, claim_one, job

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast, gate=Gate.ENFORCED)


def since() -> Any:
    return timezone.now() - timedelta(days=30)


def tried(made: Job, **changes: Any) -> WhatIf:
    made = Job.objects.select_related("thresholds", "champion").get(pk=made.pk)
    now = in_force(made)
    return what_if(made, setting=Setting(**{**vars(now), **changes}), since=since())


def escapes(found: Figures) -> tuple[int, int]:
    assert found.escapes is not None
    return found.escapes.k, found.escapes.n


def wrong(made: Job, cast: Cast) -> None:
    """The AI passes a part that two people reject."""
    part(made, OK, lot=f"W{Evidence.objects.count()}")
    answer(claim_one(made, cast.inspector), NG, labels=("scratch",))
    answer(claim_one(made, cast.inspector2), NG, labels=("scratch",))


def test_a_hidden_run_gives_the_counts_that_people_made(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 8 + [NG] * 2)
    wrong(covers, cast)
    found = tried(covers, level=Level.PARTIAL)
    assert escapes(found.then) == (1, 11)
    assert (found.then.misses.k, found.then.misses.n, found.then.overkill.n) == (1, 3, 8)
    assert found.then.automation.value == pytest.approx(0.9 * 9 / 11)
    assert {name: (one.k, one.n) for name, one in found.then.classes.items()} == {"scratch": (1, 3)}
    assert (found.now.escapes, found.now.automation.value) == (None, 0.0)


def test_the_opinion_is_made_again_from_the_score(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 4 + [NG] * 2)
    found = tried(covers, level=Level.PARTIAL, thresholds=Thresholds(0.96, None))
    assert escapes(found.then) == (2, 6), "0.95 is OK under this threshold, whatever was said then"


@pytest.mark.parametrize(
    "change",
    [
        {"hint_shown": True},
        {"undone": True},
        {"drawn": Drawn.ASSISTED},
        {"drawn": Drawn.ROUTED},
        {"drawn": Drawn.AUDIT_RISK},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_is_no_evidence_does_not_speak(covers: Job, cast: Cast, change: dict[str, Any]) -> None:
    agreed(covers, cast, [OK] * 3)
    Evidence.objects.filter(pk=Evidence.objects.order_by("id")[0].pk).update(**change)
    assert basis(covers, since=since()).seen.n == 2


def pictured(made: Job, *moments: datetime) -> None:
    """A replay: the parts were pictured at these moments, whenever people judge them."""
    for part_of_it, moment in zip(Item.objects.filter(job=made).order_by("received_at", "id"), moments, strict=True):
        Item.objects.filter(pk=part_of_it.pk).update(captured_at=moment)
    Job.objects.filter(pk=made.pk).update(captured_time=True)
    made.refresh_from_db()


def test_where_captured_time_counts_a_period_goes_by_the_camera(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG])
    march = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)
    pictured(covers, march, march + timedelta(hours=1), march + timedelta(days=40))
    first_of_march = period(covers, first=date(2025, 3, 1), last=date(2025, 3, 1), now=timezone.now())
    found = basis(covers, since=first_of_march[0], until=first_of_march[1])
    assert (found.seen.n, found.first, found.last) == (1, march, march)
    assert basis(covers, since=since()).seen.n == 0, "judged just now, but of last year"
    Job.objects.update(captured_time=False)
    covers.refresh_from_db()
    assert basis(covers, since=since()).seen.n == 3


def test_without_days_a_replay_speaks_of_its_own_last_ones(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG])
    newest = datetime(2025, 3, 31, 12, tzinfo=UTC)
    pictured(covers, newest - timedelta(days=31), newest - timedelta(days=1), newest)
    since, until = period(covers, first=None, last=None, now=timezone.now())
    assert (since, until) == (newest - PERIOD, None)
    assert basis(covers, since=since, until=until).seen.n == 2


def test_the_newest_of_a_replay_are_those_pictured_last(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [NG, OK, OK])
    newest = datetime(2025, 3, 31, 12, tzinfo=UTC)
    pictured(covers, newest, newest - timedelta(days=2), newest - timedelta(days=1))
    found = basis(covers, since=newest - PERIOD, most=1)
    assert (found.seen.bad.sum(), found.first) == (1, newest)


def test_evidence_of_another_model_or_job_does_not_speak(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 3)
    other = climbing_job_of(cast, "lids")
    assert basis(other, since=since()).seen.n == 0
    Evidence.objects.update(model=other.champion_id)
    assert basis(covers, since=since()).seen.n == 0


def climbing_job_of(cast: Cast, slug: str) -> Job:
    made = job(cast, slug=slug, level=Level.SHADOW)
    from_covers = Job.objects.get(slug="covers").champion
    assert from_covers is not None
    from_covers.pk, from_covers.job, from_covers.digest = None, made, "f" * 64
    from_covers.save()
    made.champion = from_covers
    made.save()
    return made


def test_a_drawn_part_stands_for_those_that_were_not(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 3 + [NG])
    Evidence.objects.filter(opinion=OK).update(drawn=Drawn.BLIND, probability=0.1)
    found = tried(covers, level=Level.PARTIAL)
    assert found.basis.seen.weight.sum() == pytest.approx(31)
    assert found.then.automation.value == pytest.approx(0.9 * 30 / 31)


def test_what_the_ai_decided_then_is_shared_by_its_two_draws(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 4)
    Routing.objects.update(level=Level.PARTIAL)
    keys = list(Evidence.objects.order_by("id").values_list("pk", flat=True))
    Evidence.objects.filter(pk__in=keys[:1]).update(drawn=Drawn.BLIND, probability=0.1)
    Evidence.objects.filter(pk__in=keys[1:]).update(drawn=Drawn.AUDIT_RANDOM, probability=0.05)
    weight = basis(covers, since=since()).seen.weight
    assert sorted(weight) == pytest.approx([0.25 * 10 + 0.75, 15, 15, 15])
    Routing.objects.update(level=Level.ASSISTANCE)
    assert basis(covers, since=since()).seen.weight.max() == pytest.approx(20), "then nobody decided but people"


def test_open_and_unsettled_parts_are_told(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 4)
    keys = list(Evidence.objects.order_by("id").values_list("pk", flat=True))
    Evidence.objects.filter(pk=keys[0]).update(reference="")
    Evidence.objects.filter(pk=keys[1]).update(reference=UNSURE)
    found = tried(covers, level=Level.PARTIAL)
    assert (found.basis.open, found.basis.unsettled) == (1, 1)
    assert escapes(found.then) == (1, 3)


def test_the_newest_speak_where_there_are_too_many(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG])
    found = basis(covers, since=since(), most=2)
    assert (found.seen.n, found.cut, found.seen.bad.sum()) == (2, True, 1)
    assert (basis(covers, since=since(), most=3).cut, found.by_drawn) == (False, {Drawn.SHADOW: 2})


def test_hours_go_by_the_median_of_those_who_judged(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 3)
    assert tried(covers).now.hours is None
    for seconds, given in zip((2.0, 3.0, 90.0), VerdictGiven.objects.order_by("id"), strict=True):
        VerdictGiven.objects.filter(pk=given.pk).update(seconds=seconds)
    Evidence.objects.filter(pk=Evidence.objects.order_by("id")[0].pk).update(worked="2026-03-01/06:00")
    found = tried(covers)
    assert found.basis.seen.seconds == 3.0
    assert found.now.hours is not None
    assert found.now.hours.value == pytest.approx(1.5 * 3.0 / 3600), "three parts in two shifts"


def test_what_is_in_force_is_tried_by_default(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK])
    found = tried(covers)
    assert found.now.setting == Setting(Level.SHADOW, Thresholds(0.2, 0.8), Shares(0.1, 0.05))
    assert not found.differs
    assert found.then is found.now
    assert tried(covers, level=Level.FULL).differs


def test_a_job_without_model_or_thresholds_is_empty_and_does_not_break(cast: Cast) -> None:
    made = job(cast, level=Level.SHADOW)
    found = tried(made, level=Level.FULL)
    assert (found.basis.seen.n, found.then.automation.value) == (0, None)
    assert (found.basis.first, found.basis.last) == (None, None)
    assert locking(made, now=timezone.now()).point is None
    Job.objects.update(thresholds=None)
    assert tried(made).now.setting.thresholds.unset


@pytest.mark.parametrize("n", [2, 9])
def test_two_questions_are_asked_however_many_parts_there_are(
    covers: Job, cast: Cast, n: int, django_assert_num_queries: Any
) -> None:
    agreed(covers, cast, [OK] * n)
    made = Job.objects.select_related("thresholds", "champion").get(pk=covers.pk)
    with django_assert_num_queries(2):
        what_if(made, setting=in_force(made), since=since())


def test_nothing_is_written(covers: Job, cast: Cast, django_assert_num_queries: Any) -> None:
    agreed(covers, cast, [OK] * 3)
    before = list(Evidence.objects.values()), list(Job.objects.values()), ThresholdSet.objects.count()
    tried(covers, level=Level.FULL)
    locking(covers, now=timezone.now())
    assert before == (list(Evidence.objects.values()), list(Job.objects.values()), ThresholdSet.objects.count())


def test_the_parts_that_chose_a_threshold_do_not_prove_it(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 120)
    Job.objects.update(level=Level.PARTIAL)
    Epoch.objects.update(proven=Level.PARTIAL)
    covers.refresh_from_db()
    found = locking(covers, now=timezone.now())
    assert found.point is not None
    assert (found.point.at, found.counted, found.level) == (0.8, 120, Level.SHADOW)
    Job.objects.update(gate=Gate.ADVISORY)
    covers.refresh_from_db()
    assert locking(covers, now=timezone.now()).level == Level.PARTIAL


def test_a_threshold_in_force_is_not_locked_again(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 120)
    covers.thresholds = ThresholdSet.objects.create(job=covers, version=2, accept_at=0.8, reject_at=0.8)
    covers.save()
    found = locking(covers, now=timezone.now())
    assert (found.locked, found.point) == (True, None)


def test_the_first_three_of_a_lot_choose_in_the_order_of_their_draws(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, OK, NG], per_lot=4)
    found = suggested(covers)
    assert found is not None
    assert (found.points[0].n, found.points[-1].passed) == (3, 3), (
        "the fourth of its lot, which is bad, chooses nothing"
    )
