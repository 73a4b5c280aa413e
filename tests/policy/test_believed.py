from __future__ import annotations

from itertools import permutations

import pytest

from inspection.policy.believed import Said, believed
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict
CRACK, SCRATCH = frozenset({"crack"}), frozenset({"scratch"})
BOTH, NONE = CRACK | SCRATCH, CRACK & SCRATCH


def said(*answers: tuple[Verdict, frozenset[str]]) -> list[Said]:
    """By one person each."""
    return [Said(person=number, verdict=verdict, labels=labels) for number, (verdict, labels) in enumerate(answers)]


def adjudicated(verdict: Verdict, labels: frozenset[str], *, settles: bool = True) -> Said:
    return Said(person=9, verdict=verdict, labels=labels, settles=settles)


def test_what_either_of_two_people_named_is_believed() -> None:
    assert believed(said((NG, CRACK), (NG, SCRATCH))) == BOTH


@pytest.mark.parametrize("third", [(OK, NONE), (UNSURE, CRACK), (NG, NONE), (NG, BOTH)])
def test_the_order_in_which_they_came_does_not_matter(third: tuple[Verdict, frozenset[str]]) -> None:
    answers = said((NG, CRACK), (NG, SCRATCH), third)
    assert {believed(order) for order in permutations(answers)} == {BOTH}


@pytest.mark.parametrize("verdict", [OK, UNSURE])
def test_whoever_does_not_say_ng_names_nothing(verdict: Verdict) -> None:
    assert believed(said((verdict, CRACK), (NG, SCRATCH))) == SCRATCH


@pytest.mark.parametrize("last", [(OK, NONE), (UNSURE, NONE), (NG, SCRATCH)])
def test_of_one_person_the_last_answer_stands(last: tuple[Verdict, frozenset[str]]) -> None:
    verdict, labels = last
    assert believed([Said(1, NG, CRACK), Said(2, NG, SCRATCH), Said(1, verdict, labels)]) == SCRATCH


def test_an_adjudicator_who_names_another_class_is_believed_alone() -> None:
    assert believed([*said((NG, CRACK), (OK, NONE)), adjudicated(NG, SCRATCH)]) == SCRATCH


@pytest.mark.parametrize("verdict", [OK, UNSURE, NG])
def test_an_adjudicator_who_names_no_class_leaves_what_was_named(verdict: Verdict) -> None:
    assert believed([*said((NG, CRACK), (OK, NONE)), adjudicated(verdict, NONE)]) == CRACK


def test_an_adjudicator_who_knew_the_ai_adds_and_takes_nothing_away() -> None:
    assert believed([*said((NG, CRACK), (OK, NONE)), adjudicated(NG, SCRATCH, settles=False)]) == BOTH


def test_what_is_named_after_the_adjudicator_has_looked_is_believed_too() -> None:
    answers = said((NG, SCRATCH), (OK, NONE), (NG, CRACK), (NG, NONE))
    assert believed([*answers[:2], adjudicated(NG, SCRATCH), *answers[2:]]) == BOTH


def test_of_two_adjudicators_the_later_one_is_believed() -> None:
    first, second = adjudicated(NG, CRACK), Said(person=8, verdict=NG, labels=SCRATCH, settles=True)
    assert believed([first, second]) == SCRATCH


def test_where_nobody_said_anything_nothing_is_believed() -> None:
    assert believed([]) == NONE
