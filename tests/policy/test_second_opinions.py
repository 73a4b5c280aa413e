"""What the rules compute on random tables, against statsmodels and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from sklearn.metrics import cohen_kappa_score, matthews_corrcoef
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa as their_cohen
from statsmodels.stats.inter_rater import fleiss_kappa as their_fleiss
from statsmodels.stats.proportion import proportion_confint

from inspection.policy.agreement import agresti_coull, clopper_pearson, clopper_pearson_upper
from inspection.policy.kappa import Weights, cohen_kappa, fleiss_kappa, krippendorff_alpha, matthews
from inspection.policy.symmetry import bowker, mcnemar, stuart_maxwell
from tests.policy.tables import tables

confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def pairs(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two lists of classes, part by part, from a table."""
    rows, columns = np.indices((len(table), len(table)))
    counts = np.asarray(table).ravel()
    return np.repeat(rows.ravel(), counts).tolist(), np.repeat(columns.ravel(), counts).tolist()


@given(n=st.integers(1, 5_000), data=st.data(), confidence=confidences)
def test_exact_intervals(n: int, data: st.DataObject, confidence: float) -> None:
    k = data.draw(st.integers(0, n))
    theirs = proportion_confint(k, n, alpha=1 - confidence, method="beta")
    assert clopper_pearson(k=k, n=n, confidence=confidence) == pytest.approx(theirs, abs=1e-9)
    upper = 1.0 if k == n else float(beta.ppf(confidence, k + 1, n - k))
    assert clopper_pearson_upper(k=k, n=n, confidence=confidence) == pytest.approx(upper, abs=1e-9)


@given(n=st.integers(1, 5_000), data=st.data(), confidence=confidences)
def test_intervals_by_hand(n: int, data: st.DataObject, confidence: float) -> None:
    k = data.draw(st.integers(0, n))
    theirs = proportion_confint(k, n, alpha=1 - confidence, method="agresti_coull")
    assert agresti_coull(k=k, n=n, confidence=confidence) == pytest.approx(theirs, abs=1e-9)


@given(table=tables())
def test_cohens_kappa(table: list[list[int]]) -> None:
    ours, theirs = cohen_kappa(table), their_cohen(table)
    assert ours is not None
    assert (ours.value, ours.se) == pytest.approx((theirs.kappa, theirs.std_kappa), abs=1e-9)
    assert ours.value == pytest.approx(cohen_kappa_score(*pairs(table)), abs=1e-9)


@given(table=tables(), weights=st.sampled_from(["linear", "quadratic"]))
def test_weighted_kappa(table: list[list[int]], weights: Weights) -> None:
    ours = cohen_kappa(table, weights=weights)
    theirs = their_cohen(np.asarray(table), wt={"linear": "linear", "quadratic": "fc"}[weights])
    assert ours is not None
    assert (ours.value, ours.se) == pytest.approx((theirs.kappa, theirs.std_kappa), abs=1e-9)
    assert ours.value == pytest.approx(cohen_kappa_score(*pairs(table), weights=weights), abs=1e-9)


@given(parts=st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=30))
def test_fleiss_kappa(parts: list[list[int]]) -> None:
    counts = np.array([np.bincount(part, minlength=4) for part in parts])
    ours = fleiss_kappa(counts)
    if ours is None:
        assert len({reading for part in parts for reading in part}) == 1
    else:
        assert ours.overall.value == pytest.approx(their_fleiss(counts), abs=1e-9)


@given(table=tables(classes=2))
def test_alpha_of_two_who_judged_everything_is_nearly_scotts_pi(table: list[list[int]]) -> None:
    """Alpha is Scott's pi, which is Fleiss' kappa of two readings, corrected for the size of the sample."""
    first, second = pairs(table)
    counts = np.array([np.bincount(both, minlength=2) for both in zip(first, second, strict=True)])
    n = len(first)
    ours = krippendorff_alpha([first, second])
    assert ours == pytest.approx(their_fleiss(counts) + (1 - their_fleiss(counts)) / (2 * n), abs=1e-9)


@given(b=st.integers(0, 300), c=st.integers(0, 300))
def test_mcnemar(b: int, c: int) -> None:
    ours, table = mcnemar(b=b, c=c), [[9, b], [c, 9]]
    if ours is None:
        return
    plain, exact = their_mcnemar(table, exact=False, correction=False), their_mcnemar(table, exact=True)
    assert (ours.chi2, ours.p, ours.p_exact) == pytest.approx((plain.statistic, plain.pvalue, exact.pvalue), abs=1e-9)
    if b != c:  # statsmodels corrects a difference of nothing as well
        corrected = their_mcnemar(table, exact=False, correction=True)
        assert (ours.chi2_cc, ours.p_cc) == pytest.approx((corrected.statistic, corrected.pvalue), abs=1e-9)


@given(table=tables())
def test_symmetry_and_homogeneity(table: list[list[int]]) -> None:
    theirs = SquareTable(np.asarray(table), shift_zeros=False)
    for ours, other in ((bowker(table), theirs.symmetry()), (stuart_maxwell(table), theirs.homogeneity())):
        assert ours is not None
        assert (ours.statistic, ours.df, ours.p) == pytest.approx((other.statistic, other.df, other.pvalue), abs=1e-6)


@given(table=tables(classes=2))
def test_matthews_correlation(table: list[list[int]]) -> None:
    ((tn, fp), (fn, tp)) = table
    assert matthews(tp=tp, fp=fp, fn=fn, tn=tn) == pytest.approx(matthews_corrcoef(*pairs(table)), abs=1e-9)
