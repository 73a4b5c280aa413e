from __future__ import annotations

import pytest

from inspection.policy.differences import rank
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict.OK, Verdict.NG, Verdict.UNSURE

# Worst first: the AI's opinion, the person's verdict, the reference, the score, a critical defect.
IN_ORDER = [
    (OK, NG, NG, 0.01, True),
    (OK, NG, NG, 0.19, True),
    (OK, OK, NG, 0.01, False),
    (OK, NG, None, 0.19, False),
    (NG, OK, OK, 0.99, False),
    (NG, OK, None, 0.81, False),
    (UNSURE, NG, NG, 0.79, False),
    (UNSURE, OK, OK, 0.5, False),
    (OK, NG, OK, 0.01, False),
    (NG, OK, NG, 0.81, False),
]


def test_differences_stand_in_the_order_of_what_they_cost() -> None:
    ranks = [
        rank(opinion=opinion, verdict=verdict, reference=reference, score=score, critical=critical)
        for opinion, verdict, reference, score, critical in IN_ORDER
    ]
    assert None not in ranks
    assert ranks == sorted(ranks, key=lambda one: -(one or 0.0))


@pytest.mark.parametrize("said", [OK, NG, UNSURE])
def test_who_says_the_same_differs_from_nobody(said: Verdict) -> None:
    assert rank(opinion=said, verdict=said, reference=said, score=0.5, critical=False) is None
    assert rank(opinion=said, verdict=said, reference=None, score=0.5, critical=False) is None


def test_a_lost_part_differs_from_nobody() -> None:
    assert rank(opinion=OK, verdict=None, reference=None, score=0.1, critical=False) is None
