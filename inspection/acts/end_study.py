"""End a study: close it, from where on its report can be read, or cancel it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from inspection.models import Person, Study
from inspection.policy.words import is_storable
from inspection.queries import studies
from inspection.refused import Refused, conflict
from inspection.vocabulary import StudyState

MOST_WORDS = 2_000


def close_study(*, study: Study, by: Person, reason: str, now: datetime) -> None:
    """No reading is taken any more. With readings missing it takes a reason, which the report repeats.

    Raises `Refused`: `study_not_running`, `reason_missing`, `reason_too_long`, `nothing_read`.
    """
    with transaction.atomic():
        # First, so that whoever answers at this moment waits and is then told.
        _end(study, {StudyState.RUNNING}, StudyState.CLOSED, by=by, reason=_words(reason), now=now)
        gaps = studies.unread().filter(appraiser__study=study).exists()
        if not studies.standing().filter(appraiser__study=study).exists():
            raise conflict("nothing_read", "Nobody has judged any part of this study yet. Cancel it instead.")
        if gaps and not reason.strip():
            raise Refused("reason_missing", "Not everybody is through. Say why the study ends now.")
    study.refresh_from_db()


def cancel_study(*, study: Study, by: Person, reason: str, now: datetime) -> None:
    """Nobody is asked any more and there is no report. Raises `Refused`: `study_over`, `reason_missing`."""
    if not reason.strip():
        raise Refused("reason_missing", "Say in a few words why the study is cancelled.")
    with transaction.atomic():
        _end(study, {StudyState.DRAFT, StudyState.RUNNING}, StudyState.CANCELLED, by=by, reason=_words(reason), now=now)
    study.refresh_from_db()


def _words(reason: str) -> str:
    if len(reason) > MOST_WORDS or not is_storable(reason):
        raise Refused("reason_too_long", "A reason has at most 2000 characters.")
    return reason.strip()


def _end(study: Study, old: Collection[StudyState], new: StudyState, *, by: Person, reason: str, now: datetime) -> None:
    ended = Study.objects.filter(pk=study.pk, state__in=old).update(state=new, ended_at=now, ended_by=by, reason=reason)
    if not ended and new == StudyState.CLOSED:
        raise conflict("study_not_running", "This study is not running.")
    if not ended:
        raise conflict("study_over", "This study is over already.")
