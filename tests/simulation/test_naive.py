"""The naive rule: up at 95 % agreement in the last 200 answers, down below it."""

from __future__ import annotations

from inspection.simulation.naive import Change, Naive
from inspection.vocabulary import Level


def heard(*agreed: bool) -> Naive:
    rule = Naive()
    for number, agree in enumerate(agreed):
        rule.hear(agree=agree, number=number)
    return rule


def test_it_climbs_as_soon_as_the_window_is_full_and_agrees() -> None:
    rule = heard(*[False] * 10, *[True] * 190)
    assert rule.changes == [Change(number=199, old=Level.SHADOW, new=Level.ASSISTANCE)]


def test_looking_after_every_answer_it_waits_for_its_luck() -> None:
    rule = heard(*[False] * 11, *[True] * 190)
    assert [(one.number, one.new) for one in rule.changes] == [(200, Level.ASSISTANCE)]


def test_each_level_begins_a_new_window_and_partial_is_the_last() -> None:
    assert [one.number for one in heard(*[True] * 900).changes] == [199, 399]


def test_it_falls_where_agreement_falls() -> None:
    rule = heard(*[True] * 200, *[False] * 200)
    assert [(one.new, one.climb) for one in rule.changes] == [(Level.ASSISTANCE, True), (Level.SHADOW, False)]
