"""Figures inside sentences: as rules write them, and as they are spoken in the language of the reader."""

from __future__ import annotations

import copy

import pytest
from django.utils import translation

from inspection.policy.agreement import Matrix
from inspection.policy.agreement_words import stricter
from inspection.policy.kappa import kappa_misleads
from inspection.refused import spoken
from inspection.sentences import Count, Number, Percent, Sentence
from inspection.vocabulary import Verdict

ALL_KINDS = Sentence(
    "{whole} {kappa} {at} {share}",
    whole=Count(12345),
    kappa=Number(0.5, places=2),
    at=Number(0.35),
    share=Percent(0.0071),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "12\u202f345 0.50 0.35 0.71\u00a0%"), ("vi", "12\u202f345 0,50 0,35 0,71\u00a0%")],
)
def test_each_kind_of_figure_has_the_decimal_sign_of_the_language(language: str, said: str) -> None:
    with translation.override(language):
        assert spoken(ALL_KINDS) == said
    assert str(ALL_KINDS) == "12\u202f345 0.50 0.35 0.71\u00a0%", "to programs it speaks English"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.1 + 0.2, None, "0.3"), (0.25, 1, "0.2"), (1.0, None, "1"), (1.0, 3, "1.000"), (-0.5, 2, "-0.50")],
)
def test_a_number_has_the_places_that_are_asked_for_or_those_that_it_has(
    value: float, places: int | None, text: str
) -> None:
    assert str(Number(value, places=places)) == text


def test_a_copy_of_a_sentence_keeps_its_figures() -> None:
    """Caches and queues copy what they keep."""
    with translation.override("vi"):
        assert spoken(copy.deepcopy(ALL_KINDS)) == "12\u202f345 0,50 0,35 0,71\u00a0%"


def test_a_share_is_rounded_alike_in_every_language() -> None:
    with translation.override("vi"):
        assert spoken(Sentence("{share}", share=Percent(6 / 51))) == "11,8\u00a0%"


def test_the_coefficients_of_a_report_have_the_comma_of_its_language() -> None:
    judged = Matrix.of({(Verdict.OK, Verdict.NG): 1, (Verdict.NG, Verdict.OK): 7}.items())
    with translation.override("vi"):
        assert "0,49" in spoken(kappa_misleads([[1, 1], [1, 97]]) or "")
        assert "0,039" in spoken(stricter(judged))
