"""The doors of studies: for those who run them, and for each appraiser the own turns alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404
from rest_framework.request import Request

from inspection.api.access import demand, who
from inspection.models import Person, Study, StudyAppraiser, StudyTurn
from inspection.permissions import INSPECTING, may_run_studies
from inspection.queries import studies
from inspection.refused import conflict
from inspection.vocabulary import MemberRole, StudyState


@dataclass(frozen=True)
class Run:
    """A study with somebody who may run it."""

    study: Study
    person: Person


def study_to_run(request: Request, study_id: int) -> Run:
    """404 outside the person's jobs, 403 for a member who runs no studies."""
    person = who(request)
    mine = Study.objects.filter(pk=study_id, job__memberships__person=person)
    study = mine.annotate(role=F("job__memberships__role")).select_related("job", "by").first()
    if study is None:
        raise Http404
    role = MemberRole(study.role)
    demand(may_run_studies.covers(role), role)
    return Run(study=study, person=person)


def finished_study(request: Request, study_id: int) -> Study:
    """A study whose answers can be read. While anybody is asked they are hidden, from whoever runs it too: that may be
    one of the appraisers, and who sees figures grow stops when they please."""
    study = study_to_run(request, study_id).study
    if study.state != StudyState.CLOSED:
        raise conflict("study_not_closed", "What was said can be read once the study is closed.")
    return study


def appraiser_in(request: Request, study_id: int) -> StudyAppraiser:
    """The person's own place in a study; for everybody else it does not exist."""
    mine = StudyAppraiser.objects.filter(study=study_id, person=who(request)).exclude(study__state=StudyState.DRAFT)
    found = _still_there(mine, request).select_related("study__job").first()
    if found is None:
        raise Http404
    if found.study.state != StudyState.RUNNING:
        raise conflict("study_not_running", "This study is over. Thank you.")
    return found


def turn_for(request: Request, turn_id: UUID) -> StudyTurn:
    """A turn of the person's own."""
    mine = StudyAppraiser.objects.filter(person=who(request))
    rows = StudyTurn.objects.filter(pk=turn_id, appraiser__in=_still_there(mine, request))
    found = rows.select_related("appraiser__study__job", "part__item__picture").first()
    if found is None:
        raise Http404
    return found


def turn_to_see(request: Request, turn_id: UUID) -> StudyTurn:
    """A turn whose picture the person may see: of a running study, and of a trial that has begun."""
    turn = turn_for(request, turn_id)
    under_way = studies.trial_under_way(turn.appraiser)
    begun = under_way is None or turn.trial <= under_way
    if turn.appraiser.study.state != StudyState.RUNNING or not begun:
        raise Http404
    return turn


def _still_there(mine: QuerySet[StudyAppraiser], request: Request) -> QuerySet[StudyAppraiser]:
    """Who has left the job, or judges there no more, is asked nothing."""
    return mine.filter(study__job__memberships__person=who(request), study__job__memberships__role__in=INSPECTING)
