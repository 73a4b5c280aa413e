from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from inspection.policy.agreement import Share
from inspection.policy.charts import p_chart, pareto
from inspection.queries.agreement_changes import Change
from inspection.web import plot

FIRST = date(2026, 3, 2)


def share(k: int, n: int) -> Share:
    return Share(k=k, n=n)


def test_days_stand_by_the_calendar_with_a_gap_where_nobody_worked() -> None:
    made = plot.trend([(FIRST, share(95, 100)), (date(2026, 3, 5), share(99, 100))], [], zone="UTC")
    assert made is not None
    first, last = made.dots
    room = (made.right - made.left) / 4
    assert (first.x - made.left, last.x - first.x) == (
        pytest.approx(room / 2, abs=0.1),
        pytest.approx(3 * room, abs=0.1),
    )
    assert last.y < first.y
    assert [dot.high is not None and dot.high < dot.y < (dot.low or 0) for dot in made.dots] == [True, True]


def test_an_axis_that_does_not_begin_at_nought_says_so() -> None:
    # Wilson, 95 of 100: 88.8 to 97.8 %.
    high = plot.trend([(FIRST, share(95, 100)), (date(2026, 3, 3), share(99, 100))], [], zone="UTC")
    low = plot.trend([(FIRST, share(1, 100)), (date(2026, 3, 3), share(99, 100))], [], zone="UTC")
    assert high is not None
    assert low is not None
    assert (high.floor, high.ticks[0].words, low.floor, low.ticks[0].words) == ("80", "80", "", "0")


def test_a_change_stands_where_it_happened_on_the_clock_of_the_job() -> None:
    days = [(FIRST, share(9, 10)), (date(2026, 3, 3), share(9, 10))]
    change = Change(at=datetime(2026, 3, 2, 23, 0, tzinfo=UTC), words="level shadow")
    here, there = (plot.trend(days, [change], zone=zone) for zone in ("UTC", "Asia/Ho_Chi_Minh"))
    assert here is not None
    assert there is not None
    room = (here.right - here.left) / 2
    assert here.marks[0].x == pytest.approx(here.left + room * 23 / 24, abs=0.1)
    assert there.marks[0].x == pytest.approx(here.left + room * 30 / 24, abs=0.1)


def test_a_point_names_its_day_as_its_reader_writes_days() -> None:
    days = [(FIRST, share(9, 10)), (date(2026, 3, 3), share(9, 10))]
    with translation.override("vi"):
        made = plot.trend(days, [], zone="UTC")
    assert made is not None
    assert "03/03/2026" in made.dots[1].title


def test_one_point_is_no_chart() -> None:
    assert plot.trend([(FIRST, share(9, 10))], [], zone="UTC") is None
    assert plot.control(["L1"], p_chart(n=[10], defective=[1]), []) is None
    assert plot.control([], p_chart(n=[], defective=[]), []) is None
    assert plot.ranking([], {}) is None


def test_a_lot_outside_its_limits_is_marked_and_the_limits_fit_its_size() -> None:
    chart = p_chart(n=[400, 100, 100], defective=[8, 2, 30])
    made = plot.control(["L1", "L2", "L3"], chart, [(2, Change(at=datetime.now(UTC), words="model abc"))])
    assert made is not None
    assert [dot.out for dot in made.dots] == [True, False, True]
    upper = made.lines[1].points.split()
    assert len(upper) == 6
    heights = [float(corner.split(",")[1]) for corner in upper]
    assert heights[0] == heights[1] > heights[2] == heights[3]
    assert made.marks[0].x == pytest.approx(made.left + (made.right - made.left) * 2 / 3, abs=0.1)


def test_the_most_frequent_class_stands_first_and_the_line_ends_at_all() -> None:
    made = plot.ranking(pareto([("dent", 2), ("scratch", 8)]), {"scratch": "Scratch"})
    assert made is not None
    assert [(column.title, column.vital) for column in made.columns] == [("Scratch: 8", True), ("dent: 2", False)]
    assert made.columns[0].height == pytest.approx(4 * made.columns[1].height, abs=0.2)
    assert made.lines[0].points.split()[-1].endswith(f",{made.ticks[-1].y}")
