from __future__ import annotations

from typing import Any

import pytest

from inspection.acts.describe_label import describe_label
from inspection.models import Job, Label
from inspection.queries.samples import Words, words_of
from inspection.refused import Refused
from tests import factories
from tests.factories import Cast

VIETNAMESE = {"name": "Xước", "definition": "Một đường thấy được."}


@pytest.fixture
def covers(cast: Cast) -> Job:
    return factories.job(cast)


def describe(covers: Job, **said: Any) -> Label:
    return describe_label(job=covers, code="scratch", **said)


def test_what_is_named_changes_and_the_rest_stays(covers: Job) -> None:
    describe(covers, definition=" A line that a nail feels. ", translations={"vi": VIETNAMESE})
    made = describe(covers, name="Scratches")
    assert (made.code, made.name, made.definition) == ("scratch", "Scratches", "A line that a nail feels.")
    assert made.translations == {"vi": VIETNAMESE}


def test_a_language_without_words_of_its_own_has_those_of_the_catalogue(covers: Job) -> None:
    made = describe(covers, definition="A line.", translations={"vi": {"name": "Xước", "definition": " "}})
    assert words_of(made, "vi") == Words("Xước", "A line.")
    assert words_of(made, "en") == Words("Scratch", "A line.")


def test_a_language_left_blank_is_taken_back(covers: Job) -> None:
    describe(covers, translations={"vi": VIETNAMESE})
    assert describe(covers, translations={"vi": {"name": "", "definition": ""}}).translations == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"name": "x" * 201}, "bad_name"),
        ({"name": "a\nb"}, "bad_name"),
        ({"definition": "x" * 2001}, "bad_definition"),
        ({"definition": "\x00"}, "bad_definition"),
        ({"translations": {"tlh": VIETNAMESE}}, "bad_language"),
        ({"translations": {"vi": {"name": "a\nb"}}}, "bad_name"),
        ({"translations": {"vi": {"definition": "x" * 2001}}}, "bad_definition"),
    ],
)
def test_words_that_cannot_stand_are_refused_by_name(covers: Job, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        describe(covers, **said)
    assert Label.objects.get(code="scratch").name == "Scratch"


def test_a_label_of_another_job_is_unknown(covers: Job) -> None:
    with pytest.raises(Refused, match="unknown_label"):
        describe_label(job=covers, code="rust", name="Rust")
