from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from inspection.policy.audit_price import Comparison, compare
from inspection.web.acceptance_words import aql, chance, on_average, paragraphs, rows

BLANK, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def comparison(**changes: Any) -> Comparison:
    facts: dict[str, Any] = {"sizes": [1_000], "bar": 0.005, "share": 0.05, "ai_share": 1.0, "audited": []}
    found = compare(**(facts | changes))
    assert found is not None
    return found


def said(**changes: Any) -> list[str]:
    return [paragraph.replace(BLANK, " ").replace(THIN, " ") for paragraph in paragraphs(comparison(**changes))]


def test_plan_and_audit_are_said_side_by_side() -> None:
    [lot, both, switching] = said()
    assert lot == (
        "The usual lot here has 1 000 parts (median; lots counted: 1). The largest preferred AQL not above the escape "
        "bar of 0.50 % is 0.40. At inspection level II such a lot has code letter J. There the table has an arrow: the "
        "plan of letter K is used."
    )
    assert both == (
        "Of lots from a process with 0.50 % bad parts the plan (parts looked at: 125, bad ones allowed: 1) would "
        "accept 87.0 %, the audit (parts looked at: about 50, bad ones allowed: 0) 77.9 %. With a single such lot the "
        "audit is no less strict than the plan, and it adds its errors up over all lots."
    )
    assert switching == "No lot has been audited yet; the switching rules begin with normal inspection."


def test_a_plan_in_the_lots_own_row_needs_no_arrow() -> None:
    assert said(bar=0.01)[0].endswith(
        "the escape bar of 1 % is 1.0. At inspection level II such a lot has code letter J."
    )


def test_an_audit_that_lets_more_of_a_lot_through_says_so() -> None:
    [_, both, _] = said(sizes=[30])
    assert "(parts looked at: all 30, bad ones allowed: 0) would accept 86.0 %" in both
    assert "(parts looked at: about 1.5, bad ones allowed: 0) 99.3 %. With a single such lot the audit is less" in both


@pytest.mark.parametrize(
    ("audited", "expected"),
    [
        (
            [True, False, True, False],
            "(lots: 4, with an error: 2) the switching rules would ask for tightened inspection.",
        ),
        ([True, True, False], "(lots: 3, with an error: 1) the switching rules would ask for normal inspection."),
        ([False] * 7, "(lots: 7, with an error: 7) the switching rules would allow no more sampling until the process"),
    ],
)
def test_the_switching_rules_are_told_with_the_lots_they_go_by(audited: list[bool], expected: str) -> None:
    assert expected in said(audited=audited)[2]


def test_each_severity_and_the_audit_have_a_row() -> None:
    told = [[row.name, row.letter, row.n, row.ac, row.re, row.at_bar, row.five_times] for row in rows(comparison())]
    assert [[str(cell).replace(BLANK, " ") for cell in row] for row in told] == [
        ["reduced", "K", "50", "0", "2", "97.4 %", "64.4 %"],
        ["normal", "K", "125", "1", "2", "87.0 %", "17.8 %"],
        ["tightened", "L", "200", "1", "2", "73.6 %", "3.9 %"],
        ["random audit, 5 %", "", "about 50", "0", "1", "77.9 %", "28.6 %"],
    ]


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (1.0, "over 99.9 %"),
        (0.9994, "99.9 %"),
        (0.5, "50 %"),
        (0.0005, "0.05 %"),
        (0.0004, "under 0.10 %"),
        (0, "under 0.10 %"),
    ],
)
def test_nothing_is_called_certain(probability: float, expected: str) -> None:
    assert chance(probability).replace(BLANK, " ") == expected


def test_an_aql_is_written_as_tables_print_it() -> None:
    assert [aql(percent) for percent in (0.010, 0.065, 0.10, 0.65, 1.0, 6.5, 10.0)] == [
        "0.010", "0.065", "0.10", "0.65", "1.0", "6.5", "10",
    ]  # fmt: skip
    with override("vi"):
        assert aql(0.65) == "0,65"


def test_few_parts_are_told_in_tenths() -> None:
    assert [on_average(parts) for parts in (0.64, 9.96, 10.4, 1_250)] == ["0.6", "10.0", "10", f"1{THIN}250"]
