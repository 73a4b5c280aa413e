"""Numbers and times as people read them: thin spaces, denominators, intervals, the job's own clock.

Thousands stand apart by a narrow space in every language, since 1.226 is a number near one to half of the readers;
the decimal sign and the order of a day's parts go by the language.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext

from inspection.clock import form, is_readers, own_time, readers_zone
from inspection.models import Job
from inspection.policy.agreement import Share

register = template.Library()

THIN = "\u202f"


@register.filter
def number(value: float | None) -> str:
    """1226 as "1 226" with a narrow space that does not break; whole."""
    return "" if value is None else f"{value:,.0f}".replace(",", THIN)


@register.filter
def decimal(value: float | None, places: int = 3) -> str:
    """0.351 as "0.351" or "0,351"; blank for nothing."""
    return "" if value is None else _with_sign(f"{value:.{places}f}")


@register.filter
def plain(value: float | None) -> str:
    """A number without noughts behind it: 0.35 as "0.35" or "0,35"."""
    return "" if value is None else _with_sign(f"{value:.12g}")


@register.filter
def percent(value: float | None) -> str:
    """0.9823 as "98.2 %"; a dash where nothing was counted."""
    return "–" if value is None else f"{decimal(100 * value, 1)}{THIN}%"


@register.filter
def counted(share: Share) -> str:
    """A share with all that it takes to judge it: "98.2 % (1 226 of 1 248; 97.3 to 98.9)"."""
    if share.value is None or share.interval() is None:
        return gettext("nothing counted yet")
    return gettext("{percent} ({k} of {n}; {ends})").format(
        percent=percent(share.value), k=number(share.k), n=number(share.n), ends=ends(share)
    )


@register.filter
def at_site(moment: datetime | None, job: Job) -> str:
    """A moment on the job's own clock, to the second."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(job.time_zone)).strftime(form())


@register.filter
def on_day(day: date | None) -> str:
    """A day in the same order as the days of moments."""
    return "" if day is None else day.strftime(form().split()[0])


@register.filter
def with_zone(moment: datetime | None, job: Job) -> str:
    """A moment on the job's own clock with the name of that clock: on paper, which may be read anywhere."""
    return f"{at_site(moment, job)} {job.time_zone}" if moment else ""


@register.filter
def on_own_clock(moment: datetime) -> str:
    """The time of the day for what belongs to no job."""
    return own_time(moment)


@register.filter
def elsewhere(job: Job) -> bool:
    """Whether the reader's clock is known to show another time than that of the job."""
    return bool(readers_zone.get()) and not is_readers(job.time_zone, at=timezone.now())


@register.filter
def reported(share: dict[str, Any]) -> str:
    """A share as a hold-out report holds it, `{k, n, interval}`, in the same words as `counted`."""
    k, n, interval = share.get("k"), share.get("n"), share.get("interval")
    if not n or k is None:
        return gettext("nothing counted")
    said = {"percent": percent(k / n), "k": number(k), "n": number(n)}
    if not interval:
        return gettext("{percent} ({k} of {n})").format(**said)
    return gettext("{percent} ({k} of {n}; {ends})").format(**said, ends=_ends(*interval))


@register.filter
def as_percent(share: float) -> str:
    """0.1 as "10" for a field that is labelled with %."""
    return plain(100 * share)


@register.filter
def ends(share: Share) -> str:
    """The ends of a share's interval in percent: "97.3 to 98.9"."""
    interval = share.interval()
    return "" if interval is None else _ends(*interval)


def _ends(low: float, high: float) -> str:
    return gettext("{low} to {high}").format(low=decimal(100 * low, 1), high=decimal(100 * high, 1))


def _with_sign(text: str) -> str:
    return text.replace(".", str(get_format("DECIMAL_SEPARATOR")))
