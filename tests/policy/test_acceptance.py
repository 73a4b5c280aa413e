"""Plans, chances and code letters against published rows: the R package AQLSchemes (MIL-STD-105E, ANSI/ASQ Z1.4, and
its vignette), the chances from the binomial distribution, the switching rules from sqconline.com."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from inspection.policy.acceptance import (
    AQLS,
    LETTERS,
    LEVELS,
    LOTS,
    MASTER,
    Plan,
    Switching,
    code_letter,
    preferred_aql,
    single_plan,
)
from inspection.vocabulary import AuditPlan

NORMAL, TIGHTENED, REDUCED = AuditPlan.NORMAL, AuditPlan.TIGHTENED, AuditPlan.REDUCED
ROWS = [
    ("II", 100, 1.0, (("F", 13, 0, 1), ("F", 20, 0, 1), ("F", 5, 0, 1))),
    ("II", 1_000, 0.65, (("J", 80, 1, 2), ("J", 125, 1, 2), ("J", 32, 0, 2))),
    ("II", 1_000, 1.0, (("J", 80, 2, 3), ("J", 80, 1, 2), ("J", 32, 1, 3))),
    ("II", 1_000, 2.5, (("J", 80, 5, 6), ("J", 80, 3, 4), ("J", 32, 2, 5))),
    ("II", 1_000, 4.0, (("J", 80, 7, 8), ("J", 80, 5, 6), ("J", 32, 3, 6))),
    ("II", 2_000, 1.0, (("K", 125, 3, 4), ("K", 125, 2, 3), ("K", 50, 1, 4))),
    ("II", 5_000, 0.65, (("L", 200, 3, 4), ("L", 200, 2, 3), ("L", 80, 1, 4))),
    ("II", 5_000, 1.5, (("L", 200, 7, 8), ("L", 200, 5, 6), ("L", 80, 3, 6))),
    ("I", 5_000, 1.0, (("J", 80, 2, 3), ("J", 80, 1, 2), ("J", 32, 1, 3))),
    ("III", 500, 1.0, (("J", 80, 2, 3), ("J", 80, 1, 2), ("J", 32, 1, 3))),
    ("S-4", 100_000, 0.65, (("J", 80, 1, 2), ("J", 125, 1, 2), ("J", 32, 0, 2))),
    ("II", 20_000, 0.10, (("M", 500, 1, 2), ("M", 800, 1, 2), ("M", 200, 0, 2))),
]
"""Level, lot, AQL, then (code letter of the lot, n, Ac, Re) for normal, tightened and reduced inspection."""
CODES = """
A A A A A A B
A A A A A B C
A A B B B C D
A B B C C D E
B B C C C E F
B B C D D F G
B C D E E G H
B C D E F H J
C C E F G J K
C D E G H K L
C D F G J L M
C D F H K M N
D E G J L N P
D E G J M P Q
D E H K N Q R
"""
"""The printed table: a line a class of lot sizes, a column a level."""
lots = st.integers(1, 2_000_000)
aqls = st.sampled_from(AQLS)
levels = st.sampled_from(list(LEVELS))
severities = st.sampled_from(list(AuditPlan))
rates = st.floats(0, 1)


def numbers(plan: Plan) -> tuple[int, int, int]:
    return plan.n, plan.ac, plan.re


@pytest.mark.parametrize(("level", "lot", "aql", "expected"), ROWS)
def test_the_plans_are_the_published_ones(
    level: str, lot: int, aql: float, expected: tuple[tuple[str, int], ...]
) -> None:
    found = [single_plan(lot=lot, aql=aql, level=level, severity=one) for one in (NORMAL, TIGHTENED, REDUCED)]
    assert tuple((code_letter(lot=lot, level=level), *numbers(plan)) for plan in found) == expected


@pytest.mark.parametrize(
    ("aql", "n", "ac"),
    [(0.25, 80, 0), (1.0, 80, 1), (1.5, 80, 2), (2.5, 80, 3), (4.0, 80, 5), (6.5, 80, 8), (0.40, 200, 1), (10, 80, 12)],
)
def test_a_row_of_the_tightened_table_is_the_published_one(aql: float, n: int, ac: int) -> None:
    assert numbers(single_plan(lot=1_000, aql=aql, severity=TIGHTENED)) == (n, ac, ac + 1)


@pytest.mark.parametrize(
    ("severity", "lot", "level", "aql", "expected"),
    [
        (NORMAL, 20_000, "S-1", 10, ("C", 5, 1, 2)),  # nothing above
        (TIGHTENED, 8, "I", 6.5, ("B", 3, 0, 1)),
        (TIGHTENED, 8, "I", 10, ("D", 8, 1, 2)),
        (NORMAL, 10**6, "III", 0.010, ("Q", 1_250, 0, 1)),
        (NORMAL, 10**6, "III", 0.015, ("P", 800, 0, 1)),  # nothing below
        (TIGHTENED, 10**6, "III", 0.025, ("S", 3_150, 1, 2)),
        (REDUCED, 10**6, "III", 10, ("K", 50, 10, 13)),
        (NORMAL, 10**6, "III", 10, ("K", 125, 21, 22)),
        (TIGHTENED, 10**6, "III", 10, ("K", 125, 18, 19)),
    ],
)
def test_arrows_lead_to_the_first_plan_even_at_the_edges(
    severity: AuditPlan, lot: int, level: str, aql: float, expected: tuple[str, int, int, int]
) -> None:
    plan = single_plan(lot=lot, aql=aql, level=level, severity=severity)
    assert (plan.letter, *numbers(plan)) == expected


def test_code_letters_are_those_of_the_printed_table() -> None:
    by_class = [[code_letter(lot=lot, level=level) for level in LEVELS] for lot in (*LOTS, LOTS[-1] + 1)]
    assert by_class == [line.split() for line in CODES.strip().splitlines()]
    assert [code_letter(lot=lot) for lot in (1, 2, 8, 9, 500_000, 500_001)] == ["A", "A", "A", "B", "P", "Q"]


def test_a_sample_that_reaches_the_lot_is_the_whole_lot() -> None:
    assert single_plan(lot=13, aql=0.40) == Plan(letter="G", n=13, ac=0, re=1, whole=True)
    assert single_plan(lot=32, aql=0.40) == Plan(letter="G", n=32, ac=0, re=1, whole=True)
    assert single_plan(lot=33, aql=0.40) == Plan(letter="G", n=32, ac=0, re=1)


@pytest.mark.parametrize(
    ("n", "ac", "rate", "accepted"),
    [(200, 7, 0.015, 0.98874), (80, 2, 0.01, 0.95345), (80, 1, 0.0065, 0.90416), (125, 0, 0.01, 0.28471)],
)
def test_lots_are_accepted_with_the_published_chance(n: int, ac: int, rate: float, accepted: float) -> None:
    assert Plan(letter="J", n=n, ac=ac, re=ac + 1).acceptance(rate) == pytest.approx(accepted, abs=5e-6)


def test_in_the_gap_of_a_reduced_plan_a_lot_is_accepted() -> None:
    plan = single_plan(lot=1_000, aql=1.0, severity=REDUCED)
    assert numbers(plan) == (32, 1, 3)
    assert plan.acceptance(0.05) == pytest.approx(binom.cdf(2, 32, 0.05))


def test_a_plan_that_asks_for_more_bad_parts_than_it_looks_at_accepts_all() -> None:
    assert single_plan(lot=1, aql=10).acceptance(1.0) == 1.0


def test_what_no_table_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        code_letter(lot=0)
    with pytest.raises(ValueError, match="tuple"):
        single_plan(lot=100, aql=0.5)
    with pytest.raises(KeyError):
        code_letter(lot=100, level="IV")
    with pytest.raises(ValueError, match="between 0 and 1"):
        single_plan(lot=100, aql=1.0).acceptance(1.5)


@pytest.mark.parametrize(
    ("share", "aql"), [(0.005, 0.40), (0.004, 0.40), (0.0065, 0.65), (0.0001, 0.010), (0.3, 10.0), (0.00009, None)]
)
def test_the_preferred_aql_is_the_largest_not_above_a_bar(share: float, aql: float | None) -> None:
    assert preferred_aql(share) == aql


def test_no_preferred_aql_is_missed_by_the_last_binary_digit() -> None:
    assert [preferred_aql(aql / 100) for aql in AQLS] == list(AQLS)


@given(aql=aqls, severity=severities, level=levels, lot=lots, more=lots)
def test_a_larger_lot_never_has_a_smaller_sample(
    aql: float, severity: AuditPlan, level: str, lot: int, more: int
) -> None:
    small = single_plan(lot=lot, aql=aql, level=level, severity=severity)
    large = single_plan(lot=lot + more, aql=aql, level=level, severity=severity)
    assert small.n <= large.n
    assert LETTERS.index(small.letter) <= LETTERS.index(large.letter)


@given(lot=lots, aql=aqls, level=levels, severity=severities, one=rates, other=rates)
def test_the_worse_a_process_the_fewer_lots_are_accepted(
    lot: int, aql: float, level: str, severity: AuditPlan, one: float, other: float
) -> None:
    plan = single_plan(lot=lot, aql=aql, level=level, severity=severity)
    assert plan.acceptance(max(one, other)) <= plan.acceptance(min(one, other)) + 1e-12


@given(lot=lots, aql=aqls, level=levels, rate=rates)
def test_tightened_inspection_is_never_more_lenient_than_normal(lot: int, aql: float, level: str, rate: float) -> None:
    normal = single_plan(lot=lot, aql=aql, level=level)
    tightened = single_plan(lot=lot, aql=aql, level=level, severity=TIGHTENED)
    assert tightened.acceptance(rate) <= normal.acceptance(rate) + 1e-12


@given(lot=lots, aql=aqls, level=levels, severity=severities)
def test_every_plan_fits_its_lot_and_only_reduced_ones_have_a_gap(
    lot: int, aql: float, level: str, severity: AuditPlan
) -> None:
    plan = single_plan(lot=lot, aql=aql, level=level, severity=severity)
    assert 1 <= plan.n <= lot
    assert plan.whole == (plan.n == lot)
    assert plan.re - plan.ac == 1 or (severity == REDUCED and plan.re > plan.ac)
    assert plan.letter <= MASTER[severity].last


def states(said: str, *, ac: int) -> list[str]:
    """The state after each lot: A accepted, also one AQL step tighter, B accepted but not so, G in the gap, R not."""
    machines = accumulate(
        said,
        lambda machine, lot: machine.after(lot != "R", ac=ac, one_step_tighter=lot == "A", in_gap=lot == "G"),
        initial=Switching(),
    )
    return [machine.state for machine in machines][1:]


@pytest.mark.parametrize(
    ("ac", "said", "expected"),
    [
        (2, "AARAR", ["normal"] * 4 + ["tightened"]),
        (2, "RAAAAR", ["normal"] * 6),
        (2, "RARAAAAA", ["normal"] * 2 + ["tightened"] * 5 + ["normal"]),
        (2, "A" * 10, ["normal"] * 9 + ["reduced"]),
        (2, "A" * 10 + "R", ["normal"] * 9 + ["reduced", "normal"]),
        (2, "R" * 7, ["normal"] + ["tightened"] * 5 + ["discontinued"]),
        (1, "A" * 15, ["normal"] * 14 + ["reduced"]),
        (1, "B" * 15, ["normal"] * 14 + ["reduced"]),
        (2, "A" * 9 + "B" + "A" * 10, ["normal"] * 19 + ["reduced"]),
        (1, "A" * 14 + "R" + "A" * 15, ["normal"] * 29 + ["reduced"]),
        (2, "A" * 10 + "AG", ["normal"] * 9 + ["reduced", "reduced", "normal"]),
        (2, "RR" + "RA" * 4 + "R", ["normal"] + ["tightened"] * 9 + ["discontinued"]),
        (2, "RR" + "AAAAR" + "A" * 5 + "R", ["normal"] + ["tightened"] * 10 + ["normal"] * 2),
    ],
)
def test_the_switching_rules_go_the_published_way(ac: int, said: str, expected: list[str]) -> None:
    assert states(said, ac=ac) == expected


stories = st.lists(st.sampled_from("ABGR"), max_size=80).map("".join)


@given(said=stories, ac=st.integers(0, 21))
def test_what_was_discontinued_stays_so(said: str, ac: int) -> None:
    found = states("R" * 7 + said, ac=ac)
    assert found[6:] == ["discontinued"] * (len(said) + 1)


@given(said=stories, ac=st.integers(0, 21))
def test_inspection_relaxes_step_by_step_and_only_after_an_accepted_lot(said: str, ac: int) -> None:
    way = ["normal", *states(said, ac=ac)]
    steps = [(lot, old, new) for lot, old, new in zip(said, way, way[1:], strict=False) if old != new]
    assert {(old, new) for _, old, new in steps} <= {
        ("normal", "tightened"), ("normal", "reduced"), ("reduced", "normal"), ("tightened", "normal"),
        ("tightened", "discontinued"),
    }  # fmt: skip
    assert all(lot != "R" for lot, old, new in steps if (old, new) in {("normal", "reduced"), ("tightened", "normal")})


@given(ac=st.integers(0, 21), lots=st.integers(1, 60))
def test_accepted_lots_alone_never_tighten(ac: int, lots: int) -> None:
    assert set(states("A" * lots, ac=ac)) <= {"normal", "reduced"}
