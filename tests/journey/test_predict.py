from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from inference import contract
from inspection import walk
from inspection.journey import predict
from inspection.models import Item, Job, ModelFault, Prediction, Review, Routing
from inspection.policy.fingerprint import Setting, fingerprint
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import Level, Reason, ReviewState, Role, State, Verdict
from tests import first_pixel
from tests.factories import Cast, bundle, champion, dark_picture, job, load_dice, take_in
from tests.stage import results, together

pytestmark = pytest.mark.usefixtures("first_pixel")


@pytest.fixture
def covers(cast: Cast) -> Job:
    made = job(cast, level=Level.FULL)
    first_pixel.champion(made)
    return made


def parts(covers: Job, *reds: int) -> list[Item]:
    items = [first_pixel.part(covers, red=red) for red in reds]
    load_dice(covers, items)
    return items


def judge(*items: Item) -> int:
    return walk.predict_and_advance([str(item.pk) for item in items])


def claim(*items: Item) -> predict.Batch:
    batch = predict.claim([str(item.pk) for item in items], now=timezone.now())
    assert batch is not None
    return batch


def states(*items: Item) -> list[str]:
    return [Item.objects.get(pk=item.pk).state for item in items]


def test_each_part_gets_its_own_score_and_goes_where_it_leads(covers: Job) -> None:
    good, bad, between = parts(covers, 3, 97, 50)
    assert judge(good, bad, between) == 3
    rows = {row.item_id: (row.score, row.opinion) for row in Prediction.objects.all()}
    assert rows == {
        good.pk: (0.03, Verdict.OK),
        bad.pk: (0.97, Verdict.NG),
        between.pk: (0.5, Verdict.UNSURE),
    }
    assert states(good, bad, between) == [State.DECIDED, State.DECIDED, State.WAITING]


def test_a_prediction_keeps_everything_it_was_made_with(covers: Job) -> None:
    item = first_pixel.part(covers, red=97, green=90)
    judge(item)
    row, model = Prediction.objects.get(), covers.champion
    assert model is not None
    setting = Setting(job="covers", model=model.digest, label_set_version=1, accept_at=0.2, reject_at=0.8)
    assert (row.item, row.model, row.role, row.labels) == (item, model, Role.CHAMPION, {"scratch": 0.9})
    assert (row.thresholds, row.fingerprint) == (covers.thresholds, fingerprint(setting))
    assert (row.reason, row.fault, set(row.steps_ms)) == ("", "", {"fit", "open"})


NEAR = contract.Neighbour(key="d" * 64, similarity=0.97, target=1.0, label="dent")


@pytest.mark.parametrize(
    ("near", "novelty", "kept"),
    [
        pytest.param((NEAR,), 0.03, [asdict(NEAR)], id="an example is near"),
        pytest.param((), 0.41, [{"nothing_near": True, "novelty": 0.41}], id="nothing is near"),
        pytest.param((), None, [], id="the model cannot compare"),
    ],
)
def test_a_prediction_keeps_what_the_part_is_most_like(
    covers: Job,
    monkeypatch: pytest.MonkeyPatch,
    near: tuple[contract.Neighbour, ...],
    novelty: float | None,
    kept: list[dict[str, object]],
) -> None:
    plain = predict.desk.judge

    def judge_and_compare(**asked: Any) -> list[contract.Answer]:
        return [replace(given, nearest=near, novelty=novelty) for given in plain(**asked)]

    monkeypatch.setattr(predict.desk, "judge", judge_and_compare)
    judge(*parts(covers, 50))
    assert Prediction.objects.get().nearest == kept


def test_the_bell_for_one_part_brings_its_waiting_neighbours_along(covers: Job, cast: Cast, settings: Settings) -> None:
    settings.PREDICT_BATCH = 3
    items = parts(covers, 1, 2, 3, 4)
    other = job(cast, slug="plates", level=Level.FULL)
    first_pixel.champion(other)
    stranger = first_pixel.part(other, red=1)
    assert {item.pk for item in claim(items[0]).items} == {item.pk for item in items[:3]}
    assert states(*items, stranger) == [State.PREDICTING] * 3 + [State.RECEIVED] * 2


def test_the_bell_for_a_part_never_leaves_that_part_behind_older_ones(covers: Job, settings: Settings) -> None:
    settings.PREDICT_BATCH = 2
    older, old, newest = parts(covers, 3, 4, 5)
    assert {item.pk for item in claim(newest).items} == {newest.pk, older.pk}
    assert [item.pk for item in claim(older, old).items] == [old.pk]


