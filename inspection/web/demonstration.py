"""Take the demonstration away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspection.acts.remove_demonstration import remove_demonstration
from inspection.permissions import may_administer
from inspection.web.access import Seat, job_page


@require_POST
@job_page(may=may_administer)
def remove(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All demonstration jobs go together; only the admin of one of them has the button."""
    if not seat.job.demonstration:
        raise Http404
    gone = remove_demonstration()
    said = _("The demonstration is gone. Removed: jobs {jobs}, parts {parts}.")
    messages.success(request, said.format(jobs=gone.jobs, parts=gone.items))
    return redirect("jobs")
