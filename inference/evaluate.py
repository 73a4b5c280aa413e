"""How good a model is on pictures it has not seen: numbers with their uncertainty, undefined said as None.

numpy and scipy.special only; the tests compare with scikit-learn and statsmodels. `bad` is a boolean array, true for
NG; `scores` are probabilities of NG. Lower ends of intervals come first, at 95 % unless said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

from inference.contract import Suggested

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Interval = tuple[float, float]
RESAMPLES = 1000
BINS = 10
# The share of all parts, passed though bad or rejected though good, that suggested thresholds may cost.
SUGGESTED_COST = 0.02


def auroc(bad: Mask, scores: Array) -> float | None:
    """The chance that a bad part scores above a good one, ties counting half (Mann-Whitney). None for one class."""
    n_bad, n_good = int(bad.sum()), int((~bad).sum())
    if not n_bad or not n_good:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[bad].sum() - n_bad * (n_bad + 1) / 2) / (n_bad * n_good))


def auroc_interval(bad: Mask, scores: Array, lots: npt.NDArray[np.str_]) -> Interval | None:
    """By drawing whole lots with replacement, since parts of a lot fail together (Field and Welsh 2007).

    None with fewer than five lots, where there is too little to draw from.
    """
    names = np.unique(lots)
    if len(names) < 5 or auroc(bad, scores) is None:
        return None
    members = [np.flatnonzero(lots == name) for name in names]
    rng = np.random.default_rng(0)
    draws = (np.concatenate([members[at] for at in rng.integers(0, len(names), len(names))]) for _ in range(RESAMPLES))
    found = [value for rows in draws if (value := auroc(bad[rows], scores[rows])) is not None]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def wilson(k: int, n: int) -> Interval | None:
    """Score interval for a share (Wilson 1927). None for n = 0."""
    if n == 0:
        return None
    z = float(ndtri(0.975))
    middle, spread = (k + z * z / 2) / (n + z * z), z / (n + z * z) * np.sqrt(k * (n - k) / n + z * z / 4)
    return max(0.0, float(middle - spread)), min(1.0, float(middle + spread))


def clopper_pearson(k: int, n: int, *, confidence: float = 0.95) -> Interval | None:
    """Exact interval for a share (Clopper and Pearson 1934). None for n = 0."""
    if n == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return low, high


@dataclass(frozen=True)
class Share:
    """k of n, with an interval that is None where n is 0."""

    k: int
    n: int
    interval: Interval | None


def exact_share(k: int, n: int) -> Share:
    return Share(int(k), int(n), clopper_pearson(int(k), int(n)))


@dataclass(frozen=True)
class Bin:
    low: float
    high: float
    n: int
    said: float
    seen: float


def reliability(targets: Array, scores: Array) -> list[Bin]:
    """What the model said against what was seen, in ten bins of equal width; empty bins are left out."""
    at = np.minimum((scores * BINS).astype(int), BINS - 1)
    found = []
    for number in np.unique(at):
        rows = at == number
        said, seen = float(scores[rows].mean()), float(targets[rows].mean())
        found.append(Bin(number / BINS, (number + 1) / BINS, int(rows.sum()), said, seen))
    return found


def calibration_error(targets: Array, scores: Array) -> float | None:
    """Expected calibration error: mean gap of said and seen, weighted by bin (Naeini et al. 2015). None for n = 0."""
    if not len(scores):
        return None
    return float(sum(bin.n * abs(bin.said - bin.seen) for bin in reliability(targets, scores)) / len(scores))


@dataclass(frozen=True)
class AtThresholds:
    """What two thresholds do: misses among bad parts, overkill among good ones, and how much is left to people."""

    accept_at: float
    reject_at: float
    misses: Share
    overkill: Share
    decided: Share


def at_thresholds(bad: Mask, scores: Array, *, accept_at: float, reject_at: float) -> AtThresholds:
    accepted, rejected = scores <= accept_at, scores >= reject_at
    return AtThresholds(
        accept_at=accept_at,
        reject_at=reject_at,
        misses=exact_share((accepted & bad).sum(), bad.sum()),
        overkill=exact_share((rejected & ~bad & ~accepted).sum(), (~bad).sum()),
        decided=exact_share((accepted | rejected).sum(), len(scores)),
    )


def suggest(bad: Mask, scores: Array, *, cost: float = SUGGESTED_COST) -> Suggested:
    """Thresholds at which at most `cost` of all parts are passed though bad, and as many rejected though good.

    Each is the furthest on a grid of 0.01 up to which the upper end of the 90 % Clopper-Pearson interval stays below
    `cost` all the way. None where nothing qualifies. Without a bad part the accepting threshold would be 1, without a
    good one the rejecting threshold 0: then nothing is suggested.
    """
    if not bad.any() or bad.all():
        return Suggested()
    grid = np.round(np.arange(1, 100) / 100, 2)
    accept = _furthest(grid, [int((bad & (scores <= t)).sum()) for t in grid], len(scores), cost)
    reject = _furthest(grid[::-1], [int((~bad & (scores >= t)).sum()) for t in grid[::-1]], len(scores), cost)
    if accept is not None and reject is not None and accept >= reject:  # a very good model: any cut between would do
        middle = (accept + reject) / 2
        accept, reject = max(reject, round(middle - 0.05, 2)), min(accept, round(middle + 0.05, 2))
        if accept >= reject:
            accept, reject = round(accept - 0.01, 2), round(accept + 0.01, 2)
    return Suggested(accept_at=accept, reject_at=reject)


def _furthest(grid: Array, wrong: list[int], n: int, cost: float) -> float | None:
    kept = None
    for threshold, k in zip(grid, wrong, strict=True):
        interval = clopper_pearson(k, n, confidence=0.90)
        if interval is None or interval[1] > cost:
            break
        kept = float(threshold)
    return kept
