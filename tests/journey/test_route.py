from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle

import pytest
from django.db import transaction
from django.utils import timezone

from inspection import walk
from inspection.acts.change_job import change_job
from inspection.journey import route
from inspection.models import Item, Job, LevelChange, Review, Routing, ThresholdSet
from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, Look, Reason, ReviewState, State
from tests import first_pixel
from tests.factories import Cast, answer, claim, claim_one, commit, item, job, load_dice, take_in
from tests.stage import results, together

pytestmark = pytest.mark.usefixtures("first_pixel")


def step(covers: Job, cast: Cast, new: Level) -> LevelChange:
    covers.refresh_from_db()
    return walk.switch_level(job=covers, new=new, reason="trial", by=cast.admin)


def last_routing(part: Item) -> Routing:
    return part.routings.order_by("-id").select_related("level_change", "prediction", "thresholds")[0]


@pytest.mark.parametrize(
    ("level", "score", "by", "state"),
    [
        (Level.SHADOW, 0.02, DecidedBy.PERSON, State.WAITING),
        (Level.ASSISTANCE, 0.02, DecidedBy.PERSON, State.WAITING),
        (Level.PARTIAL, 0.02, DecidedBy.AI, State.DECIDED),
        (Level.PARTIAL, 0.97, DecidedBy.PERSON, State.WAITING),
        (Level.FULL, 0.97, DecidedBy.AI, State.DECIDED),
        (Level.FULL, 0.50, DecidedBy.PERSON, State.WAITING),
    ],
)
def test_an_item_goes_where_its_level_sends_the_opinion(
    cast: Cast, level: Level, score: float, by: DecidedBy, state: State
) -> None:
    part = item(job(cast, level=level), score=score)
    row = part.routings.get()
    assert (row.by, part.state, part.level, row.level) == (by, state, level, level)
    assert part.decisions.count() == (by == DecidedBy.AI)
    assert part.reviews.count() == (by == DecidedBy.PERSON)


def test_human_only_asks_a_person_without_any_model(cast: Cast) -> None:
    part = take_in(job(cast))
    row = part.routings.get()
    assert (part.state, row.reason, row.prediction, row.drawn) == (State.WAITING, Reason.HUMAN_ONLY, None, "")


def test_a_routing_keeps_the_level_thresholds_and_draw_it_was_made_with(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.97, blind=True)
    row = part.routings.get()
    assert (row.level_change, row.thresholds, row.prediction) == (
        covers.level_changes.get(),
        covers.thresholds,
        part.predictions.get(),
    )
    assert (row.reason, row.drawn, row.probability, row.hint) == (Reason.BLIND, Drawn.BLIND, 0.1, HintMode.NONE)
    assert (row.commit_first, row.audited) == (True, False)


def test_an_audited_decision_is_in_force_and_looked_at_again(cast: Cast) -> None:
    part = item(job(cast, level=Level.FULL), score=0.02, audit=True)
    row, review = part.routings.get(), part.reviews.get()
    assert (row.drawn, row.probability, row.audited) == (Drawn.AUDIT_RANDOM, 0.05, True)
    assert (part.state, review.look, review.state) == (State.DECIDED, Look.AUDIT, ReviewState.OPEN)


def test_an_item_keeps_the_thresholds_under_which_its_opinion_was_formed(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.5)
    change_job(job=covers, by=cast.admin, policy={"accept_at": 0.6, "reject_at": 0.9})
    step(covers, cast, Level.PARTIAL)
    row = last_routing(part)
    assert (ThresholdSet.objects.filter(job=covers).count(), row.thresholds and row.thresholds.version) == (2, 1)
    assert row.reason == Reason.AI_UNSURE


def test_what_is_routed_already_is_not_routed_again(cast: Cast) -> None:
    covers = job(cast)
    part = take_in(covers)
    with transaction.atomic():
        rows = route.route(job=covers, ids=[part.pk], predictions={}, fault=Reason.LATE, now=timezone.now())
    assert (rows, part.routings.count()) == ([], 1)


# ---------------------------------------------------------------- steps down and up


