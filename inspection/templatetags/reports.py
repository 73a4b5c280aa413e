"""Figures of reports as people read them: exact intervals, coefficients with their errors, links to one segment."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from inspection.policy.agreement import Share
from inspection.policy.kappa import Estimate
from inspection.refused import spoken
from inspection.templatetags.figures import decimal, number, percent

register = template.Library()


@register.filter
def exact(share: Share) -> str:
    """A share of errors with its exact interval: "0.8 % (2 of 240; 0.1 to 3.0)"."""
    if share.value is None:
        return gettext("nothing counted yet")
    return gettext("{percent} ({k} of {n}; {ends})").format(
        percent=percent(share.value), k=number(share.k), n=number(share.n), ends=exact_ends(share)
    )


@register.filter
def exact_ends(share: Share) -> str:
    """The ends of the interval of Clopper and Pearson in per cent."""
    found = share.exact()
    if found is None:
        return ""
    low, high = (decimal(100 * end, 1) for end in found)
    return gettext("{low} to {high}").format(low=low, high=high)


@register.filter
def estimate(found: Estimate | None) -> str:
    """A coefficient with its standard error: "0.842 ± 0.021"; in words where it has no value."""
    if found is None:
        return gettext("undefined")
    if found.se is None:
        return decimal(found.value, 3)
    return gettext("{value}, SE {se}").format(value=decimal(found.value, 3), se=decimal(found.se, 3))


@register.filter
def coefficient(value: float | None) -> str:
    return gettext("undefined") if value is None else decimal(value, 3)


@register.filter
def said(sentence: str | None) -> str:
    """A sentence of the rules in the reader's language."""
    return "" if sentence is None else spoken(sentence)
