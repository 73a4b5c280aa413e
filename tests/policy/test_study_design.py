from __future__ import annotations

import pytest

from inspection.policy.study_design import Candidate, cautions, check, least_proven, order, pick
from inspection.vocabulary import Verdict

OK, NG = Verdict.OK, Verdict.NG


def candidates(good: int, bad: int, *kinds: str) -> list[Candidate]:
    labels = kinds or ("dent",)
    return [Candidate(key=f"g{n}", verdict=OK) for n in range(good)] + [
        Candidate(key=f"b{n}", verdict=NG, labels=(labels[min(n, len(labels) - 1)],)) for n in range(bad)
    ]


def bad_of(keys: list[str] | None) -> int:
    return sum(key.startswith("b") for key in keys or [])


@pytest.mark.parametrize(
    ("standards", "people", "trials", "code"),
    [
        ([OK, OK, NG, NG], 2, 3, "bad_count"),
        ([OK, NG] * 151, 2, 3, "bad_count"),
        ([OK] * 10, 2, 3, "no_bad_parts"),
        ([NG] * 10, 2, 3, "no_good_parts"),
        ([OK, NG] * 5, 0, 3, "no_appraisers"),
        ([OK, NG] * 5, 2, 0, "bad_trials"),
        ([OK, NG] * 5, 2, 6, "bad_trials"),
    ],
)
def test_a_worthless_design_is_refused(standards: list[Verdict], people: int, trials: int, code: str) -> None:
    flaw = check(standards, people=people, trials=trials)
    assert flaw is not None
    assert flaw.code == code


def test_one_person_and_one_trial_are_a_study() -> None:
    assert check([OK, OK, OK, OK, NG], people=1, trials=1) is None


def test_about_a_third_of_the_parts_that_are_picked_is_bad() -> None:
    picked = pick(candidates(200, 100), n=50, seed="a")
    assert picked is not None
    assert (len(set(picked)), bad_of(picked)) == (50, 17)


def test_good_parts_fill_up_where_bad_ones_are_few_and_the_other_way_round() -> None:
    assert bad_of(pick(candidates(60, 4), n=50, seed="a")) == 4
    assert bad_of(pick(candidates(10, 60), n=50, seed="a")) == 40
    assert pick(candidates(10, 4), n=50, seed="a") is None


def test_the_same_seed_picks_the_same_parts_and_another_seed_others() -> None:
    pool = candidates(200, 100)
    assert pick(pool, n=50, seed="a") == pick(list(reversed(pool)), n=50, seed="a")
    assert set(pick(pool, n=50, seed="a") or []) != set(pick(pool, n=50, seed="b") or [])


def test_a_rare_kind_of_defect_is_among_the_bad_ones() -> None:
    pool = candidates(100, 90, "crack", "stain", "dent")
    assert {"b0", "b1"} <= set(pick(pool, n=30, seed="x") or [])


def test_each_trial_and_each_appraiser_has_an_order_of_its_own_that_can_be_made_again() -> None:
    parts = list(range(50))
    orders = [order(parts, salt="s", appraiser=who, trial=trial) for who in (1, 2) for trial in (1, 2, 3)]
    assert len({tuple(one) for one in orders}) == 6
    assert all(sorted(one) == parts for one in orders)
    assert orders[0] == order(parts, salt="s", appraiser=1, trial=1)


def test_so_many_readings_without_a_miss_prove_so_much() -> None:
    """ceil(ln .05 / ln(1 - p)): 59 for 5 %, 149 for 2 %."""
    assert least_proven(59) < 0.05 < least_proven(58)
    assert least_proven(149) < 0.02 < least_proven(148)
    assert least_proven(0) == 1


def test_a_design_says_what_it_cannot_show() -> None:
    said = cautions(bad=2, good=48, people=1, trials=1)
    assert [sentence.text.split()[0] for sentence in said] == ["A", "One", "One", "{bad}"]
    assert cautions(bad=50, good=100, people=3, trials=3) == []
