"""Proof that stays proof however often one looks: e-values, confidence sequences and the detector that steps down.

An e-value is what a bet against "the error rate is the bar or worse" has made of a stake of 1. Under that claim its
mean is at most 1 at any time one chooses to look, so the chance that it ever reaches 1/alpha is at most alpha
(J. Ville, 1939; A. Ramdas et al., "Game-theoretic statistics and safe anytime-valid inference", Statistical Science 38
(2023) 576-601).
The bet is a uniform prior over the rates on the good side of the bar, which gives a closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite, log, log1p
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betainc, betaln

ALARM = 10_000.0
"""A detector's level that raises the alarm; without any change it is passed once in 10,000 items or rarer."""
RATIOS = (1.5, 2.0, 3.0, 5.0, 10.0)
"""How many times worse than it should be the rate may have become: what the detector bets on."""
WORST = 0.9
"""Candidate rates end here: at 1 a single right answer would throw a candidate's whole record away."""
HIGHEST = 1e300
"""Levels stay below this, so that a long outage never turns them into infinity, which no JSON can carry."""
TINY = 1e-250
"""From about 1e-270 on the incomplete beta function loses its digits before it becomes 0: all of that is underflow."""
BAR = "a bar lies between 0 and 1, both excluded"
COUNT = "there are between 0 and n errors in n items"
FARTHEST = 10**9
"""More items than this are "never": no line inspects them, and rounding would decide the answer."""


def log_e_below_many(k: ArrayLike, n: ArrayLike, bar: ArrayLike) -> NDArray[np.float64]:
    """Natural logarithm of the e-value that the error rate is below `bar`, after `k` errors in `n`, element by element.

    ln E = ln B(k+1, n-k+1) + ln I_bar(k+1, n-k+1) - ln bar - k ln bar - (n-k) ln(1-bar). `k` need not be whole.
    Where the incomplete beta function underflows the answer is -inf: lifting it to the smallest number instead makes a
    million items with half of them wrong look like overwhelming proof.
    """
    k, n, bar = (np.asarray(values, dtype=np.float64) for values in (k, n, bar))
    _check(k=k, n=n, bar=bar)
    below = betainc(k + 1, n - k + 1, bar)
    with np.errstate(divide="ignore"):
        below = np.log(np.where(below < TINY, 0.0, below))
    log_e = betaln(k + 1, n - k + 1) + below - (k + 1) * np.log(bar) - (n - k) * np.log1p(-bar)
    return np.asarray(np.where(n == 0, 0.0, log_e), dtype=np.float64)


def log_e_above_many(k: ArrayLike, n: ArrayLike, bar: ArrayLike) -> NDArray[np.float64]:
    """The mirror image: that the error rate is above `bar`."""
    k, n, bar = (np.asarray(values, dtype=np.float64) for values in (k, n, bar))
    return log_e_below_many(n - k, n, 1 - bar)


def _check(*, k: NDArray[np.float64], n: NDArray[np.float64], bar: NDArray[np.float64]) -> None:
    if not np.all((bar > 0) & (bar < 1)):
        raise ValueError(BAR)
    if not np.all((k >= 0) & (k <= n)):
        raise ValueError(COUNT)


def log_e_below(k: float, n: float, bar: float) -> float:
    """As `log_e_below_many`, of one count: written out once more, since searches ask it tens of thousands of times."""
    if not 0 < bar < 1:
        raise ValueError(BAR)
    if not 0 <= k <= n:
        raise ValueError(COUNT)
    below = float(betainc(k + 1, n - k + 1, bar))
    if below < TINY:
        return -inf
    return float(betaln(k + 1, n - k + 1)) + log(below) - (k + 1) * log(bar) - (n - k) * log1p(-bar) if n else 0.0


def log_e_above(k: float, n: float, bar: float) -> float:
    """As `log_e_above_many`, of one count."""
    return log_e_below(n - k, n, 1 - bar)


def proven(k: float, n: float, bar: float, alpha: float) -> bool:
    """Whether the error rate is below `bar`, wrongly said with probability at most `alpha` over all looks together."""
    return log_e_below(k, n, bar) >= _needed(alpha)


def disproven(k: float, n: float, bar: float, alpha: float) -> bool:
    """Whether the error rate is above `bar`, with the same promise."""
    return log_e_above(k, n, bar) >= _needed(alpha)


def _needed(alpha: float) -> float:
    if not 0 < alpha < 1:
        raise ValueError("alpha lies between 0 and 1, both excluded")
    return -log(alpha)


def upper_limit(k: float, n: float, alpha: float) -> float:
    """The smallest bar that `k` errors in `n` prove; 1.0 when they prove none.

    Bisection: above the observed share the e-value only rises with the bar once it has passed e.
    """
    needed = _needed(alpha)
    if n == 0 or k >= n:
        return 1.0
    low, high = k / n, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high
        if log_e_below(k, n, middle) >= needed:
            high = middle
        else:
            low = middle


def lower_limit(k: float, n: float, alpha: float) -> float:
    """The largest bar that the error rate is proven to be above; 0.0 when there is none."""
    return 1 - upper_limit(n - k, n, alpha)


def two_sided(k: float, n: float, alpha: float) -> tuple[float, float]:
    """Lower and upper limit that hold together at all times with probability at least 1 - `alpha`."""
    return lower_limit(k, n, alpha / 2), upper_limit(k, n, alpha / 2)


