"""Figures of a study as a report writes them: counts, share, exact interval; what one said of a part, in signs."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext

from inspection.models import Study
from inspection.policy.agreement import Share, clopper_pearson
from inspection.policy.attribute_study import Band, matched_interval
from inspection.policy.kappa import Estimate, Fleiss
from inspection.policy.signal_detection import Measured
from inspection.policy.study_words import WORDS
from inspection.refused import spoken
from inspection.templatetags.figures import decimal, number, percent, plain
from inspection.vocabulary import Verdict

register = template.Library()

SIGNS = {Verdict.OK: "✓", Verdict.NG: "✕", Verdict.UNSURE: "?", None: "–"}


@register.filter
def matched(share: Share | None) -> str:
    """Parts that match, with the interval of studies: one-sided where all or none do."""
    return "" if share is None else _ends(matched_interval(share))


@register.filter
def exact(share: Share | None) -> str:
    """The ends of the exact interval in percent: "1.3 to 17.2"."""
    return "" if share is None else _ends(clopper_pearson(k=share.k, n=share.n))


@register.filter
def of(share: Share | None) -> str:
    """ "42 of 50"."""
    return "" if share is None else gettext("{k} of {n}").format(k=number(share.k), n=number(share.n))


@register.filter
def shared(share: Share | None) -> str:
    """The share itself in percent, a dash where there is none."""
    return percent(None if share is None else share.value)


@register.filter
def kappa(found: Fleiss | Estimate | float | None) -> str:
    """Three places; a dash where kappa has no value."""
    if found is None:
        return "–"
    if isinstance(found, Fleiss):
        found = found.overall
    return decimal(found.value if isinstance(found, Estimate) else found)


@register.filter
def within(found: Estimate | None) -> str:
    """The 95 % interval of a kappa."""
    ends = found.interval() if found is not None else None
    if ends is None:
        return ""
    return gettext("{low} to {high}").format(low=decimal(ends[0]), high=decimal(min(1.0, ends[1])))


@register.filter
def band_words(band: Band | None) -> str:
    return spoken(WORDS[band]) if band else gettext("undefined")


@register.filter
def signs(verdicts: Sequence[Verdict | None]) -> str:
    """What one appraiser said trial by trial: "✓ ✕ ✓"."""
    return " ".join(SIGNS[verdict] for verdict in verdicts)


@register.filter
def in_words(verdicts: Sequence[Verdict | None]) -> str:
    """The same for who listens."""
    return ", ".join(verdict.value if verdict else gettext("not read") for verdict in verdicts)


@register.filter
def get(names: dict[str, str], name: str) -> str:
    return names.get(name, name)


@register.filter
def measured(value: float | None, study: Study) -> str:
    """A measured value with its unit: "0.5 mm"; a dash for nothing."""
    return "–" if value is None else f"{plain(value)}\N{NO-BREAK SPACE}{study.unit}".rstrip()


@register.filter
def part_numbers(parts: Sequence[Measured]) -> str:
    return ", ".join(one.part for one in parts)


@register.filter
def limits(study: Study) -> str:
    """ "0.45 to 0.55 mm", "at most 0.55 mm"; blank where a study has none."""
    low, high = study.lower_limit, study.upper_limit
    if low is not None and high is not None:
        return gettext("{low} to {high}").format(low=plain(low), high=measured(high, study))
    if low is not None:
        return gettext("at least {low}").format(low=measured(low, study))
    return "" if high is None else gettext("at most {high}").format(high=measured(high, study))


def _ends(interval: tuple[float, float] | None) -> str:
    if interval is None:
        return ""
    low, high = (decimal(100 * end, 1) for end in interval)
    return gettext("{low} to {high}").format(low=low, high=high)
