"""What is known of the people themselves, in the terms of the promotion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inspection.models import Item, Job
from inspection.policy.promotion import Ceiling
from inspection.queries import epochs
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.climbs import climbing_job, epoch_of, part
from tests.stage import cast

__all__ = ["cast"]


@pytest.mark.parametrize(("second", "agree"), [(Verdict.OK, 1), (Verdict.NG, 0)])
def test_a_part_that_two_people_judged_blind_by_chance_is_a_pair(
    cast: factories.Cast, second: Verdict, agree: int
) -> None:
    job = factories.job(cast, level=Level.SHADOW, shares={"double_share": 1.0})
    factories.item(job, score=0.1)
    factories.answer(factories.claim_one(job, cast.inspector))
    assert epochs.ceiling(job) == Ceiling()
    factories.answer(factories.claim_one(job, cast.inspector2), second)
    assert epochs.ceiling(job) == Ceiling(agree=agree, pairs=1)


def test_a_pair_stays_one_though_somebody_was_unsure_of_the_part_later(cast: factories.Cast) -> None:
    """Two who differ are often followed by one who is unsure: without such pairs people looked of one mind."""
    job = factories.job(cast, level=Level.SHADOW, shares={"double_share": 1.0})
    factories.item(job, score=0.1)
    factories.answer(factories.claim_one(job, cast.inspector))
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.NG)
    factories.answer(factories.claim_one(job, cast.manager, adjudication=True), Verdict.UNSURE)
    assert epochs.ceiling(job) == Ceiling(agree=0, pairs=1)


def test_of_a_pair_both_have_to_be_sure(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW, shares={"double_share": 1.0})
    factories.item(job, score=0.1)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.UNSURE)
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.NG)
    assert epochs.ceiling(job) == Ceiling()


def test_the_time_that_parts_span_is_that_of_the_clock_where_the_oldest_is_answered_last(cast: factories.Cast) -> None:
    covers = climbing_job(cast)
    Job.objects.update(captured_time=True)
    for number, hour in enumerate((9, 14, 8)):
        item = part(covers, Verdict.OK, lot=f"L{number}")
        Item.objects.filter(pk=item.pk).update(captured_at=datetime(2025, 3, 1, hour, tzinfo=UTC))
        factories.answer(factories.claim_one(covers, cast.inspector))
    found = epochs.facts_of(covers, epoch_of(covers), now=timezone.now())
    assert found.spread == timedelta(hours=6)