def present_rate(k: int, n: int) -> float:
    """The error rate to plan with: half an error is added, so that a good start does not promise a rate of 0."""
    return (k + 0.5) / (n + 1)


def still_needed(k: float, n: float, bar: float, alpha: float, *, rate: float) -> int | None:
    """How many more items prove the bar if errors keep coming at `rate`; 0 when it is proven, None for never."""
    if rate >= bar and not proven(k, n, bar, alpha):
        return None
    return _smallest(lambda m: proven(k + m * rate, n + m, bar, alpha))


def _smallest(holds: Callable[[int], bool]) -> int | None:
    """The smallest m >= 0 from which it holds on; None beyond `FARTHEST`."""
    if holds(0):
        return 0
    low, high = 0, 1
    while not holds(high):
        low, high = high, high * 2
        if high > FARTHEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def items_that_prove(errors: int, bar: float, alpha: float) -> int | None:
    """Of how many items `errors` may be wrong for the bar to be proven, looking as often as one likes."""
    more = still_needed(errors, errors, bar, alpha, rate=0)
    return None if more is None else errors + more


def items_without_peeking(errors: int, bar: float, confidence: float = 0.95) -> int | None:
    """The same for a plan whose size is fixed before and looked at once: exact binomial, one-sided."""
    more = _smallest(lambda m: bool(bdtr(errors, errors + m, bar) <= 1 - confidence))
    return None if more is None else errors + more


@dataclass(frozen=True)
class Detector:
    """Watches one stream for an error rate above `p0`: Shiryaev-Roberts e-detectors, one per candidate rate, averaged.

    J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", New
    England Journal of Statistics in Data Science 2 (2024) 229-260. While the rate is at most `p0` the mean time to a
    false alarm is at least `ALARM` items.
    """

    p0: float
    m: tuple[float, ...]

    @classmethod
    def fresh(cls, p0: float) -> Detector:
        return cls(p0=p0, m=(0.0,) * len(candidates(p0)))

    def after(self, error: bool) -> Detector:
        """With one more item seen; the order of items matters."""
        gains = (p / self.p0 if error else (1 - p) / (1 - self.p0) for p in candidates(self.p0))
        return Detector(p0=self.p0, m=tuple(min((m + 1) * g, HIGHEST) for m, g in zip(self.m, gains, strict=True)))

    @property
    def level(self) -> float:
        # Divided before it is added: five capped values would add up beyond what a float holds.
        return sum(m / len(self.m) for m in self.m)

    @property
    def alarmed(self) -> bool:
        return self.level >= ALARM

    def as_json(self) -> dict[str, Any]:
        return {"p0": self.p0, "m": list(self.m)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Detector:
        detector = cls(p0=float(data["p0"]), m=tuple(float(m) for m in data["m"]))
        if len(detector.m) != len(candidates(detector.p0)) or not all(0 <= m < inf for m in detector.m):
            raise ValueError("a detector's record does not fit its rate")
        return detector


@lru_cache(maxsize=256)
def candidates(p0: float) -> tuple[float, ...]:
    """The error rates that a detector bets on: `RATIOS` times `p0`, at most `WORST`."""
    if not (isfinite(p0) and 0 < p0 < WORST):
        raise ValueError(f"a detector watches for a rate above one between 0 and {WORST}, both excluded")
    return tuple(p for p in (min(p0 * ratio, WORST) for ratio in RATIOS) if p > p0)


RUNS = 2_000
"""Simulated streams behind `expected_delay`: their median is good to about 3 %."""
CALM = 200
"""Items that each of them has seen at the good rate before the fall: a detector that starts with the fall is slower."""


@lru_cache(maxsize=1024)
def expected_delay(p0: float, p1: float) -> int:
    """About how many items a detector that has run for a while sees from a fall to rate `p1` to its alarm: the median.

    Simulated with a fixed seed: the same answer every time. Half of all such falls are noticed sooner, half later.
    Streams that alarm before the fall are left out. ValueError when `p1` is no worse than `p0`.
    """
    if not p0 < p1 <= 1:
        raise ValueError("a delay is told for a rate that has got worse")
    chance = np.random.Generator(np.random.PCG64(20_000))
    rates = np.array(candidates(p0))[:, None]
    levels = np.zeros((len(rates), RUNS))
    for _ in range(CALM):
        levels = _one_more(levels, rates=rates, p0=p0, errors=chance.random(RUNS) < p0)
    levels = levels[:, levels.mean(axis=0) < ALARM]
    alarmed = np.zeros(levels.shape[1], dtype=bool)
    items = 0
    while 2 * alarmed.sum() < len(alarmed):
        levels = _one_more(levels, rates=rates, p0=p0, errors=chance.random(len(alarmed)) < p1)
        alarmed |= levels.mean(axis=0) >= ALARM
        items += 1
    return items


def _one_more(
    levels: NDArray[np.float64], *, rates: NDArray[np.float64], p0: float, errors: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """`Detector.after` for many streams side by side: a row per candidate, a column per stream."""
    gains = np.where(errors, rates / p0, (1 - rates) / (1 - p0))
    return np.asarray(np.minimum((levels + 1) * gains, HIGHEST))


def parts_until_noticed(*, p0: float, p1: float, audit_rate: float) -> int:
    """The same in parts that pass the camera, when the share `audit_rate` of them is audited at random."""
    if not 0 < audit_rate <= 1:
        raise ValueError("audits take a share of the parts above 0 and up to 1")
    return ceil(expected_delay(p0, p1) / audit_rate)
