"""The language switch of a page, and the address of the words that its scripts say."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from inspection.models import Refusal
from inspection.refused import spoken
from inspection.sentences import Sentence
from inspection.vocabulary import Language
from inspection.web.language import words_mark
from inspection.web.words import refusal_words

register = template.Library()

PARTS = (
    *(Sentence("database"), Sentence("broker"), Sentence("workers"), Sentence("sweeper"), Sentence("model")),
    *(Sentence("web"), Sentence("worker"), Sentence("beat"), Sentence("redis")),
)
"""What parts of the system are called in rows and files, so that `said` finds them in the lists of words."""


@register.simple_tag
def words_address() -> str:
    """Blank in English, which the scripts speak by themselves."""
    language = get_language()
    if language not in Language.values or language == Language.ENGLISH:
        return ""
    return reverse("words", args=[language, words_mark(language)])


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """Code and own name of each language that the page is not in."""
    return [(language.value, str(language.label)) for language in Language if language != get_language()]


@register.filter
def said(sentence: str) -> str:
    """A sentence of a rule or a query in the language of the page."""
    return spoken(sentence)


@register.filter
def why_refused(row: Refusal) -> str:
    """Why a picture was not taken in, in the language of the page."""
    return refusal_words(code=row.code, detail=row.words)
