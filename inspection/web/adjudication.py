"""The adjudicator's page. It learns of disputed parts through the REST API alone: no names and no AI before the
verdict."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspection.models import Label
from inspection.permissions import may_adjudicate
from inspection.web.access import Seat, job_page
from inspection.web.keys import chips


@never_cache
@require_safe
@job_page(may=may_adjudicate)
def adjudication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The empty table; `static/js/adjudication.js` lays a part on it, with what was said of it beside."""
    labels = Label.objects.filter(job=seat.job, effective_to=None)
    context = {
        **seat.context,
        "chips": chips(labels),
        "heartbeat_seconds": max(1, seat.job.lease_seconds // 3),
    }
    return render(request, "adjudication/adjudication.html", context)
