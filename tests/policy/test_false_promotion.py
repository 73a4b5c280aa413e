"""How often an AI that stands exactly at the bar is proven below it, looked at after every part; and how soon a good
one is.

Every number here is drawn with a fixed seed: the same shares at every run.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.stats import binom

from inspection.policy import counting
from inspection.policy.bars import Bars
from inspection.policy.counting import AI_ERROR, Row, Tally
from inspection.policy.promotion import Facts, readiness
from inspection.vocabulary import Drawn, Level, Proof, Verdict
from tests.policy.runs import NEVER, Runs, Whole, errors_so_far, left_out_until_settled, proven_after, runs

BARS = Bars()
MANY, PARTS = 2_000, 3_000
MOST = int(binom.ppf(0.99, MANY, BARS.alpha))
"""As many of the runs as a true share of 5 % would be promoted falsely by chance in 99 of 100 tries: 123, so 6.15 %."""
OK, NG, _ = Verdict


@pytest.fixture(scope="module")
def at_the_bar() -> Runs:
    return runs(error=BARS.ai_error, seed=1, parts=PARTS, many=MANY)


def proven(k: Whole, n: Whole | None = None, *, least: int = BARS.items) -> int:
    return int((proven_after(k, n, bar=BARS.ai_error, alpha=BARS.alpha, least=least) < NEVER).sum())


def test_an_ai_at_the_bar_is_hardly_ever_promoted(at_the_bar: Runs) -> None:
    """With lots that are bad as a whole, differences settled up to 300 parts late, and some that never are."""
    assert proven(errors_so_far(at_the_bar)) <= MOST


def test_not_even_where_people_never_slip_to_its_cost() -> None:
    assert proven(errors_so_far(runs(error=BARS.ai_error, seed=2, parts=PARTS, many=MANY, slips=0.0))) <= MOST


def test_leaving_out_what_is_not_settled_yet_promotes_it_as_a_rule(at_the_bar: Runs) -> None:
    k, n = left_out_until_settled(at_the_bar)
    assert proven(k, n) > MANY / 2


def test_counting_fifty_parts_of_each_lot_promotes_it_in_every_third_run() -> None:
    whole = runs(error=BARS.ai_error, seed=3, parts=PARTS, many=MANY, per_lot=50, slips=0.0)
    assert proven(errors_so_far(whole)) > MANY / 3


@pytest.mark.parametrize(("error", "median"), [(0.02, 244), (0.01, 134)])
def test_a_good_ai_is_promoted_soon(error: float, median: int) -> None:
    """The medians are those of independent errors, settled at once, without any minimum."""
    made = runs(error=error, seed=4, parts=PARTS, many=MANY, clumped=False, slips=0.0)
    after = proven_after(errors_so_far(made), bar=BARS.ai_error, alpha=BARS.alpha)
    assert np.median(after) == pytest.approx(median, rel=0.02)
    assert (after < NEVER).mean() > 0.995


def test_a_good_ai_is_promoted_though_its_errors_come_in_lots_and_are_settled_late() -> None:
    made = runs(error=0.02, seed=5, parts=PARTS, many=MANY)
    assert proven(errors_so_far(made)) > 0.995 * MANY


def test_the_quick_count_is_the_count_of_the_rules() -> None:
    """The first three of each lot, part by part as they come and as they are settled, through the very rules."""
    made = runs(error=BARS.ai_error, seed=6, parts=450, many=3, latest=100)
    k, after = errors_so_far(made), proven_after(errors_so_far(made), bar=0.2, least=0)
    for run in range(3):
        counted = list(through_the_rules(made, run))
        assert [tally.k for tally in counted] == k[run].tolist()
        assert [tally.n for tally in counted] == list(range(1, 451))
        looks = [is_proven(tally, bar=0.2) for tally in counted]
        assert looks.index(True) + 1 == after[run]


def through_the_rules(made: Runs, run: int) -> list[Tally]:
    """The tally after each column; a fourth part of each lot comes along, and is not counted."""
    lots: dict[str, dict[str, tuple[counting.Entry, ...]]] = {}
    tallies: dict[str, Tally] = {}
    rows: dict[int, Row] = {}
    found = []

    def show(row: Row) -> None:
        nonlocal tallies
        rows[row.draw] = row
        before = lots.get(row.lot, {})
        same = [one for one in rows.values() if one.lot == row.lot]
        lots[row.lot] = counting.count(before, row, which=[AI_ERROR], first=lambda _counter: same)
        tallies = counting.moved(tallies, before, lots[row.lot], which=[AI_ERROR])

    for part in range(made.wrong.shape[1]):
        for settled in np.nonzero(made.settled[run] == part)[0]:
            if made.differs[run, settled]:
                show(row_of(made, run, int(settled), settled=True))
        show(row_of(made, run, part, settled=not made.differs[run, part]))
        if part % counting.PER_LOT == counting.PER_LOT - 1:
            show(Row(draw=10 * part + 5, lot=f"L{part // counting.PER_LOT}", drawn=Drawn.SHADOW, opinion=OK))
        found.append(tallies[AI_ERROR.name])
    return found


def row_of(made: Runs, run: int, part: int, *, settled: bool) -> Row:
    reference = (NG if made.wrong[run, part] else OK) if settled else None
    lot = f"L{part // counting.PER_LOT}"
    return Row(draw=10 * part, lot=lot, drawn=Drawn.SHADOW, opinion=OK, reference=reference)


def is_proven(tally: Tally, *, bar: float) -> bool:
    facts = Facts(now=datetime(2026, 3, 1, tzinfo=UTC))
    found = readiness(
        to=Level.ASSISTANCE, tallies={"ai_error": tally}, bars=BARS.changed({"ai_error": bar}), facts=facts
    )
    return found.findings[0].proof == Proof.PROVEN
