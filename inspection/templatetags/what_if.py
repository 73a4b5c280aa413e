"""Figures of a replay: shares with the interval that knows of weights and lots, quantities of a shift."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from inspection.policy.weighting import Estimate
from inspection.policy.what_if import Work
from inspection.templatetags.figures import THIN, decimal, number

register = template.Library()


@register.filter
def estimated(found: Estimate | None) -> str:
    """A share as a figure alone: "61 %"; a dash where there is none."""
    if found is None or found.value is None:
        return "–"
    if _by_rule(found):
        return f"0{THIN}%"
    return f"{decimal(100 * found.value, _places(found))}{THIN}%"


@register.filter
def around(found: Estimate | None) -> str:
    """Its interval and what it rests on: "58 to 64 %; 740 of 1 213 drawn"."""
    if found is None or found.low is None or found.high is None or _by_rule(found):
        return ""
    low, high = (decimal(100 * end, _places(found)) for end in (found.low, found.high))
    return gettext("{low} to {high} %; {k} of {n} drawn").format(
        low=low, high=high, k=number(found.k), n=number(found.n)
    )


@register.filter
def worked(found: Work | None) -> str:
    return "–" if found is None else _quantity(found.value, found.value)


@register.filter
def worked_around(found: Work | None) -> str:
    """The ends of a quantity; none where no share of it is uncertain."""
    if found is None or found.low == found.high:
        return ""
    low, high = (_quantity(end, found.value) for end in (found.low, found.high))
    return gettext("{low} to {high}").format(low=low, high=high)


@register.filter
def spent(found: Work | None) -> str:
    """Hours as people say them: minutes below two hours."""
    if found is None:
        return "–"
    if found.value < 2:
        return gettext("{n} min").format(n=_quantity(60 * found.value, 60 * found.value))
    return gettext("{n} h").format(n=decimal(found.value, 1))


@register.filter
def spent_around(found: Work | None) -> str:
    if found is None or found.low == found.high:
        return ""
    if found.value < 2:
        return worked_around(found.times(60))
    return gettext("{low} to {high}").format(low=decimal(found.low, 1), high=decimal(found.high, 1))


@register.filter
def rounded(parts: int | None) -> str:
    """Two digits: a median of simulations holds no third one."""
    if parts is None:
        return "–"
    return number(round(parts, -max(0, len(str(parts)) - 2)))


def _quantity(value: float, of: float) -> str:
    """Below ten with one place, or a short shift would come to nothing."""
    return decimal(value, 1) if 0 < of < 10 else number(round(value))


def _by_rule(found: Estimate) -> bool:
    """Nothing by the rules of the level, not by what was seen: that is no estimate."""
    return found.high == 0


def _places(found: Estimate) -> int:
    """As many as tell the ends of the interval apart."""
    high = found.high or 0.0
    return 3 if high < 0.001 else 2 if high < 0.01 else 1 if high < 0.1 else 0
