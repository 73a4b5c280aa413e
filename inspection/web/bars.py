"""How good an AI has to be in this job: every bar and minimum with its limits, and the calendar of its shifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inspection.acts.change_bars import change_bars
from inspection.acts.change_calendar import change_calendar
from inspection.models import BarsChange, CalendarChange, Job
from inspection.permissions import may_change_bars, may_read_readiness
from inspection.policy.bars import HIGHER_IS_HARDER, LIMITS, Bars
from inspection.policy.shift_calendar import zones
from inspection.queries import epochs
from inspection.queries.readiness import counted_now
from inspection.refused import Refused, spoken
from inspection.sentences import Sentence
from inspection.templatetags.figures import number, plain
from inspection.web import refusals
from inspection.web.access import Seat, job_page

WHOLE = frozenset({"items", "defects", "lots", "shifts", "people", "items_partial", "days", "days_in_partial"})
GROUPS: tuple[tuple[Sentence, dict[str, Sentence]], ...] = (
    (
        Sentence("For every climb"),
        {
            "alpha": Sentence("chance of a wrong proof, %; halved with each demotion"),
            "unsettled": Sentence("parts on which people cannot tell, at most %"),
        },
    ),
    (
        Sentence("To assistance"),
        {
            "ai_error": Sentence("AI error, below %"),
            "miss": Sentence("misses among defects, below %"),
            "items": Sentence("parts counted, at least"),
            "defects": Sentence("defects counted, at least"),
            "lots": Sentence("lots or ten-minute slots, at least"),
            "shifts": Sentence("shifts, at least"),
            "people": Sentence("people who judged, at least"),
        },
    ),
    (
        Sentence("To partial automation"),
        {
            "escape": Sentence("escapes per inspected part, below %"),
            "ai_share": Sentence("parts that the AI would pass by itself, at least %"),
            "items_partial": Sentence("parts counted, at least"),
            "days": Sentence("days, at least"),
        },
    ),
    (
        Sentence("To full automation"),
        {
            "miss_full": Sentence("misses among defects, below %"),
            "critical": Sentence("misses of each critical class, below %"),
            "overkill": Sentence("overkill, below %"),
            "days_in_partial": Sentence("days in partial automation, at least"),
        },
    ),
)
"""Every bar and minimum as the form calls it, by the climb that asks for it."""
SHOWN = 50
NAMES = {name: words for _, group in GROUPS for name, words in group.items()}


@dataclass(frozen=True)
class Field:
    """One line of the form, in the units of the form: shares in per cent."""

    name: str
    words: str
    value: str
    least: str
    most: str
    default: str
    harder: str
    """`up` where a higher value is harder to reach, else `down`."""


@require_http_methods(["GET", "HEAD", "POST"])
@job_page(may=may_read_readiness)
def bars(request: HttpRequest, seat: Seat) -> HttpResponse:
    if request.method == "POST":
        return _change(request, seat)
    return render(request, "bars/bars.html", {**seat.context, **_context(seat)})


@require_POST
@job_page(may=may_change_bars)
def calendar(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put another shift calendar in force."""
    try:
        change_calendar(
            job=seat.job,
            time_zone=request.POST.get("time_zone", ""),
            shifts=request.POST.get("shifts", "").replace(",", " ").split(),
            captured_time="captured_time" in request.POST,
            by=seat.person,
            now=timezone.now(),
        )
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The calendar is in force for what is judged from now on."))
    return redirect("bars", seat.job.slug)


def _context(seat: Seat) -> dict[str, Any]:
    now = epochs.bars_of(seat.job)
    return {
        "groups": [(spoken(head), [_field(name, now) for name in group]) for head, group in GROUPS],
        "counted": counted_now(seat.job, now=timezone.now()),
        "shifts": " ".join(seat.job.shifts),
        "zones": sorted(zones()),
        "changes": _changes(seat.job),
        "calendars": CalendarChange.objects.filter(job=seat.job).select_related("by").order_by("-at", "-id")[:SHOWN],
        "changes_bars": may_change_bars.covers(seat.role),
    }


def _field(name: str, now: Bars) -> Field:
    least, most = LIMITS[name]
    return Field(
        name=name,
        words=spoken(NAMES[name]),
        value=_shown(name, now[name]),
        least=_told(name, least),
        most=_told(name, most),
        default=_told(name, Bars()[name]),
        harder="up" if name in HIGHER_IS_HARDER else "down",
    )


def _shown(name: str, value: float) -> str:
    return plain(value if name in WHOLE else round(100 * value, 6))


def _told(name: str, value: float) -> str:
    """As `_shown`, with the thousands apart: no number to be sent back."""
    return number(int(value)) if name in WHOLE else _shown(name, value)


def _change(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        if not may_change_bars.covers(seat.role):
            raise Refused("not_allowed", Sentence("An admin of this job may do that."))
        reason = request.POST.get("reason", "")
        change = change_bars(
            job=seat.job, changes=_said(request.POST), reason=reason, by=seat.person, now=timezone.now()
        )
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _done(seat.job, change))
    return redirect("bars", seat.job.slug)


def _done(job: Job, change: BarsChange | None) -> str:
    if change is None:
        return _("Nothing differs from what was in force.")
    if change.version == job.bars_version:
        return _("The bars are in force, also for what has been counted.")
    return _("The bars are in force; counting begins anew.")


def _said(said: QueryDict) -> dict[str, float]:
    return {name: _number(said, name) for name in NAMES if name in said}


def _number(said: QueryDict, name: str) -> float:
    """What the form says, as a share of 1 or a number of things. Raises `Refused` for what is neither."""
    try:
        value = float(said.get(name, "").replace(",", "."))
    except ValueError as error:
        raise Refused("bad_bar", Sentence("{field} is a number.", field=NAMES[name])) from error
    if name not in WHOLE:
        return round(value / 100, 8)
    if not value.is_integer():
        raise Refused("bad_bar", Sentence("{field} is a whole number.", field=NAMES[name]))
    return int(value)


def _changes(job: Job) -> list[dict[str, Any]]:
    """Every change of the bars, newest first, by what differs."""
    rows = BarsChange.objects.filter(job=job).select_related("by").order_by("-at", "-id")[:SHOWN]
    return [
        {
            "row": row,
            "moved": [
                (spoken(NAMES[name]), _shown(name, row.old[name]), _shown(name, row.new[name]))
                for name in NAMES
                if row.old.get(name) != row.new.get(name)
            ],
        }
        for row in rows
    ]
