"""What people have reported, for those who answer for it: what is open first, and a place to say what was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspection import walk
from inspection.acts.report_incident import MOST_WORDS
from inspection.models import Incident
from inspection.permissions import may_answer_incidents
from inspection.queries import labels
from inspection.queries.incidents import answered, unanswered
from inspection.refused import Refused
from inspection.vocabulary import Level
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
        "labels": labels.of_job(seat.job),
        "names": labels.names(seat.job),
    }
    return render(request, "incidents/incidents.html", context)


@require_POST
@job_page(may=may_answer_incidents)
def close(request: HttpRequest, seat: Seat, incident_id: int) -> HttpResponse:
    found = Incident.objects.filter(pk=incident_id, job=seat.job).first()
    if found is None:
        raise Http404
    try:
        walk.close_incident(
            incident=found,
            answer=request.POST.get("answer", ""),
            defects=request.POST.getlist("defects"),
            by=seat.person,
        )
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The report is answered and closed."))
        _say_if_lowered(request, seat)
    return redirect("incidents", seat.job.slug)


def _say_if_lowered(request: HttpRequest, seat: Seat) -> None:
    """What closing a report has done to the level is said at once."""
    before = seat.job.level
    seat.job.refresh_from_db(fields=["level"])
    if seat.job.level != before:
        said = _("The AI is stopped: the job stands on {level} now.")
        messages.warning(request, said.format(level=Level(seat.job.level).label))
