"""Numbers and times as people read them: thin spaces, denominators, intervals, the job's own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template

from inspection.models import Job
from inspection.policy.agreement import Share

register = template.Library()

THIN = "\u202f"


@register.filter
def number(value: int | None) -> str:
    """1226 as "1 226" with a narrow space that does not break."""
    return "" if value is None else f"{value:,}".replace(",", THIN)


@register.filter
def percent(value: float | None) -> str:
    """0.9823 as "98.2 %"; a dash where nothing was counted."""
    return "–" if value is None else f"{100 * value:.1f}{THIN}%"


@register.filter
def counted(share: Share) -> str:
    """A share with all that it takes to judge it: "98.2 % (1 226 of 1 248; 97.3 to 98.9)"."""
    interval = share.interval()
    if share.value is None or interval is None:
        return "nothing counted yet"
    low, high = (f"{100 * end:.1f}" for end in interval)
    return f"{percent(share.value)} ({number(share.k)} of {number(share.n)}; {low} to {high})"


@register.filter
def at_site(moment: datetime | None, job: Job) -> str:
    """A moment on the job's own clock, to the second."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(job.time_zone)).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def reported(share: dict[str, Any]) -> str:
    """A share as a hold-out report holds it, `{k, n, interval}`, in the same words as `counted`."""
    k, n, interval = share.get("k"), share.get("n"), share.get("interval")
    if not n or k is None:
        return "nothing counted"
    ends = "; {:.1f} to {:.1f}".format(*(100 * end for end in interval)) if interval else ""
    return f"{percent(k / n)} ({number(k)} of {number(n)}{ends})"


@register.filter
def as_percent(share: float) -> str:
    """0.1 as "10" for a field that is labelled with %."""
    return f"{100 * share:g}"


@register.filter
def ends(share: Share) -> str:
    """The ends of a share's interval in percent: "97.3 to 98.9"."""
    interval = share.interval()
    return "" if interval is None else "{:.1f} to {:.1f}".format(*(100 * end for end in interval))
