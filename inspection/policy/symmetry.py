"""Is the AI stricter than the people? Tests of whether two judges of the same parts differ in one direction.

Agreement on the diagonal says nothing about it: only parts on which the two differ count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, chdtrc


@dataclass(frozen=True)
class McNemar:
    """Two classes: `b` parts on which only the second judge rejects, `c` on which only the first does."""

    b: int
    c: int
    chi2: float
    p: float
    chi2_cc: float
    p_cc: float
    p_exact: float
    p_mid: float
    """Less wasteful than the exact one and still honest: what a report should show."""


def mcnemar(*, b: int, c: int) -> McNemar | None:
    """None when the two never differ.

    Q. McNemar, Psychometrika 12 (1947) 153-157; correction for continuity by A. Edwards (1948); mid-p by M. Fagerland,
    S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013) 91.
    """
    n = b + c
    if n == 0:
        return None
    chi2, corrected = (b - c) ** 2 / n, max(abs(b - c) - 1, 0) ** 2 / n
    fewer = min(b, c)
    tail = float(bdtr(fewer, n, 0.5))
    at = tail - (float(bdtr(fewer - 1, n, 0.5)) if fewer else 0.0)
    return McNemar(
        b=b,
        c=c,
        chi2=chi2,
        p=_chi2_tail(chi2, df=1),
        chi2_cc=corrected,
        p_cc=_chi2_tail(corrected, df=1),
        p_exact=min(1.0, 2 * tail),
        p_mid=2 * tail - at,
    )


@dataclass(frozen=True)
class Symmetry:
    statistic: float
    df: int
    p: float


def bowker(table: ArrayLike) -> Symmetry | None:
    """Whether cell (i, j) is as frequent as (j, i) throughout, for any number of classes; None when nothing differs.

    A. Bowker, Journal of the American Statistical Association 43 (1948) 572-574. Pairs of classes that nobody mixed up
    bring no degree of freedom: an unused class would otherwise hide a difference between the others.
    """
    upper = _above(table)
    lower = _above(np.transpose(np.asarray(table)))
    seen = upper + lower > 0
    if not seen.any():
        return None
    statistic = float(((upper - lower)[seen] ** 2 / (upper + lower)[seen]).sum())
    return Symmetry(statistic=statistic, df=int(seen.sum()), p=_chi2_tail(statistic, df=int(seen.sum())))


def _above(table: ArrayLike) -> np.ndarray:
    counts = np.asarray(table, dtype=np.float64)
    return np.asarray(counts[np.triu_indices(len(counts), k=1)])


def stuart_maxwell(table: ArrayLike) -> Symmetry | None:
    """Whether both judges use each class equally often; None when nothing differs.

    A. Stuart, Biometrika 42 (1955) 412-416; A. Maxwell, British Journal of Psychiatry 116 (1970) 651-655. The inverse
    is the generalised one, so that unused classes drop out by themselves.
    """
    counts = np.asarray(table, dtype=np.float64)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    spread = np.diag(rows + columns) - counts - counts.T
    df = int(np.linalg.matrix_rank(spread))
    if df == 0:
        return None
    apart = rows - columns
    statistic = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return Symmetry(statistic=statistic, df=df, p=_chi2_tail(statistic, df=df))


def _chi2_tail(statistic: float, *, df: int) -> float:
    return float(chdtrc(df, statistic))
