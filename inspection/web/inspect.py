"""The inspector's page. It learns of reviews through the REST API alone, so it can show nothing that the API hides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspection.models import Label
from inspection.permissions import may_inspect
from inspection.queries.own_work import judged_today
from inspection.vocabulary import Level
from inspection.web.access import Seat, job_page
from inspection.web.keys import chips

AUTOMATED = (Level.PARTIAL, Level.FULL)
"""Where the AI decides by itself, and anybody who inspects may stop it."""


@never_cache
@require_safe
@job_page(may=may_inspect)
def inspect(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The empty workbench; `static/js/inspect.js` fills it."""
    job = seat.job
    labels = Label.objects.filter(job=job, effective_to=None)
    return render(
        request,
        "inspect/inspect.html",
        {
            **seat.context,
            "chips": chips(labels),
            "judged_today": judged_today(person=seat.person, job=job, now=timezone.now()),
            "heartbeat_seconds": max(1, job.lease_seconds // 3),
            "automated": job.level in AUTOMATED,
            "stopped_at": Level.ASSISTANCE.label,
        },
    )
