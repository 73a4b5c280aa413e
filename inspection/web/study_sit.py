"""Where an appraiser judges the parts of a study: the workbench, which learns of parts through the REST API alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspection.models import Label, StudyAppraiser
from inspection.permissions import may_inspect
from inspection.queries import studies
from inspection.vocabulary import StudyState
from inspection.web.access import Seat, job_page
from inspection.web.keys import chips


@never_cache
@require_safe
@job_page(may=may_inspect)
def sit(request: HttpRequest, seat: Seat, study_id: int) -> HttpResponse:
    """The empty bench; `static/js/study.js` fills it. For everybody else than its appraisers the study is not there."""
    mine = StudyAppraiser.objects.filter(study=study_id, study__job=seat.job, person=seat.person)
    found = mine.exclude(study__state=StudyState.DRAFT).select_related("study").first()
    if found is None:
        raise Http404
    context = {
        **seat.context,
        "study": found.study,
        "chips": chips(Label.objects.filter(job=seat.job, effective_to=None)),
        "progress": studies.progress(found),
    }
    return render(request, "study/sit.html", context)
