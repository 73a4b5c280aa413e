"""Start a study: from here on its appraisers are asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from inspection.models import Membership, Person, Study, StudyAppraiser, StudyTurn
from inspection.permissions import INSPECTING
from inspection.policy.study_design import order
from inspection.refused import conflict
from inspection.sentences import Sentence
from inspection.vocabulary import StudyState


def start_study(*, study: Study, by: Person, now: datetime) -> None:
    """Freeze model and thresholds, and lay every trial of everybody out in an order of its own.

    Raises `Refused`: `not_a_draft`, `not_a_member` for somebody who has left meanwhile, `no_model`.
    """
    with transaction.atomic():
        started = Study.objects.filter(pk=study.pk, state=StudyState.DRAFT).update(
            state=StudyState.RUNNING, started_at=now, started_by=by, thresholds=study.job.thresholds_id
        )
        if not started:
            raise conflict("not_a_draft", "This study has been started or cancelled already.")
        appraisers = list(study.appraisers.select_related("person"))
        for appraiser in appraisers:
            _check(study, appraiser)
        parts = list(study.parts.values_list("pk", flat=True))
        for appraiser in appraisers:
            StudyTurn.objects.bulk_create(_turns(study, appraiser, parts))
    study.refresh_from_db()


def _check(study: Study, appraiser: StudyAppraiser) -> None:
    person = appraiser.person
    if person is not None:
        mine = Membership.objects.filter(job=study.job_id, person=person, role__in=INSPECTING)
        if not person.is_active or not mine.exists():
            raise conflict("not_a_member", Sentence("{name} may not judge parts of this job.", name=person.username))
    elif study.job.champion_id is None:
        raise conflict("no_model", "This job has no live model that could be asked. Leave the AI out, or train one.")
    else:
        # A draft may have lain for weeks: the AI that is measured is the one that works now.
        StudyAppraiser.objects.filter(pk=appraiser.pk).update(model=study.job.champion_id)


def _turns(study: Study, appraiser: StudyAppraiser, parts: list[int]) -> list[StudyTurn]:
    return [
        StudyTurn(appraiser=appraiser, part_id=part, trial=trial, place=place)
        for trial in range(1, study.trials + 1)
        for place, part in enumerate(order(parts, salt=study.salt, appraiser=appraiser.pk, trial=trial), 1)
    ]
