"""The page of a job: where it stands, what waits, what the model is worth, and what came in lately."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inspection.acts.note_exposure import note_exposure
from inspection.models import Item, Job, ModelVersion, Release, VerdictGiven
from inspection.permissions import may_administer, may_read_items, may_see_job
from inspection.policy.answers import FINAL_AFTER
from inspection.queries import (
    disputes,
    incidents,
    known,
    labels,
    lots,
    own_work,
    readiness,
    recent,
    second_looks,
    studies,
)
from inspection.queries.jobs import overviews, policy_of
from inspection.queries.standing import standing, why_people
from inspection.refused import spoken
from inspection.vocabulary import HintMode, MemberRole
from inspection.web.access import Seat, job_page
from inspection.web.context import board
from inspection.web.day_plot import day_plot
from inspection.web.steps import steps
from inspection.web.words import hint_words

OWN_WORK_SHOWN = 24
MODELS_SHOWN = 5


@dataclass(frozen=True)
class OwnPart:
    """A verdict in the list of one's own; it leads to its part once it cannot be taken back any more."""

    given: VerdictGiven
    final: bool
    part: Item


@require_safe
@job_page(may=may_see_job)
def job(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Inspectors see their own work and nothing else: a part that they have not judged may still be asked of them."""
    now = timezone.now()
    context = {
        **seat.context,
        "overview": next(row for row in overviews(seat.person, now=now) if row.job.pk == seat.job.pk),
        "steps": steps(seat.job),
        "names": labels.names(seat.job),
        "asked": [line for line in studies.running_for(seat.person, seat.job) if not line.progress.through],
    }
    if seat.role == MemberRole.INSPECTOR:
        return render(request, "job/own.html", {**context, **_own(seat)})
    return render(request, "job/job.html", {**context, **_whole(seat)})


def _own(seat: Seat) -> dict[str, Any]:
    person, job, now = seat.person, seat.job, timezone.now()
    today = own_work.day(person=person, job=job, now=now)
    return {
        "own": [
            OwnPart(given=given, final=given.at <= now - FINAL_AFTER, part=given.review.wears or given.item)
            for given in own_work.latest(person=person, job=job, most=OWN_WORK_SHOWN, now=now)
        ],
        "day": today,
        "day_plot": day_plot(today),
        "rate": known.own_rate(person=person, job=job, now=now),
        "outcomes": own_work.outcomes(person=person, job=job, now=now),
    }


def _whole(seat: Seat) -> dict[str, Any]:
    job = seat.job
    model = job.champion
    return {
        "standing": standing(job, seat.person),
        "disputed": (disputed := disputes.waiting(job)),
        "left_alone": disputes.left_alone(job) if disputed else 0,
        "looks_left_alone": second_looks.left_alone(job, now=timezone.now()),
        "open_incidents": incidents.open_of_job(job),
        "known_parts": known.in_use(job).count(),
        "why_people": [spoken(why) for why in why_people(job, list(board.status().faults))],
        "model": model,
        "live_since": Release.objects.filter(job=job, model=model).order_by("-at").first() if model else None,
        "adoptable": _adoptable(job),
        **_on_a_change(job),
        "policy": policy_of(job),
        "preset_lines": [_preset_line(preset) for preset in job.presets],
        "hint_modes": [(mode, hint_words(mode)) for mode in (HintMode.COMMIT_FIRST, HintMode.CONCURRENT)],
        "administers": may_administer.covers(seat.role),
        "page": _recent(seat, after=None),
        "lots": lots.newest(job=job),
        "refusals": recent.refusals(job=job),
    }


def _on_a_change(job: Job) -> dict[str, Any]:
    """What other thresholds or another model would do to the level; nothing where it needs no proof."""
    now, model = timezone.now(), job.champion
    if model is None:
        return {}
    lands_on = readiness.would_keep(job, model=model, new_thresholds=True, now=now)
    if lands_on == job.level:
        return {}
    others = ModelVersion.objects.filter(job=job).exclude(pk=model.pk).order_by("-at", "-id")[:MODELS_SHOWN]
    kept = [(one, readiness.would_keep(job, model=one, new_thresholds=False, now=now)) for one in others]
    said = _("nothing is proven with it, so the job steps down to {level} at once; undecided parts go to people.")
    return {"steps_down": said.format(level=lands_on.label), "kept": [row for row in kept if row[1] != lands_on]}


def _preset_line(preset: dict[str, Any]) -> str:
    """A preset as the form takes it."""
    line = f"{preset['name']}; {100 * preset['brightness']:.4g}; {100 * preset['contrast']:.4g}"
    return f"{line}; {_('negative')}" if preset["invert"] else line


def _adoptable(job: Job) -> dict[str, float | None] | None:
    """The thresholds that the live model suggests, where they are not the ones in force already."""
    suggested = job.champion.suggested if job.champion else {}
    if suggested.get("accept_at") is None and suggested.get("reject_at") is None:
        return None
    policy = policy_of(job)
    wanted = {"accept_at": suggested.get("accept_at"), "reject_at": suggested.get("reject_at")}
    return None if wanted == {"accept_at": policy.accept_at, "reject_at": policy.reject_at} else wanted


@require_safe
@job_page(may=may_read_items)
def items(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The next older parts, for the list on the job's page."""
    context = {**seat.context, "names": labels.names(seat.job), "page": _recent(seat, after=_key(request))}
    return render(request, "job/_items.html", context)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _recent(seat: Seat, *, after: uuid.UUID | None) -> recent.Page:
    """Some parts; whoever reads here what the AI decided is no blind judge of them any more."""
    page = recent.items(job=seat.job, after=after)
    if told := recent.tell_of_the_ai(page.items):
        note_exposure(person=seat.person, items=told)
    return page
