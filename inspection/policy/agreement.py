"""How well the AI and the people agree: counts, shares and their intervals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scipy.special import betaincinv, ndtri

from inspection.vocabulary import Verdict

Cell = tuple[Verdict, Verdict]
"""(the person's verdict, the AI's opinion)"""


@dataclass(frozen=True)
class Share:
    """`k` of `n`; the value is undefined, never 0 or 1, when nothing was counted."""

    k: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.k <= self.n:
            raise ValueError(f"{self.k} of {self.n} is no share")

    @property
    def value(self) -> float | None:
        return self.k / self.n if self.n else None

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float] | None:
        return wilson(k=self.k, n=self.n, confidence=confidence)

    def exact(self, *, confidence: float = 0.95) -> tuple[float, float] | None:
        return clopper_pearson(k=self.k, n=self.n, confidence=confidence)


def wilson(*, k: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Two-sided Wilson score interval of a share; None when n is 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
    """
    if n == 0:
        return None
    z = float(ndtri(0.5 + confidence / 2))
    share = k / n
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / scale
    # At the ends the formula gives 0 and 1 up to rounding; say them exactly.
    return (0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)


def wilson_upper(*, k: int, n: int, confidence: float = 0.95) -> float | None:
    """One-sided upper Wilson limit of a share; None when n is 0."""
    interval = wilson(k=k, n=n, confidence=2 * confidence - 1)
    return None if interval is None else interval[1]


def clopper_pearson(
    *, k: int, n: int, confidence: float = 0.95, one_sided_at_ends: bool = False
) -> tuple[float, float] | None:
    """Two-sided exact interval of a share; None when n is 0.

    C. Clopper, E. Pearson, Biometrika 26 (1934) 404-413. At 0 of n and n of n only one side is open; studies of
    appraisers spend the whole error on that one (`one_sided_at_ends`), so that n of n has the lower limit 0.05^(1/n).
    """
    if n == 0:
        return None
    error = 1 - confidence
    tail = error if one_sided_at_ends and k in (0, n) else error / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return low, high


def clopper_pearson_upper(*, k: int, n: int, confidence: float = 0.95) -> float | None:
    """One-sided exact upper limit of a share; None when n is 0."""
    interval = clopper_pearson(k=k, n=n, confidence=2 * confidence - 1)
    return None if interval is None else interval[1]


def agresti_coull(*, k: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval that people check by hand: a normal one after adding z squared trials; None when n is 0.

    A. Agresti, B. Coull, The American Statistician 52 (1998) 119-126; cut to 0 and 1.
    """
    if n == 0:
        return None
    z = float(ndtri(0.5 + confidence / 2))
    trials = n + z * z
    share = (k + z * z / 2) / trials
    half = z * (share * (1 - share) / trials) ** 0.5
    return max(share - half, 0.0), min(share + half, 1.0)


def misses_by_class(rows: Iterable[tuple[Collection[str], Verdict, int]]) -> dict[str, Share]:
    """Per class of defect: rejected parts that carry it and that the AI would pass, of all that carry it.

    Rows are (classes that people found on a rejected part, the AI's opinion of it, how many such parts).
    """
    missed: dict[str, int] = {}
    found: dict[str, int] = {}
    for classes, ai, count in rows:
        for name in set(classes):
            found[name] = found.get(name, 0) + count
            missed[name] = missed.get(name, 0) + (count if ai == Verdict.OK else 0)
    return {name: Share(k=missed[name], n=found[name]) for name in sorted(found)}


def overkill_by_class(rows: Iterable[tuple[Collection[str], int]]) -> dict[str, Share]:
    """Per class of defect: good parts that the AI would reject for it, of all good parts.

    Rows are (classes for which the AI would reject, none when it would not, how many such parts that people pass).
    """
    good = 0
    blamed: dict[str, int] = {}
    for classes, count in rows:
        good += count
        for name in set(classes):
            blamed[name] = blamed.get(name, 0) + count
    return {name: Share(k=blamed[name], n=good) for name in sorted(blamed)}


@dataclass(frozen=True)
class Matrix:
    """Confusion matrix of people (rows) and AI (columns) over OK, NG and UNSURE."""

    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, cells: Iterable[tuple[Cell, int]]) -> Matrix:
        """From (cell, count) pairs; a cell may come more than once."""
        verdicts = tuple(Verdict)
        table = [[0] * len(verdicts) for _ in verdicts]
        for (person, ai), count in cells:
            table[verdicts.index(person)][verdicts.index(ai)] += count
        return cls(counts=tuple(tuple(row) for row in table))

    def at(self, *, person: Verdict, ai: Verdict) -> int:
        verdicts = tuple(Verdict)
        return self.counts[verdicts.index(person)][verdicts.index(ai)]

    @property
    def n(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def agree(self) -> Share:
        return Share(k=sum(self.counts[i][i] for i in range(len(self.counts))), n=self.n)

    @property
    def misses(self) -> Share:
        """Parts that a person rejects and the AI would pass, of all that a person rejects."""
        return Share(k=self.at(person=Verdict.NG, ai=Verdict.OK), n=self._row(Verdict.NG))

    @property
    def overkill(self) -> Share:
        """Parts that a person passes and the AI would reject, of all that a person passes."""
        return Share(k=self.at(person=Verdict.OK, ai=Verdict.NG), n=self._row(Verdict.OK))

    def _row(self, person: Verdict) -> int:
        return sum(self.at(person=person, ai=ai) for ai in Verdict)
