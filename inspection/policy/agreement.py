"""How well the AI and the people agree: counts, shares and their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import ndtri

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
