from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from inference.contract import Suggested
from inference.evaluate import (
    at_thresholds,
    auroc,
    auroc_interval,
    calibration_error,
    clopper_pearson,
    reliability,
    suggest,
    wilson,
)

RNG = np.random.default_rng(7)
BAD = RNG.random(400) < 0.3
SCORES = np.clip(np.round(RNG.normal(0.4 + 0.25 * BAD, 0.2), 2), 0, 1)


def test_auroc_agrees_with_scikit_learn_ties_included() -> None:
    assert auroc(BAD, SCORES) == pytest.approx(roc_auc_score(BAD, SCORES), abs=1e-12)


def test_auroc_of_one_class_is_undefined() -> None:
    assert auroc(np.ones(5, bool), np.arange(5.0)) is None


def test_the_interval_of_auroc_is_wider_when_errors_come_in_lots() -> None:
    alone = auroc_interval(BAD, SCORES, np.arange(400).astype(str))
    assert alone is not None
    assert alone[0] < roc_auc_score(BAD, SCORES) < alone[1]
    order = np.argsort(SCORES * np.where(BAD, 1, -1))  # lots of parts that are alike
    lots = np.empty(400, dtype="<U4")
    lots[order] = (np.arange(400) // 20).astype(str)
    together = auroc_interval(BAD, SCORES, lots)
    assert together is not None
    assert together[1] - together[0] > alone[1] - alone[0]


def test_the_interval_of_auroc_needs_five_lots() -> None:
    assert auroc_interval(BAD, SCORES, (np.arange(400) % 4).astype(str)) is None


@pytest.mark.parametrize(("k", "n"), [(0, 10), (1, 10), (10, 10), (3, 700), (350, 700)])
def test_intervals_agree_with_statsmodels(k: int, n: int) -> None:
    assert wilson(k, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)
    assert clopper_pearson(k, n) == pytest.approx(proportion_confint(k, n, method="beta"), abs=1e-12)


def test_an_interval_of_nothing_is_undefined() -> None:
    assert (wilson(0, 0), clopper_pearson(0, 0)) == (None, None)


def test_calibration_error_is_the_mean_gap_weighted_by_bin() -> None:
    targets = np.array([0, 0, 1, 1.0])
    scores = np.array([0.1, 0.1, 0.9, 0.5])
    assert [(bin.n, round(bin.said, 3), bin.seen) for bin in reliability(targets, scores)] == [
        (2, 0.1, 0.0),
        (1, 0.5, 1.0),
        (1, 0.9, 1.0),
    ]
    assert calibration_error(targets, scores) == pytest.approx((2 * 0.1 + 0.5 + 0.1) / 4)


def test_a_score_of_exactly_one_lies_in_the_last_bin() -> None:
    assert reliability(np.ones(1), np.ones(1))[0].low == 0.9


def test_thresholds_count_misses_among_bad_and_overkill_among_good() -> None:
    bad = np.array([True, True, False, False, False])
    found = at_thresholds(bad, np.array([0.1, 0.9, 0.1, 0.5, 0.9]), accept_at=0.2, reject_at=0.8)
    assert [(share.k, share.n) for share in (found.misses, found.overkill, found.decided)] == [(1, 2), (1, 3), (4, 5)]


def test_nothing_is_suggested_without_a_bad_or_without_a_good_part() -> None:
    assert suggest(np.zeros(500, bool), np.linspace(0, 1, 500)) == Suggested()
    assert suggest(np.ones(500, bool), np.linspace(0, 1, 500)) == Suggested()


def test_nothing_is_suggested_from_a_handful_of_parts() -> None:
    assert suggest(np.array([False, False, True]), np.array([0.0, 0.1, 1.0])) == Suggested()


def test_a_perfect_model_gets_thresholds_in_the_middle() -> None:
    bad = np.arange(600) >= 300
    assert suggest(bad, np.where(bad, 0.95, 0.05)) == Suggested(accept_at=0.45, reject_at=0.55)


def test_a_model_with_one_answer_for_all_gets_thresholds_that_decide_nothing() -> None:
    assert suggest(BAD, np.full(400, 0.3)) == Suggested(accept_at=0.29, reject_at=0.31)


def test_suggested_thresholds_keep_their_promise_on_the_parts_that_chose_them() -> None:
    bad = np.random.default_rng(3).random(5000) < 0.3
    scores = np.clip(np.random.default_rng(4).normal(0.3 + 0.4 * bad, 0.15), 0, 1)
    found = suggest(bad, scores)
    assert found.accept_at is not None
    assert found.reject_at is not None
    assert (bad & (scores <= found.accept_at)).mean() <= 0.02
    assert (~bad & (scores >= found.reject_at)).mean() <= 0.02
    assert found.accept_at < found.reject_at
