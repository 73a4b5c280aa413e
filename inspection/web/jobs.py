"""The list of jobs: where a person's work is."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspection.permissions import INSPECTING, LEADING
from inspection.queries.jobs import Overview, overviews
from inspection.web.access import who


@dataclass(frozen=True)
class Line:
    """A job in the list, with what this person may do in it.

    Who decided and what is for managers: an inspector who watched the counts could tell what the AI said of a part.
    """

    overview: Overview
    leads: bool
    inspects: bool

    @property
    def by_people_today(self) -> int:
        return self.overview.decided_today - self.overview.by_ai_today


def home(_request: HttpRequest) -> HttpResponse:
    return redirect("jobs")


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    lines = [
        Line(overview=row, leads=row.role in LEADING, inspects=row.role in INSPECTING)
        for row in overviews(who(request), now=timezone.now())
    ]
    leads = any(line.leads for line in lines)
    return render(request, "jobs/jobs.html", {"lines": lines, "leads": leads})
