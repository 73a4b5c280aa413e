"""Studies of a job: the list, one study as it stands, and what ends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from inspection import walk
from inspection.acts.end_study import cancel_study, close_study
from inspection.acts.measure_study import measure_study
from inspection.acts.note_exposure import note_exposure
from inspection.models import Study
from inspection.permissions import may_inspect, may_run_studies
from inspection.policy import study_design
from inspection.policy.signal_detection import contradictions
from inspection.policy.study_words import marks
from inspection.queries import labels, studies
from inspection.queries.study_report import limits_of, own_results, standard_of, values_of
from inspection.refused import Refused, spoken
from inspection.vocabulary import StudyState
from inspection.web import refusals, study_values
from inspection.web.access import Seat, job_page
from inspection.web.study_report import report_context


@require_safe
@job_page(may=may_inspect)
def list_studies(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of them for who leads the job; an inspector sees where that person is asked."""
    context = {
        **seat.context,
        "asked": studies.running_for(seat.person, seat.job),
        "results": [
            {"study": study, "said": [spoken(mark.said) for mark in marks(own)]}
            for study, own in own_results(seat.person, seat.job)
        ],
        "studies": studies.with_size(studies.of_job(seat.job)) if seat.leads else (),
    }
    return render(request, "study/studies.html", context)


@never_cache
@require_safe
@job_page(may=may_run_studies)
def study(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    """A draft to look through, how far everybody is, or the report."""
    found = _find(seat, study_id)
    if found.state == StudyState.CLOSED:
        # A part may be asked about again, by whoever reads here what the AI said of it.
        note_exposure(person=seat.person, items=studies.told_of_ai(found))
        return render(request, "study/report.html", {**seat.context, **report_context(found)})
    context = {**seat.context, **_context(seat, found)}
    if request.headers.get("HX-Request"):
        return render(request, "study/_progress.html", context)
    return render(request, "study/study.html", context)


@require_POST
@job_page(may=may_run_studies)
def values(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    """Measured values and limits of a draft; whatever was typed comes back where something in it is wrong."""
    found = _find(seat, study_id)
    form = study_values.typed(request)
    try:
        form = study_values.with_file(form, request.FILES.get("file"))
        measure_study(study=found, new=study_values.measures(form, found), by=seat.person, now=timezone.now())
    except Refused as refused:
        said = [spoken(one) for one in refused.extra.get("errors", [refused.said])]
        context = {**seat.context, **_context(seat, found), "measures": form, "wrong": said}
        return render(request, "study/study.html", context, status=refusals.STATUS[refused.kind])
    n = found.parts.exclude(value=None).count()
    messages.success(request, _("Kept: {n} of the parts have a measured value.").format(n=n))
    return redirect("study", seat.job.slug, found.pk)


@require_POST
@job_page(may=may_run_studies)
def start(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    found = _find(seat, study_id)
    try:
        walk.start_study(study=found, by=seat.person)
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The study runs. Its appraisers find it on the page of the job."))
    return redirect("study", seat.job.slug, found.pk)


@require_POST
@job_page(may=may_run_studies)
def close(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    found = _find(seat, study_id)
    reason = request.POST.get("reason", "")
    try:
        close_study(study=found, by=seat.person, reason=reason, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    return redirect("study", seat.job.slug, found.pk)


@require_POST
@job_page(may=may_run_studies)
def cancel(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    found = _find(seat, study_id)
    reason = request.POST.get("reason", "")
    try:
        cancel_study(study=found, by=seat.person, reason=reason, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    return redirect("study", seat.job.slug, found.pk)


def _find(seat: Seat, study_id: int) -> Study:
    rows = Study.objects.filter(pk=study_id, job=seat.job)
    found = rows.select_related(
        "job__champion", "job__thresholds", "by", "started_by", "ended_by", "thresholds", "measured_by"
    ).first()
    if found is None:
        raise Http404
    return found


def _context(seat: Seat, found: Study) -> dict[str, Any]:
    lines = studies.lines(found)
    bad, good = studies.bad_and_good(found)
    people = sum(line.appraiser.person_id is not None for line in lines)
    said = study_design.cautions(bad=bad, good=good, people=people, trials=found.trials)
    mine = [line for line in lines if line.appraiser.person_id == seat.person.pk]
    return {
        "study": found,
        "lines": lines,
        "bad": bad,
        "good": good,
        "missing": sum(line.progress.missing for line in lines),
        "readings": sum(line.progress.readings for line in lines),
        "cautions": [spoken(sentence) for sentence in said],
        "mine": mine[0] if mine else None,
        # A manager who is asked too should not learn the parts by heart while the study runs.
        **(_draft(found) if found.state == StudyState.DRAFT else {}),
        "names": labels.names(seat.job),
        "measured": found.parts.exclude(value=None).count(),
        "without_thresholds": seat.job.thresholds is None or seat.job.thresholds.rule.unset,
    }


def _draft(found: Study) -> dict[str, Any]:
    parts = list(found.parts.select_related("item", "vouched_by"))
    limits, measured = limits_of(found), values_of(parts)
    return {
        "parts": parts,
        "measures": study_values.stored(found),
        "contradictions": contradictions(measured, standard=standard_of(parts), limits=limits) if limits else (),
    }
