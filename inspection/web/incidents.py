"""What people have reported, for those who answer for it: what is open first, and a place to say what was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspection.acts.report_incident import MOST_WORDS, close_incident
from inspection.models import Incident
from inspection.permissions import may_answer_incidents
from inspection.queries.incidents import answered, unanswered
from inspection.refused import Refused
from inspection.web import refusals
from inspection.web.access import Seat, job_page

ANSWERED_SHOWN = 20


@require_safe
@job_page(may=may_answer_incidents)
def incidents(request: HttpRequest, seat: Seat) -> HttpResponse:
    before = request.GET.get("before", "")
    done = answered(
        seat.job, before=int(before) if before.isascii() and before.isdigit() else None, most=ANSWERED_SHOWN + 1
    )
    context = {
        **seat.context,
        "open": unanswered(seat.job),
        "done": done[:ANSWERED_SHOWN],
        "older": done[ANSWERED_SHOWN - 1].pk if len(done) > ANSWERED_SHOWN else None,
        "most": MOST_WORDS,
    }
    return render(request, "incidents/incidents.html", context)


@require_POST
@job_page(may=may_answer_incidents)
def close(request: HttpRequest, seat: Seat, incident_id: int) -> HttpResponse:
    found = Incident.objects.filter(pk=incident_id, job=seat.job).first()
    if found is None:
        raise Http404
    try:
        close_incident(incident=found, answer=request.POST.get("answer", ""), by=seat.person, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The report is answered and closed."))
    return redirect("incidents", seat.job.slug)
