"""Agreement beyond chance: Cohen, Fleiss, Gwet and Krippendorff, and when kappa misleads.

Tables are square: rows the first judge (people), columns the second (the AI), the same classes in the same order.
Where a coefficient has no value, because nothing was counted or chance alone would agree fully, the answer is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from inspection.sentences import Number, Percent, Sentence

Numbers = NDArray[np.float64]
Weights = Literal["unweighted", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
PARADOX = 0.1
"""Kappa this far below what it would be with classes equally frequent is said to be a matter of how rare a class is."""


@dataclass(frozen=True)
class Estimate:
    """A coefficient with its standard error; None for the error when there are too few items for one."""

    value: float
    se: float | None

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float] | None:
        if self.se is None:
            return None
        half = float(ndtri(0.5 + confidence / 2)) * self.se
        return self.value - half, self.value + half

    @property
    def z(self) -> float | None:
        return self.value / self.se if self.se else None

    @property
    def p(self) -> float | None:
        """Probability of as much agreement or more by chance alone: one-sided."""
        return None if self.z is None else float(ndtr(-self.z))


def _shares(table: ArrayLike) -> tuple[Numbers, float]:
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ValueError("a table of agreement is square and holds counts")
    n = float(counts.sum())
    return (counts / n if n else counts), n


def cohen_kappa(table: ArrayLike, *, weights: Weights = "unweighted") -> Estimate | None:
    """Cohen's kappa with the standard error of the estimate, not that under chance.

    J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; J. Fleiss, J. Cohen, B. Everitt, "Large sample
    standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969) 323-327.
    """
    p, n = _shares(table)
    w = _agreement_weights(len(p), weights)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    expected = float(rows @ w @ columns)
    if n == 0 or np.isclose(expected, 1, rtol=0, atol=1e-12):
        return None
    kappa = (float((p * w).sum()) - expected) / (1 - expected)
    of_row, of_column = (w @ columns)[:, None], (rows @ w)[None, :]
    spread = float((p * (w - (of_row + of_column) * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    # Perfect agreement has no spread at all; rounding makes it a little less than none.
    return Estimate(value=kappa, se=max(variance, 0.0) ** 0.5)


def _agreement_weights(classes: int, weights: Weights) -> Numbers:
    if weights == "unweighted":
        return np.eye(classes)
    # By how much the farthest classes are apart cancels out of kappa; 1 keeps a table of one class from dividing by 0.
    apart = np.abs(np.subtract.outer(np.arange(classes), np.arange(classes))) / max(classes - 1, 1)
    return np.asarray(1 - apart ** (1 if weights == "linear" else 2))


def gwet_ac1(table: ArrayLike) -> Estimate | None:
    """Gwet's AC1 of two judges, which does not fall when a class is rare; every class of the table counts, used or not.

    K. Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", British Journal of
    Mathematical and Statistical Psychology 61 (2008) 29-48; the variance over the items, without finite population.
    """
    p, n = _shares(table)
    classes = len(p)
    if n == 0 or classes < 2:
        return None
    used = (p.sum(axis=0) + p.sum(axis=1)) / 2
    expected = float((used * (1 - used)).sum()) / (classes - 1)
    value = (float(np.trace(p)) - expected) / (1 - expected)
    # An item in cell (i, j): whether it agrees, and its own share in what chance is taken to be.
    own = np.add.outer(1 - used, 1 - used) / 2 / (classes - 1)
    each = (np.eye(classes) - expected) / (1 - expected) - 2 * (1 - value) * (own - expected) / (1 - expected)
    spread = float((p * (each - value) ** 2).sum())
    return Estimate(value=value, se=(spread / (n - 1)) ** 0.5 if n > 1 else None)


@dataclass(frozen=True)
class Fleiss:
    """Fleiss' kappa of several readings per part: overall, and per class in the order of the columns.

    The errors are those under chance, as tests against "no better than chance" want them.
    """

    overall: Estimate
    classes: tuple[Estimate | None, ...]


def fleiss_kappa(counts: ArrayLike) -> Fleiss | None:
    """From counts of shape (parts, classes); parts with fewer than two readings are left out.

    J. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971) 378-382; errors
    by J. Fleiss, J. Nee, J. Landis, Psychological Bulletin 86 (1979) 974-977, which know no gaps: None when parts
    differ in how often they were read. None altogether when fewer than two classes were ever said.
    """
    table = np.asarray(counts, dtype=np.float64)
    table = table[table.sum(axis=1) >= 2]
    if np.count_nonzero(table.sum(axis=0)) < 2:
        return None
    m = table.sum(axis=1, keepdims=True)
    p = table.sum(axis=0) / table.sum()
    against = (table * (m - table) / (m * (m - 1))).mean(axis=0)
    chance = p * (1 - p)
    same = int(m[0, 0]) if (m == m[0, 0]).all() else None
    value = 1 - float(against.sum() / chance.sum())
    overall = Estimate(value=value, se=None if same is None else _fleiss_se_overall(p, parts=len(table), readings=same))
    se = None if same is None else fleiss_se(parts=len(table), readings=same)
    each = (Estimate(value=1 - float(a / c), se=se) if c > 0 else None for a, c in zip(against, chance, strict=True))
    return Fleiss(overall=overall, classes=tuple(each))


def fleiss_se(*, parts: int, readings: int) -> float:
    """Standard error, under chance, of Fleiss' kappa of one class: sqrt(2 / (N m (m - 1)))."""
    return sqrt(2 / (parts * readings * (readings - 1)))


