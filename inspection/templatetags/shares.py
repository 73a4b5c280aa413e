"""Shares that may be small: as many digits as it takes to tell them from their neighbours."""

from __future__ import annotations

from django import template

from inspection.refused import spoken
from inspection.sentences import Percent, Sentence
from inspection.web.readiness_words import title

register = template.Library()


@register.filter
def criterion(name: str) -> str:
    """What a counter or criterion is called, by its name in the rows."""
    return title(name)


@register.filter
def share(value: float | None) -> str:
    """0.0071 as "0.71 %"; blank for nothing."""
    return "" if value is None else spoken(Sentence("{share}", share=Percent(value)))
