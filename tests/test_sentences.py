"""Figures inside sentences: as rules write them, and as they are spoken in the language of the reader."""

from __future__ import annotations

import copy
import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inspection.clock import readers_zone
from inspection.policy.agreement import Matrix
from inspection.policy.agreement_words import stricter
from inspection.policy.kappa import kappa_misleads
from inspection.refused import recorded, spoken
from inspection.sentences import Count, Moment, Number, Percent, Quoted, Sentence, as_json, from_json, told
from inspection.vocabulary import Level, Verdict

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


FIGURES = st.floats(allow_nan=False, width=64)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
PLAIN = st.text(max_size=20) | st.integers() | st.booleans() | st.none() | FIGURES
KINDS = st.one_of(
    st.floats(0, 1).map(Percent),
    st.integers().map(Count),
    st.builds(Number, FIGURES, places=st.none() | st.integers(0, 6)),
    st.builds(Moment, MOMENTS, st.sampled_from(["UTC", "Asia/Ho_Chi_Minh", "America/St_Johns"])),
)


def sentences_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Sentence]:
    """A text with each of its values somewhere in it; braces of its own are doubled, as `format` asks for."""

    def made(given: dict[str, Any], words: list[str]) -> Sentence:
        holes = [f"{{{name}}}" for name in given]
        between = [word.replace("{", "{{").replace("}", "}}") for word in words]
        return Sentence(" ".join(between + holes), **given) if given else Sentence(" ".join(words))

    names = st.sampled_from(["k", "n", "claim", "moment"])
    return st.builds(made, st.dictionaries(names, values, max_size=3), st.lists(st.text(max_size=9), max_size=2))


SENTENCES = st.recursive(sentences_of(KINDS | PLAIN), lambda inner: sentences_of(inner | KINDS | PLAIN), max_leaves=4)


def shape(value: Any) -> Any:
    """A value with its kind, and all that is in it: a share and a bare number may read the same."""
    if isinstance(value, Sentence):
        return value.text, {name: shape(one) for name, one in value.values.items()}
    return type(value), value, getattr(value, "decimals", None)


# A busy machine takes its time over the texts; that says nothing about sentences.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sentence=SENTENCES)
@example(sentence=Sentence("{a} {b}", a=Number(-math.inf, places=2), b=math.inf))
@example(sentence=ALL_KINDS)
def test_a_kept_sentence_comes_back_as_it_was(sentence: Sentence) -> None:
    kept = from_json(json.loads(json.dumps(as_json(sentence), allow_nan=False)))
    assert (str(kept), shape(kept)) == (str(sentence), shape(sentence))
    with translation.override("vi"):
        assert spoken(kept) == spoken(sentence)


def test_a_kept_sentence_is_said_in_the_language_of_whoever_reads_it() -> None:
    found = from_json(as_json(Sentence("{seen}: proven.", seen=Sentence("{share}", share=Percent(0.0071)))))
    with translation.override("vi"):
        assert spoken(found) == "0,71\u00a0%: đã chứng minh."


def test_the_record_is_english_whoever_caused_it() -> None:
    """A label of a choice speaks the language of the request in which it is asked."""
    with translation.override("vi"):
        text, kept = recorded(Sentence("The job stands on {level} now.", level=Level.SHADOW.label))
        assert text == "The job stands on shadow now."
        assert spoken(told(text, kept)) == spoken(Sentence("The job stands on {level} now.", level=Level.SHADOW.label))
        assert "shadow" not in spoken(told(text, kept))


def test_of_a_row_without_the_sentence_its_text_is_told() -> None:
    assert recorded("three good weeks") == ("three good weeks", None)
    assert told("the evidence speaks", None) == "the evidence speaks"


def test_what_a_person_wrote_is_not_translated() -> None:
    with translation.override("vi"):
        assert (spoken("shadow"), spoken(Quoted("shadow"))) != ("shadow", "shadow")
        assert spoken(Quoted("shadow")) == "shadow"


COOL = Sentence("{until}", until=Moment(datetime(2026, 11, 18, 22, 5, 9, tzinfo=UTC), "Asia/Ho_Chi_Minh"))


@pytest.mark.parametrize(
    ("language", "reader", "said"),
    [
        ("en", "", "2026-11-19 05:05 Asia/Ho_Chi_Minh"),
        ("vi", "", "19/11/2026 05:05 Asia/Ho_Chi_Minh"),
        ("vi", "Asia/Ho_Chi_Minh", "19/11/2026 05:05"),
        ("vi", "Asia/Saigon", "19/11/2026 05:05"),
        ("en", "Europe/Berlin", "2026-11-19 05:05 Asia/Ho_Chi_Minh"),
    ],
)
def test_a_moment_is_told_by_the_clock_of_its_place(language: str, reader: str, said: str) -> None:
    before = readers_zone.set(reader)
    with translation.override(language):
        assert spoken(COOL) == said
    assert str(COOL) == "2026-11-19 05:05 Asia/Ho_Chi_Minh", "the record is for everybody"
    readers_zone.reset(before)
