"""A new study: which parts, who judges them, how often."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspection.acts.create_study import NewStudy, Picked, create_study
from inspection.models import Job, Membership
from inspection.permissions import INSPECTING, may_run_studies
from inspection.policy import study_design
from inspection.queries import labels
from inspection.queries.study_parts import Standard, offer
from inspection.refused import Refused
from inspection.templatetags.figures import on_day
from inspection.vocabulary import StandardBy, Verdict
from inspection.web.access import Seat, job_page
from inspection.web.refusals import STATUS

MOST_SHOWN = 60
"""Of each verdict, to be picked by hand."""


@require_http_methods(["GET", "HEAD", "POST"])
@job_page(may=may_run_studies)
def new_study(request: HttpRequest, seat: Seat) -> HttpResponse:
    if request.method != "POST":
        return render(request, "study/new.html", {**seat.context, **_context(seat.job, request.GET)})
    try:
        study = create_study(job=seat.job, new=_read(request.POST), by=seat.person, now=timezone.now())
    except Refused as refused:
        context = {**seat.context, **_context(seat.job, request.POST), "refused": refused}
        return render(request, "study/new.html", context, status=STATUS[refused.kind])
    return redirect("study", seat.job.slug, study.pk)


def _read(said: QueryDict) -> NewStudy:
    parts: list[uuid.UUID] | Picked = Picked(n=_whole(said, "n"), seed=said.get("seed", "").strip())
    if said.get("how") == "hand":
        parts = [pk for text in said.getlist("part") if (pk := _uuid(text)) is not None]
    return NewStudy(
        name=said.get("name", ""),
        appraisers=said.getlist("appraiser"),
        parts=parts,
        trials=_whole(said, "trials"),
        ai="ai" in said,
        vouched="vouched" in said,
    )


def _whole(said: QueryDict, name: str) -> int:
    """What is no number is none that a design allows, and is refused as such."""
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _today(job: Job) -> date:
    return timezone.localdate(timezone=ZoneInfo(job.time_zone))


def _context(job: Job, said: QueryDict) -> dict[str, Any]:
    offered = offer(job, vouched=True)
    sure = [one for one in offered if one.by != StandardBy.VOUCHED]
    members = Membership.objects.filter(job=job, role__in=INSPECTING, person__is_active=True)
    fresh = not said
    return {
        "said": said,
        "name": said.get("name") or _("Study of {day}").format(day=on_day(_today(job))),
        "n": said.get("n") or _usual(sure),
        "trials": said.get("trials") or study_design.USUAL_TRIALS,
        "limits": study_design,
        "hand": said.get("how") == "hand",
        "with_ai": "ai" in said or (fresh and job.champion_id is not None),
        "people": [
            (row.person, row.get_role_display(), row.person.username in said.getlist("appraiser"))
            for row in members.select_related("person").order_by("person__username")
        ],
        "counts": {"sure": _count(sure), "all": _count(offered)},
        "shown": _shown(offered, said.getlist("part")),
        "names": labels.names(job),
    }


def _usual(sure: list[Standard]) -> int:
    """Fifty, or as many as there are."""
    return max(study_design.LEAST_PARTS, min(study_design.USUAL_PARTS, len(sure)))


def _count(standards: list[Standard]) -> dict[str, int]:
    bad = sum(one.verdict == Verdict.NG for one in standards)
    return {"n": len(standards), "bad": bad, "good": len(standards) - bad}


def _shown(offered: list[Standard], chosen: list[str]) -> list[tuple[str, list[tuple[Standard, bool]]]]:
    """Parts to pick by hand, bad ones first: they are what is hard to find."""
    groups = []
    for verdict, words in ((Verdict.NG, _("Bad parts")), (Verdict.OK, _("Good parts"))):
        mine = [one for one in offered if one.verdict == verdict][:MOST_SHOWN]
        groups.append((words, [(one, str(one.item.pk) in chosen) for one in mine]))
    return groups