def _fleiss_se_overall(p: Numbers, *, parts: int, readings: int) -> float:
    chance = p * (1 - p)
    total = float(chance.sum())
    inner = total**2 - float((chance * (1 - 2 * p)).sum())
    return fleiss_se(parts=parts, readings=readings) * sqrt(max(inner, 0.0)) / total


def krippendorff_alpha(ratings: Sequence[Sequence[str | float | None]], *, level: Level = "nominal") -> float | None:
    """Krippendorff's alpha of several judges with gaps: `ratings` has a row per judge, a column per unit, None a gap.

    K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011). None when no unit was judged twice, or when
    those that were got one and the same value throughout.
    """
    values = sorted({value for row in ratings for value in row if value is not None})
    column = {value: index for index, value in enumerate(values)}
    counts = np.zeros((max(map(len, ratings), default=0), len(values)))
    for row in ratings:
        for unit, value in enumerate(row):
            if value is not None:
                counts[unit, column[value]] += 1
    return alpha_of_counts(counts, values=values, level=level)


def alpha_of_counts(counts: ArrayLike, *, values: Sequence[str | float] = (), level: Level = "nominal") -> float | None:
    """The same from counts of shape (units, values), how many judges gave a unit each value."""
    table = np.asarray(counts, dtype=np.float64)
    table = table[table.sum(axis=1) >= 2] if table.size else table.reshape(0, len(values))
    pairs = 1 / (table.sum(axis=1, keepdims=True) - 1)
    coincidence = (table * pairs).T @ table - np.diag((table * pairs).sum(axis=0))
    each = coincidence.sum(axis=1)
    apart = _distance(each, values=values, level=level)
    expected = float(each @ apart @ each)
    return None if expected == 0 else 1 - float((coincidence * apart).sum()) * (float(each.sum()) - 1) / expected


def _distance(each: Numbers, *, values: Sequence[str | float], level: Level) -> Numbers:
    """Squared differences between values; `each` says how often every value was given, which ordinal ones go by."""
    if level == "nominal":
        return 1 - np.eye(len(each))
    if level == "ordinal":
        middle = np.cumsum(each) - each / 2
        return np.asarray(np.subtract.outer(middle, middle) ** 2)
    numbers = np.asarray(values, dtype=np.float64)
    apart = np.subtract.outer(numbers, numbers)
    if level == "ratio":
        total = np.add.outer(numbers, numbers)
        apart = np.divide(apart, total, out=np.zeros_like(apart), where=total != 0)
    return np.asarray(apart**2)


def matthews(*, tp: int, fp: int, fn: int, tn: int) -> float | None:
    """Matthews correlation of two classes; None when a row or a column of the table is empty."""
    margins = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return None if margins == 0 else (tp * tn - fp * fn) / margins**0.5


def pabak(table: ArrayLike) -> float | None:
    """What kappa would be were all classes equally frequent: prevalence- and bias-adjusted kappa.

    T. Byrt, J. Bishop, J. Carlin, Journal of Clinical Epidemiology 46 (1993) 423-429; for q classes (q p - 1)/(q - 1).
    """
    p, n = _shares(table)
    classes = len(p)
    return None if n == 0 or classes < 2 else (classes * float(np.trace(p)) - 1) / (classes - 1)


def kappa_misleads(table: ArrayLike) -> Sentence | None:
    """Why kappa says less than it seems to for this table; None where it may be read as it stands.

    The paradox of A. Feinstein and D. Cicchetti, Journal of Clinical Epidemiology 43 (1990) 543-549: one and the same
    judge has a lower kappa the rarer the defects are.
    """
    p, _ = _shares(table)
    kappa, even = cohen_kappa(table), pabak(table)
    if even is None:
        return None
    if kappa is None:
        return Sentence(
            "Kappa has no value here: everybody said the same of every part, so there is no chance to beat."
        )
    if even - kappa.value <= PARADOX:
        return None
    used = (p.sum(axis=0) + p.sum(axis=1)) / 2
    return Sentence(
        "Kappa is {kappa} although {agreement} of the verdicts are the same: {common} of all verdicts are of one "
        "class, and kappa falls as the others become rare, whoever judges. Read the misses and the overkill instead.",
        kappa=Number(kappa.value, places=2),
        agreement=Percent(float(np.trace(p))),
        common=Percent(float(used.max())),
    )
