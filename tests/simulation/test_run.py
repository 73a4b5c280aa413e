"""Simulated runs through the real steps: the same for the same seed, and rows as the product writes them."""

from __future__ import annotations

import pytest
from django.db import transaction

from inspection.acts.simulate import begin_simulation
from inspection.journey import predict
from inspection.models import Evidence, Item, LedgerEntry, Picture, Prediction, Review, Signature
from inspection.refused import Refused
from inspection.simulation.outcome import Outcome
from inspection.simulation.plan import Drift, Plan, Rates
from inspection.simulation.run import run
from inspection.vocabulary import Drawn, Look, State
from tests import factories
from tests.stage import cast

__all__ = ["cast"]

LEAST = {"items": 50, "defects": 5, "lots": 10, "miss": 0.5, "ai_error": 0.2}
SMALL = Plan(
    parts=132, per_day=30, lot=3, defects=0.3, ai=Rates(0, 0, 0), inspectors=2, miss=0.05, blind=0.5, bars=LEAST
)


@pytest.fixture(autouse=True)
def tables(db: None) -> None:
    pass


def forgotten(plan: Plan, seed: int) -> Outcome:
    """A run of which no row stays: the same seed gives the same parts, and no part comes twice."""
    with transaction.atomic():
        found = run(plan, seed=seed)
        transaction.set_rollback(True)
    return found


def test_the_same_seed_ends_the_same_way() -> None:
    plan = Plan(**{**vars(SMALL), "ai": Rates(0.1, 0.05, 0.02)})
    assert forgotten(plan, 3) == forgotten(plan, 3)


def test_a_good_ai_climbs_by_a_signed_proposal() -> None:
    found = run(SMALL, seed=3)
    assert found.ours.assistance_at is not None
    assert [(change[1:]) for change in found.ours.changes] == [("shadow", "assistance")]
    assert Signature.objects.get().person.username == "simulated-manager"


def test_an_ai_that_breaks_is_thrown_back() -> None:
    plan = Plan(**{**vars(SMALL), "parts": 180, "drift": Drift(at=110, rates=Rates(miss=1, overkill=1, unsure=0))})
    found = run(plan, seed=3)
    assert found.ours.delay is not None
    assert found.ours.changes[-1][2] == "shadow"


def test_every_part_is_taken_in_asked_about_and_judged() -> None:
    plan = Plan(**{**vars(SMALL), "parts": 24})
    run(plan, seed=1)
    assert (Item.objects.count(), Picture.objects.count(), Prediction.objects.count()) == (24, 24, 24)
    assert set(Item.objects.values_list("state", flat=True)) == {State.DECIDED}
    assert Evidence.objects.filter(drawn=Drawn.SHADOW).exclude(epoch=None).count() == 24
    assert LedgerEntry.objects.count() >= 24


def test_second_looks_come_as_late_as_planned() -> None:
    plan = Plan(**{**vars(SMALL), "parts": 60, "overkill": 0.5, "late": 30})
    run(plan, seed=1)
    asked = Review.objects.filter(look=Look.DISAGREED)
    waiting = [int(serial[1:]) for serial in asked.filter(state="open").values_list("item__serial", flat=True)]
    done = [int(serial[1:]) for serial in asked.filter(state="answered").values_list("item__serial", flat=True)]
    assert waiting
    assert done
    assert max(done) <= 60 - 30 < min(waiting) + 12


def test_the_desk_of_the_process_is_the_old_one_afterwards() -> None:
    before = predict.desk
    run(Plan(**{**vars(SMALL), "parts": 12}), seed=1)
    assert predict.desk is before


def test_no_part_is_made_up_in_a_job_of_real_people(cast: factories.Cast) -> None:
    with pytest.raises(Refused, match="not_simulated"):
        begin_simulation(job=factories.job(cast), salt="s")
