from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from inspection.policy.evalues import log_e_below
from inspection.queries.readiness import Mark, Point
from inspection.web.proof_plot import HEIGHT, LEFT, WIDTH, ProofPlot, proof_plot

AT = datetime(2026, 3, 1, tzinfo=UTC)


def points(*counts: tuple[int, int], bar: float = 0.05) -> list[Point]:
    return [Point(n=n, k=k, log_e=log_e_below(k, n, bar), at=AT) for k, n in counts]


def plot(*counts: tuple[int, int], marks: tuple[Mark, ...] = (), alpha: float = 0.05) -> ProofPlot:
    drawn = proof_plot(points(*counts), marks, alpha=alpha)
    assert drawn is not None
    return drawn


def ends(drawn: ProofPlot) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in drawn.path.split())]


def test_nothing_counted_is_no_plot() -> None:
    assert proof_plot([], [], alpha=0.05) is None


def test_the_way_begins_at_one_and_ends_where_it_stands() -> None:
    drawn = plot((0, 30), (0, 60))
    way = ends(drawn)
    assert way[0][0] == LEFT
    assert (len(way), way[-1]) == (3, drawn.end)
    assert [tick.at for tick in drawn.up if tick.words == "1"] == [way[0][1]]


def test_what_is_proven_ends_above_the_bar_and_what_is_not_below() -> None:
    assert plot((0, 80)).end[1] > plot((0, 80)).bar.at
    assert plot((0, 88)).end[1] < plot((0, 88)).bar.at
    assert plot((0, 93), alpha=0.0125).bar.words == "80"


def test_a_hopeless_way_stays_within_the_picture() -> None:
    drawn = plot((500_000, 1_000_000))
    assert all(math.isfinite(y) and 0 <= y <= HEIGHT for _, y in ends(drawn))
    assert next(tick.words for tick in drawn.up) == "10⁻⁴"


@pytest.mark.parametrize("most", [1, 2, 7, 10, 99, 100, 101, 4_711, 1_000_000])
def test_the_axis_has_a_few_round_numbers_from_nothing_on(most: int) -> None:
    words = [int(tick.words.replace("\u202f", "")) for tick in plot((0, most)).across]
    assert words[0] == 0
    assert 2 <= len(words) <= 8
    assert words[-1] <= most < words[-1] + (words[1] - words[0])


def test_marks_lie_where_they_came_and_turn_inwards_at_the_edge() -> None:
    drawn = plot((0, 100), marks=(Mark(n=10, words="level partial"), Mark(n=100, words="model abc")))
    first, last = drawn.marks
    assert (first.anchor, last.anchor, last.x) == ("start", "end", float(drawn.right))
    assert first.x == LEFT + (WIDTH - LEFT - 16) / 10
    assert first.level == last.level, "there is room for both in one row"
