"""What is known of the people themselves, in the terms of the promotion."""

from __future__ import annotations

import pytest

from inspection.policy.promotion import Ceiling
from inspection.queries import epochs
from inspection.vocabulary import Level, Verdict
from tests import factories
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
