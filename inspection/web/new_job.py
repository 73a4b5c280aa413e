"""A new job in the browser: a name, its labels, and its first pictures."""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.models import Job
from inspection.permissions import may_create_jobs
from inspection.refused import Refused
from inspection.vocabulary import Gate, Level, Severity
from inspection.web import refusals
from inspection.web.access import who
from inspection.web.words import level_words

_ROW = re.compile(r"^label-(\d+)-name$")
EMPTY_ROWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_job(request: HttpRequest) -> HttpResponse:
    if not may_create_jobs(who(request)):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    try:
        job = create_job(new=_wanted(request.POST), by=who(request), now=timezone.now())
    except Refused as refused:
        return refusals.as_json(refused) if refusals.wants_json(request) else _page(request, refused)
    return _made(request, job)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {
        "refused": refused,
        "said": request.POST,
        "rows": range(EMPTY_ROWS),
        "severities": Severity.choices,
        "levels": [(level, level.label, level_words(level)) for level in (Level.HUMAN_ONLY, Level.SHADOW)],
    }
    return render(request, "new_job/new_job.html", context, status=422 if refused else 200)


def _made(request: HttpRequest, job: Job) -> HttpResponse:
    """Our script goes on with the pictures; a browser without it goes to the job."""
    if not refusals.wants_json(request):
        return redirect("job", job.slug)
    names = ("job", "pictures", "inspect", "people")
    return JsonResponse({"slug": job.slug, **{name: reverse(name, args=[job.slug]) for name in names}}, status=201)


def _wanted(said: QueryDict) -> NewJob:
    """What the form says. Raises `Refused` for words that are none of ours."""
    name = said.get("name", "").strip()
    try:
        return NewJob(
            slug=said.get("slug", "").strip() or slugify(name)[:64],
            name=name,
            labels=_labels(said),
            level=Level(said.get("level", Level.HUMAN_ONLY)),
            gate=Gate(said.get("gate", Gate.ENFORCED)),
        )
    except ValueError as error:
        raise Refused("bad_word", "The form holds a choice that there is not.") from error


def _labels(said: QueryDict) -> list[NewLabel]:
    """The rows that have a name, in the order of the page."""
    rows = sorted(int(found[1]) for key in said if (found := _ROW.match(key)))
    return [_label(said, row) for row in rows if said.get(f"label-{row}-name", "").strip()]


def _label(said: QueryDict, row: int) -> NewLabel:
    name = said.get(f"label-{row}-name", "").strip()
    return NewLabel(
        code=said.get(f"label-{row}-code", "").strip() or slugify(name).replace("-", "_")[:64],
        name=name,
        severity=Severity(said.get(f"label-{row}-severity", Severity.MAJOR)),
        critical=said.get(f"label-{row}-critical") == "1",
    )
