from __future__ import annotations

from collections.abc import Sequence

import pytest

from inspection.policy.study_values import Row, match, number, read_table

PARTS = {"A1": [1], "A2": [2], "TWIN": [3, 4]}


def lines(wrong: Sequence[str]) -> list[str]:
    return [str(one).partition(":")[0] for one in wrong]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.476901", 0.476901),
        (" 12,5 ", 12.5),
        ("-3", -3),
        ("\N{MINUS SIGN}3", -3),
        ("+.5", 0.5),
        ("1e-3", 0.001),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("1_000", None),
        ("1.000,5", None),
        ("0x10", None),
        ("٣", 3),
        ("", None),
    ],
)
def test_a_number_is_one_with_a_point_or_a_comma(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "A1,0.5\nA2,0.6",
        "A1;0,5\nA2;0,6",
        "A1\t0,5\r\nA2\t0.6\r\n",
        '"A1","0.5"\n\n"A2","0.6"\n',
        "serial;value [mm]\nA1; 0,5\nA2; 0,6",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(text: str) -> None:
    rows, wrong = read_table(text, known=PARTS)
    assert [(row.serial, row.value) for row in rows] == [("A1", 0.5), ("A2", 0.6)]
    assert wrong == []


def test_a_serial_may_hold_a_comma() -> None:
    assert read_table("A,1,0.5", known=()) == ([Row(1, "A,1", 0.5)], [])


def test_a_part_without_a_value_was_not_measured() -> None:
    rows, wrong = read_table("A1\t\nA2\nTWIN;", known=PARTS)
    assert ([(row.serial, row.value) for row in rows], wrong) == ([("A1", None), ("A2", None), ("TWIN", None)], [])
    assert match(rows, parts=PARTS, others=False) == ({}, [])


def test_what_is_no_number_is_told_of_by_its_line() -> None:
    rows, wrong = read_table("serial,value\nA1,about 5\nA2,0.6\nA2,0.6 mm", known=PARTS)
    assert [(row.line, row.serial) for row in rows] == [(3, "A2")]
    assert wrong == [
        "Line 2: “about 5” is no number that a part can measure.",
        "Line 4: “0.6 mm” is no number that a part can measure.",
    ]


def test_a_heading_further_down_is_none() -> None:
    assert lines(read_table("A1,0.5\nserial,value", known=PARTS)[1]) == ["Line 2"]
    assert lines(read_table("serial,value\nserial,value", known=PARTS)[1]) == ["Line 2"]


@pytest.mark.parametrize("first", ["A1,unknown", "B7,unknown"])
def test_a_first_line_that_may_be_a_part_is_no_heading(first: str) -> None:
    assert lines(read_table(first, known=PARTS)[1]) == ["Line 1"]


def test_each_part_gets_its_value() -> None:
    rows = [Row(1, "A2", 0.6), Row(2, "A1", 0.5)]
    assert match(rows, parts=PARTS, others=False) == ({2: 0.6, 1: 0.5}, [])


def test_what_fits_no_part_is_told_of_line_by_line() -> None:
    rows = [Row(1, "A1", 0.5), Row(2, "B9", 1.0), Row(3, "A1", 0.7), Row(4, "TWIN", 0.1), Row(5, "B8", None)]
    found, wrong = match(rows, parts=PARTS, others=False)
    assert (found, lines(wrong)) == ({1: 0.5}, ["Line 2", "Line 3", "Line 4", "Line 5"])
    assert "“B9” is not in this study" in wrong[0]
    assert "has a value already" in wrong[1]
    assert "two passes" in wrong[2]


def test_other_parts_are_passed_over_where_that_is_wanted() -> None:
    rows = [Row(1, "B9", 1.0), Row(2, "A1", 0.5), Row(3, "TWIN", 0.1)]
    found, wrong = match(rows, parts=PARTS, others=True)
    assert (found, lines(wrong)) == ({1: 0.5}, ["Line 3"])