def test_a_part_is_given_to_a_worker_once(covers: Job) -> None:
    [item] = parts(covers, 3)
    claim(item)
    assert predict.claim([str(item.pk)], now=timezone.now()) is None


def test_a_bell_that_rings_twice_makes_one_prediction_and_one_decision(covers: Job) -> None:
    [item] = parts(covers, 3)
    assert [judge(item), judge(item)] == [1, 0]
    assert (item.predictions.count(), item.decisions.count(), item.routings.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_never_have_the_same_part(covers: Job, settings: Settings) -> None:
    settings.PREDICT_BATCH = 4
    items = [first_pixel.part(covers, red=3) for _ in range(24)]
    ids = [str(item.pk) for item in items]

    def work() -> list[uuid.UUID]:
        mine: list[uuid.UUID] = []
        for key in ids:
            batch = predict.claim([key], now=timezone.now())
            mine += [item.pk for item in batch.items] if batch else []
        return mine

    taken = Counter(pk for mine in results(together([work] * 4)) for pk in mine)
    assert taken == Counter(item.pk for item in items)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_decide_every_part_once(covers: Job, settings: Settings) -> None:
    settings.PREDICT_BATCH = 4
    items = parts(covers, *[3] * 24)
    calls = [lambda key=str(item.pk): walk.predict_and_advance([key]) for item in items[:4]]
    while Item.objects.filter(state=State.RECEIVED).exists():
        results(together(calls))
        calls = [lambda key=str(item.pk): walk.predict_and_advance([key]) for item in items]
    assert {(item.predictions.count(), item.decisions.count(), item.attempts) for item in Item.objects.all()} == {
        (1, 1, 1)
    }


def test_an_engine_that_breaks_gives_the_whole_batch_back_and_says_so(covers: Job) -> None:
    good, poison = parts(covers, 3, first_pixel.BREAKS)
    assert judge(good) == 0
    assert states(good, poison) == [State.RECEIVED] * 2
    fault = ModelFault.objects.get()
    assert (fault.code, fault.detail) == ("model_failed", "RuntimeError: the engine broke on this picture")
    assert {*Item.objects.values_list("attempts", "claim", "claimed_until")} == {(1, None, None)}


def test_what_was_tried_before_is_tried_again_alone(covers: Job) -> None:
    good, poison, other = parts(covers, 3, first_pixel.BREAKS, 4)
    judge(good, poison, other)
    assert [item.pk for item in claim(poison, good).items] in ([good.pk], [poison.pk])
    assert states(other) == [State.RECEIVED]


def test_a_poisonous_picture_costs_its_neighbours_nothing_but_time(covers: Job) -> None:
    good, poison, other = parts(covers, 3, first_pixel.BREAKS, 4)
    judge(good, poison, other)
    for item in (good, poison, other, poison):
        judge(item)
    assert states(good, other, poison) == [State.DECIDED, State.DECIDED, State.RECEIVED]


def test_after_three_attempts_a_part_is_quarantined_and_a_person_is_asked(covers: Job) -> None:
    [poison] = parts(covers, first_pixel.BREAKS)
    for _ in range(3):
        judge(poison)
    assert judge(poison) == 0
    assert walk.sweep(timezone.now())["quarantined"] == 1
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (State.QUARANTINED, settings.PREDICT_ATTEMPTS)
    assert (Routing.objects.get().reason, Review.objects.get().state) == (Reason.QUARANTINED, ReviewState.OPEN)


def test_a_worker_that_dies_on_a_part_three_times_has_it_quarantined_too(covers: Job) -> None:
    [killer] = parts(covers, 3)
    now = timezone.now()
    for _ in range(3):
        assert predict.claim([str(killer.pk)], now=now) is not None
        now += timedelta(seconds=settings.PREDICT_CLAIM_SECONDS + 1)
        assert predict.take_back(now=now) == 1
    assert walk.sweep(now)["quarantined"] == 1
    assert states(killer) == [State.QUARANTINED]


def test_a_bundle_that_may_not_be_loaded_sends_its_parts_to_people_at_once(covers: Job) -> None:
    model = champion(covers, bundle(covers, score=0.01))
    model.digest = "0" * 64
    model.save()
    [item] = parts(covers, 3)
    assert judge(item) == 1
    row = Prediction.objects.get()
    assert (row.score, row.opinion, row.reason) == (None, "", Reason.NO_ANSWER)
    assert row.fault.startswith("missing_file")
    assert (ModelFault.objects.get().code, states(item)) == ("missing_file", [State.WAITING])


def test_a_bundle_for_other_labels_never_judges(covers: Job) -> None:
    model = champion(covers, bundle(covers, score=0.01))
    model.labels = ["dent", "scratch"]
    model.save()
    [item] = parts(covers, 3)
    judge(item)
    assert (ModelFault.objects.get().code, states(item)) == ("label_order", [State.WAITING])


def test_a_picture_that_is_not_fit_goes_to_a_person_without_the_model(covers: Job) -> None:
    unfit = take_in(covers, data=dark_picture())
    load_dice(covers, [unfit])
    judge(unfit)
    row = Prediction.objects.get()
    assert (row.score, row.reason, row.fault[:8], set(row.steps_ms)) == (None, Reason.UNFIT, "too dark", {"fit"})
    assert (Routing.objects.get().reason, states(unfit)) == (Reason.UNFIT, [State.WAITING])


def test_an_unfit_picture_does_not_hold_up_its_neighbours(covers: Job) -> None:
    unfit = take_in(covers, data=dark_picture())
    [good] = parts(covers, 3)
    judge(unfit, good)
    assert states(unfit, good) == [State.WAITING, State.DECIDED]


def test_a_picture_that_is_gone_from_disk_is_a_fault_and_no_verdict(covers: Job) -> None:
    lost, good = parts(covers, 1, 3)
    default_storage.delete(lost.picture.name)
    judge(lost, good)
    fault = Prediction.objects.get(item=lost)
    assert (fault.score, fault.reason) == (None, Reason.NO_ANSWER)
    assert states(lost, good) == [State.WAITING, State.DECIDED]


def test_one_fault_of_the_model_is_one_parts_own(covers: Job) -> None:
    silent, good = parts(covers, first_pixel.SILENT, 3)
    judge(silent, good)
    assert Routing.objects.get(item=silent).reason == Reason.NO_ANSWER
    assert states(silent, good) == [State.WAITING, State.DECIDED]


def test_without_thresholds_nothing_is_sure(cast: Cast) -> None:
    unset = job(cast, slug="unset", level=Level.FULL, policy=JobPolicy())
    first_pixel.champion(unset)
    items = parts(unset, 0, 100)
    judge(*items)
    assert {*Routing.objects.values_list("by", "reason")} == {("person", Reason.NO_THRESHOLDS)}
    assert {*Prediction.objects.values_list("opinion", flat=True)} == {Verdict.UNSURE}


def test_an_answer_that_comes_after_the_claim_was_lost_changes_nothing(covers: Job) -> None:
    [item] = parts(covers, 3)
    slow = claim(item)
    predict.take_back(now=timezone.now() + timedelta(seconds=settings.PREDICT_CLAIM_SECONDS + 1))
    quick = claim(item)
    answers = predict.answer(slow, now=timezone.now())
    assert predict.store(slow, answers) == {}
    assert [*predict.store(quick, predict.answer(quick, now=timezone.now()))] == [item.pk]


def test_an_answer_that_comes_after_the_part_went_to_a_person_changes_nothing(covers: Job) -> None:
    [item] = parts(covers, 3)
    slow = claim(item)
    walk.send_to_people(job=covers, ids=[item.pk], fault=Reason.LATE)
    assert predict.store(slow, predict.answer(slow, now=timezone.now())) == {}
    assert (states(item), item.routings.count()) == ([State.WAITING], 1)


def test_a_batch_that_lost_its_claim_gives_nothing_back(covers: Job) -> None:
    [item] = parts(covers, 3)
    slow = claim(item)
    predict.take_back(now=timezone.now() + timedelta(minutes=1))
    claim(item)
    predict.release(slow, error="late", now=timezone.now())
    assert states(item) == [State.PREDICTING]


def test_a_job_whose_model_was_taken_away_sends_its_parts_to_people(covers: Job) -> None:
    [item] = parts(covers, 3)
    covers.champion = None
    covers.save()
    assert judge(item) == 1
    assert (Routing.objects.get().reason, states(item)) == (Reason.NO_MODEL, [State.WAITING])
