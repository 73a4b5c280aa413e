"""Shares of all parts from those that chance drew: with unequal probabilities, in lots that go wrong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtrit

from inspection.policy.counting import PER_LOT

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A share of all parts with its two-sided 95 % interval, from `k` of `n` drawn parts; undefined where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    k: int
    n: int

    def times(self, factor: float) -> Estimate:
        """The same of a share `factor` of the parts."""
        low, value, high = (None if end is None else factor * end for end in (self.low, self.value, self.high))
        return Estimate(value=value, low=low, high=high, k=self.k, n=self.n)


NOTHING = Estimate(value=None, low=None, high=None, k=0, n=0)


def weights(*, blind: Flags, audit: Flags, decided: Flags, probability: Floats) -> Floats:
    """For how many parts each drawn one stands: 1/`probability` (Horvitz and Thompson 1952).

    What the AI decided (`decided`) could be drawn twice over, for the blind share or, where that missed it, for the
    random audit. Taken as it is, it would count double beside what only the blind share can draw. The two draws share
    it by how many parts each of them has brought, and the parts of the blind share stand for themselves in the audit's
    half, which cannot draw them (H. O. Hartley, "Multiple frame surveys", Proc. Social Statistics Section, American
    Statistical Association (1962) 203-206).
    """
    if not np.all((probability > 0) & (probability <= 1)):
        raise ValueError("a probability of being drawn lies above 0 and up to 1")
    twice = blind & decided
    brought, audits = int(np.count_nonzero(twice)), int(np.count_nonzero(audit))
    by_blind = brought / (brought + audits) if brought + audits else 1.0
    plain = 1 / probability
    shared = np.where(audit, (1 - by_blind) * plain, plain)
    return np.asarray(np.where(twice, by_blind * plain + (1 - by_blind), shared), dtype=np.float64)


def share(*, hits: Flags, among: Flags, weight: Floats, lots: Codes, confidence: float = 0.95) -> Estimate:
    """The share of `hits` in `among`, weighted (J. Hajek's ratio, 1971), with an interval that knows of lots.

    All arrays have one place a drawn part; `lots` are whole numbers from 0 on. The interval is the exact one of Clopper
    and Pearson at the number of independent parts that would be as uncertain: by the variance between lots and with
    the t-quantile of their number (E. Korn, B. Graubard, "Confidence intervals for proportions with small expected
    number of positive counts estimated from survey data", Survey Methodology 24 (1998) 193-201). Never narrower than
    equal draws of that many parts would make it. Where all parts are alike no variance can be seen: then at most
    three parts of a lot count, as at the gate.
    """
    n = int(np.count_nonzero(among))
    if not n:
        return NOTHING
    w, y, lot = weight[among], hits[among].astype(np.float64), lots[among]
    value = float(np.average(y, weights=w))
    k = int(y.sum())
    low, high = _exact(value, _worth(y, value, w=w, lot=lot, confidence=confidence), confidence=confidence)
    return Estimate(
        value=value, low=0.0 if k == 0 else min(low, value), high=1.0 if k == n else max(high, value), k=k, n=n
    )


def _worth(y: Floats, value: float, *, w: Floats, lot: Codes, confidence: float) -> float:
    """How many independent parts, equally likely to be drawn, would say as much."""
    n = len(y)
    # L. Kish, Survey Sampling (1965): what unequal weights leave of n.
    equal = float(w.sum() ** 2 / np.square(w).sum())
    sizes = np.bincount(lot)
    sizes = sizes[sizes > 0]
    few = equal * float(np.minimum(sizes, PER_LOT).sum()) / n
    if len(sizes) < 2 or y.min() == y.max():
        return few
    off = np.bincount(lot, weights=w * (y - value)) / w.sum()
    variance = len(sizes) / (len(sizes) - 1) * float(np.square(off).sum())
    if variance <= 0:
        return equal
    tail = (1 + confidence) / 2
    loss = float(stdtrit(n - 1, tail) / stdtrit(len(sizes) - 1, tail)) ** 2
    return min(equal, value * (1 - value) / variance * loss)


def _exact(value: float, n: float, *, confidence: float) -> tuple[float, float]:
    """Clopper and Pearson (1934) for a number of parts that need not be whole."""
    tail, k = (1 - confidence) / 2, value * n
    low = 0.0 if k <= 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k >= n else float(betaincinv(k + 1, n - k, 1 - tail))
    return low, high