def test_a_step_down_sends_every_undecided_item_again_and_no_other(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    decided, waiting, held = (item(covers, score=score) for score in (0.02, 0.5, 0.5))
    claim(covers, cast.inspector, hold=2)
    change = step(covers, cast, Level.SHADOW)
    rows = [last_routing(part) for part in (decided, waiting, held)]
    assert [row.level for row in rows] == [Level.FULL, Level.SHADOW, Level.SHADOW]
    # No random draw: they wait because the AI was not sure of them.
    assert [(row.reason, row.level_change, row.drawn) for row in rows[1:]] == [
        (Reason.SHADOW, change, Drawn.ROUTED),
    ] * 2
    assert (change.rerouted, covers.items.filter(level=Level.SHADOW).count()) == (2, 2)


def test_after_a_step_down_the_open_review_follows_and_stays_in_the_same_hands(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.5)
    held = claim_one(covers, cast.inspector)
    step(covers, cast, Level.HUMAN_ONLY)
    review = Review.objects.get()
    assert (review.routing, review.holder, review.lease) == (
        last_routing(part),
        cast.inspector,
        held.hand_out.lease,
    )
    decision = answer(held).given.item.decisions.get()
    assert (decision.level, decision.routing) == (Level.HUMAN_ONLY, last_routing(part))


def test_after_a_step_down_to_shadow_no_hint_is_shown_any_more(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    item(covers, score=0.5)
    held = claim_one(covers, cast.inspector)
    step(covers, cast, Level.SHADOW)
    assert commit(held) is None


def test_a_step_down_never_hands_a_part_to_the_ai(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, blind=True)
    load_dice(covers, [part])
    step(covers, cast, Level.PARTIAL)
    part.refresh_from_db()
    assert (part.state, part.decisions.count(), last_routing(part).by) == (State.WAITING, 0, DecidedBy.PERSON)


def test_a_climb_sends_nothing_again(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.02)
    change = step(covers, cast, Level.PARTIAL)
    part.refresh_from_db()
    assert (part.routings.count(), part.level, change.rerouted) == (1, Level.ASSISTANCE, 0)


def test_a_step_down_to_human_only_sends_what_waits_for_the_ai_to_people(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    part = first_pixel.part(covers, red=3)
    step(covers, cast, Level.HUMAN_ONLY)
    part.refresh_from_db()
    assert (part.state, part.routings.get().reason) == (State.WAITING, Reason.HUMAN_ONLY)


def test_a_quarantined_part_stays_so_after_a_step_down(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    part = first_pixel.part(covers, red=3)
    load_dice(covers, [part])
    walk.send_to_people(job=covers, ids=[part.pk], fault=Reason.QUARANTINED)
    step(covers, cast, Level.ASSISTANCE)
    part.refresh_from_db()
    assert (part.state, last_routing(part).reason) == (State.QUARANTINED, Reason.QUARANTINED)


@pytest.mark.django_db(transaction=True)
def test_a_step_down_and_a_routing_never_pass_one_another(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    items = [first_pixel.part(covers, red=red) for red, _ in zip(cycle((3, 50)), range(24), strict=False)]
    work: list[Callable[[], object]] = [partial(walk.predict_and_advance, [str(part.pk)]) for part in items[:3]]
    work.append(partial(step, covers, cast, Level.SHADOW))
    results(together(work))
    walk.predict_and_advance([str(part.pk) for part in items])
    for part in Item.objects.all():
        row = last_routing(part)
        assert row.by == DecidedBy.AI or row.level == part.level == Level.SHADOW
        assert (part.decisions.count(), part.reviews.filter(look=Look.FIRST).count()) == (
            (1, 0) if row.by == DecidedBy.AI else (0, 1)
        )


@pytest.mark.django_db(transaction=True)
def test_people_answer_while_the_level_falls_and_nothing_fails_or_is_lost(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    for _ in range(30):
        item(covers, score=0.5)

    def work(name: str) -> int:
        done = 0
        while Review.objects.filter(state=ReviewState.OPEN).exists():
            done += sum(answer(one).created for one in claim(covers, getattr(cast, name), hold=3))
        return done

    def fall() -> int:
        return sum(step(covers, cast, level).rerouted for level in (Level.PARTIAL, Level.ASSISTANCE, Level.SHADOW))

    people: list[Callable[[], int]] = [partial(work, name) for name in ("inspector", "inspector2", "manager")]
    assert sum(results(together([*people, fall]))[:3]) == 30
    for part in Item.objects.all():
        assert part.decisions.get().level == last_routing(part).level
