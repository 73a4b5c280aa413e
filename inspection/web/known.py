"""Known parts: parts that go round again to measure people, for those who lead a job."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspection.acts.add_known_part import add_known_part
from inspection.acts.retire_known_part import retire_known_part
from inspection.models import KnownPart
from inspection.permissions import may_keep_known
from inspection.queries import known, labels
from inspection.refused import Refused
from inspection.web import refusals
from inspection.web.access import Seat, job_page, seat_at


@require_safe
@job_page(may=may_keep_known)
def known_parts(request: HttpRequest, seat: Seat) -> HttpResponse:
    context = {
        **seat.context,
        "lines": known.lines(seat.job, now=timezone.now()),
        "share": seat.job.seed_share,
        "names": labels.names(seat.job),
    }
    return render(request, "known/known.html", context)


@require_POST
@login_required
def add(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    seat, item = seat_at(request, item_id)
    if not may_keep_known.covers(seat.role):
        raise PermissionDenied
    try:
        add_known_part(item=item, by=seat.person, vouched="vouched" in request.POST, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The picture goes round among the others from now on."))
    return redirect("item", item.pk)


@require_POST
@job_page(may=may_keep_known)
def retire(request: HttpRequest, seat: Seat, known_id: int) -> HttpResponse:
    found = KnownPart.objects.filter(pk=known_id, job=seat.job).first()
    if found is None:
        raise Http404
    try:
        retire_known_part(known=found, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("It goes round no more. What people answered stays counted."))
    return redirect("known", seat.job.slug)
