"""The threshold below which the AI may pass parts by itself, chosen so that it keeps its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspection.policy.evalues import upper_limit
from inspection.policy.routing import Thresholds

STEPS = 100
GRID = tuple(step / STEPS for step in range(STEPS + 1))
"""Fixed before anybody looks: a grid of the scores themselves would be chosen by the parts that it is proven on."""


@dataclass(frozen=True)
class Point:
    """One threshold of the grid: of `n` parts `passed` would be passed, and `escapes` of these are bad."""

    at: float
    passed: int
    escapes: int
    n: int
    upper: float
    """Upper limit of escapes per inspected part."""


@dataclass(frozen=True)
class Choice:
    """The grid, and the threshold chosen on it; None where not even the lowest keeps the target."""

    points: tuple[Point, ...]
    chosen: Point | None


def choose(
    *, scores: Sequence[float], bad: Sequence[bool], target: float, alpha: float, below: float | None = None
) -> Choice:
    """The largest threshold such that it and every lower one keep escapes per inspected part at or under `target`.

    `scores` and `bad` are of the same parts, at least in draw order and at most three to a lot; a part on which
    nobody has decided counts as bad. `below` is where the AI begins to reject: no threshold lies above it. Going up
    the fixed grid and stopping at the first failure tests one threshold after the other in an order fixed beforehand,
    so that none has to pay for the others (fixed-sequence testing: Maurer, Hothorn and Lehmacher 1995).
    """
    given, wrong = np.asarray(scores, dtype=float), np.asarray(bad, dtype=bool)
    if given.shape != wrong.shape:
        raise ValueError("there is one score for each part")
    points, chosen, holds = [], None, len(given) > 0
    for at in GRID:
        if below is not None and at > below:
            break
        passes = given <= at
        k = int(np.count_nonzero(passes & wrong))
        point = Point(at, int(np.count_nonzero(passes)), k, len(given), upper_limit(k, len(given), alpha))
        holds = holds and point.upper <= target
        chosen = point if holds else chosen
        points.append(point)
    return Choice(points=tuple(points), chosen=chosen)


def is_locked(thresholds: Thresholds, choice: Choice) -> bool:
    """Whether the threshold in force is the one that was chosen."""
    return choice.chosen is not None and thresholds.accept_at == choice.chosen.at
