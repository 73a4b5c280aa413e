"""Many parts at a glance: pick the odd ones, one key for the rest. The same claims and the same outbox as the bench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspection.permissions import may_inspect
from inspection.policy.routing import LEVELS
from inspection.queries.own_work import judged_today
from inspection.vocabulary import HintMode, Level
from inspection.web.access import Seat, job_page

SIZES = (9, 16, 25, 36)


@never_cache
@require_safe
@job_page(may=may_inspect)
def grid(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The empty grid; `static/js/grid.js` fills it. Only where nobody is shown the AI: a hint is read part by part."""
    job = seat.job
    context = {
        **seat.context,
        "sizes": SIZES,
        "open": LEVELS[Level(job.level)].hint == HintMode.NONE,
        "judged_today": judged_today(person=seat.person, job=job, now=timezone.now()),
        "heartbeat_seconds": max(1, job.lease_seconds // 3),
    }
    return render(request, "grid/grid.html", context)
