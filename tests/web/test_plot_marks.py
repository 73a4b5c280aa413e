from __future__ import annotations

from itertools import pairwise

import pytest

from inspection.web.plot_marks import CLOSE, ROWS, Mark, begins, placed
from inspection.web.plot_marks import told as marked

WIDTH, FIRST, STEP = 960, 8, 16


def marks(*told: tuple[float, str]) -> tuple[Mark, ...]:
    return placed([marked(x, words) for x, words in told], width=WIDTH, first=FIRST, step=STEP)


def test_switches_of_one_minute_are_one_line_that_names_them_all() -> None:
    told = marks((700.2, "level assistance"), (700.0, "level partial"), (704.0, "level assistance"), (900, "model abc"))
    assert [(mark.x, mark.words) for mark in told] == [(700.0, "level partial, level assistance"), (900, "model abc")]


def test_what_can_be_told_apart_stays_apart() -> None:
    told = marks((300, "level shadow"), (300 + CLOSE + 1, "level assistance"), (320 + CLOSE, "level partial"))
    assert [mark.words for mark in told] == ["level shadow", "level assistance", "level partial"]


@pytest.mark.parametrize("places", [(100, 112, 124), (840, 852, 864), (470, 482, 494)])
def test_words_of_close_marks_do_not_lie_over_one_another(places: tuple[float, ...]) -> None:
    told = marks(*((x, "level partial automation") for x in places))
    assert len({mark.level for mark in told}) == len(places)


@pytest.mark.parametrize("places", [(100, 112, 124), (840, 852, 864)])
def test_no_line_runs_through_the_words_of_a_neighbour(places: tuple[float, ...]) -> None:
    told = marks(*((x, "level partial automation") for x in places))
    crossed = [
        (mark, other)
        for mark in told
        for other in told
        if mark.level < other.level and other.span[0] < mark.x < other.span[1]
    ]
    assert crossed == []


def test_words_turn_to_the_side_with_room_and_are_cut_where_there_is_none() -> None:
    many = ", ".join(f"level number {n}" for n in range(12))
    for mark, anchor in zip(marks((20, many), (940, many)), ("start", "end"), strict=True):
        assert (mark.anchor, mark.title) == (anchor, many)
        assert mark.words.endswith("…")
        assert 0 <= mark.span[0] < mark.span[1] <= WIDTH


def test_rows_are_filled_from_the_plot_upwards_and_the_drawing_begins_at_the_first() -> None:
    alone, crowd = marks((200, "one")), marks(*((200 + 15 * place, "level assistance") for place in range(ROWS)))
    assert [mark.level for mark in alone] == [FIRST + STEP * (ROWS - 1)]
    assert sorted(mark.level for mark in crowd) == [FIRST + STEP * row for row in range(ROWS)]
    assert [begins(told, first=FIRST, most=52) for told in (alone, crowd, ())] == [STEP * (ROWS - 1), 0, 52]


def test_marks_come_out_from_left_to_right() -> None:
    told = marks((900, "c"), (100, "a"), (500, "b"))
    assert all(one.x < other.x for one, other in pairwise(told))


def test_why_a_rule_changed_it_stands_in_the_title_alone() -> None:
    (mark,) = placed(
        [marked(300, "level shadow", "a critical defect was let through"), marked(301, "level assistance")],
        width=WIDTH,
        first=FIRST,
        step=STEP,
    )
    assert mark.words == "level shadow, level assistance"
    assert mark.title == "level shadow: a critical defect was let through, level assistance"
