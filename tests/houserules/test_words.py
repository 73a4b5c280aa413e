"""Every sentence that a person reads is marked and has its translation, with nothing lost on the way."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from deploy import words
from tests.houserules import source

BOTH = [(language, domain) for language in words.LANGUAGES for domain in words.DOMAINS]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
# The same in every language: names, signs, and words that stand as they are on keys and in files.
SAME = {"Sightline", "OK", "NG", "UNSURE", "CSV", "AUROC", "AI", "Enter", "Esc", "Ctrl", "Shift", "Tab", "Space"}
SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "data-head")
MARKED = re.compile(r"\{%-?\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
NO_WORDS = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


class Bare(HTMLParser):
    """Collects text and spoken attributes that hold words of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"code", "kbd"}
        for name, value in attrs:
            if name in SPOKEN:
                self.handle_data(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"code", "kbd"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found += [word for word in re.findall(r"[^\W\d_]{2,}", data) if word not in SAME]


def bare(path: Path) -> list[str]:
    reader = Bare()
    # A quote inside a tag of Django's would end an attribute for a reader of HTML.
    reader.feed(TAGS.sub("", MARKED.sub("", NO_WORDS.sub("", path.read_text()))))
    return reader.found


def told(message: Any) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def asked(message: Any) -> list[str]:
    return list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]


def test_no_text_stands_unmarked_in_a_template() -> None:
    templates = sorted((source.ROOT / "templates").rglob("*.html"))
    assert {source.name(path): found for path in templates if (found := bare(path))} == {}


def test_the_search_for_unmarked_text_finds_some(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p title="Two words">{% translate "fine" %} <code>left</code> {{ name }} OK here</p>')
    assert bare(page) == ["Two", "words", "here"]


@pytest.mark.parametrize(("language", "domain"), BOTH)
def test_every_marked_sentence_is_in_the_list_and_no_other(language: str, domain: str) -> None:
    listed = {message.id for message in words.listed(language, domain) if message.id}
    marked = {message.id for message in words.gathered(domain) if message.id}
    assert (marked - listed, listed - marked) == (set(), set()), "run make words"


@pytest.mark.parametrize(("language", "domain"), BOTH)
def test_every_sentence_has_its_translation(language: str, domain: str) -> None:
    listed = [message for message in words.listed(language, domain) if message.id]
    assert [message.id for message in listed if message.fuzzy or not all(told(message))] == []


@pytest.mark.parametrize(("language", "domain"), BOTH)
def test_a_translation_names_what_the_sentence_names(language: str, domain: str) -> None:
    wrong = {
        str(message.id): text
        for message in words.listed(language, domain)
        if message.id
        for text in told(message)
        if text and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(asked(message)[-1]))
    }
    assert wrong == {}


def test_every_sentence_of_a_script_is_plain_text() -> None:
    """What is put together at run time is found in no list."""
    call = re.compile(r"(?<![\w.])tn?\(\s*(?!\")(?!text\b|one\b)([^\s)].{0,40})")
    scripts = [path for path in sorted((source.ROOT / "static" / "js").rglob("*.js")) if path.name != "words.js"]
    assert [f"{source.name(path)}: {found}" for path in scripts for found in call.findall(path.read_text())] == []
