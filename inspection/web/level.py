"""May this job climb? The five steps, what is proven, the switch with its reason, and every switch so far."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspection import walk
from inspection.models import LevelChange
from inspection.permissions import may_read_readiness, may_see_level
from inspection.queries import proposals
from inspection.queries.standing import undecided
from inspection.refused import Refused
from inspection.vocabulary import Level
from inspection.web import readiness, refusals
from inspection.web.access import Seat, job_page
from inspection.web.steps import may_go, steps


@require_http_methods(["GET", "HEAD", "POST"])
@job_page(may=may_see_level)
def level(request: HttpRequest, seat: Seat) -> HttpResponse:
    if request.method == "POST":
        return _switch(request, seat)
    return render(request, "level/level.html", {**seat.context, **_context(seat)})


def _context(seat: Seat) -> dict[str, Any]:
    standing = proposals.standing(seat.job)
    signed = standing if standing is not None and not proposals.signatures_missing(standing) else None
    ladder = steps(seat.job, signed=Level(signed.new) if signed else None)
    stands, now = Level(seat.job.level), timezone.now()
    whole: dict[str, Any] = {
        "steps": ladder,
        "buttons": [step for step in ladder if may_go(step, old=stands, role=seat.role)],
        "undecided": undecided(seat.job),
    }
    if not may_read_readiness.covers(seat.role):
        # Whoever may still be asked about a part learns no figure in which it counts.
        return whole
    changes = LevelChange.objects.filter(job=seat.job).select_related("by", "proposal").order_by("-at", "-id")
    refused = proposals.coming_back_of(seat.job, now=now)
    return {**whole, **readiness.context(seat, now=now), "changes": changes, "refused": refused, "printed_at": now}


def _switch(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        new = Level(request.POST.get("level", ""))
        change = walk.switch_level(job=seat.job, new=new, reason=request.POST.get("reason", ""), by=seat.person)
    except ValueError:
        messages.error(request, _("There is no such level. Nothing was changed."))
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _done(change))
    return redirect("level", seat.job.slug)


def _done(change: LevelChange) -> str:
    done = _("The job stands on {level} now.").format(level=Level(change.new).label)
    if not change.rerouted:
        return done
    return f"{done} {_('Undecided parts that were sent again: {n}.').format(n=change.rerouted)}"
