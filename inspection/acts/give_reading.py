"""What an appraiser says of a part in a study, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inspection.models import Person, StudyAppraiser, StudyReading, StudyTurn
from inspection.policy.answers import Answer
from inspection.queries import studies
from inspection.refused import conflict
from inspection.vocabulary import StudyState


@dataclass(frozen=True)
class Given:
    """A reading as it stands; `created` is False when the same delivery came before."""

    reading: StudyReading
    created: bool


def give_reading(
    *,
    turn: StudyTurn,
    person: Person,
    lease: uuid.UUID,
    client_key: str,
    answer: Answer,
    seconds: float | None,
    now: datetime,
) -> Given:
    """Keep a reading once. It is no verdict: nothing of the production learns of it.

    Raises `Refused`: `client_key_reused`, `study_not_running`, `already_answered`, `trial_not_reached`; `lease_lost`
    once it was taken back.
    """
    digest = answer.digest(review=str(turn.pk))
    with transaction.atomic():
        appraiser = _lock(turn, person)
        if (before := StudyReading.objects.filter(appraiser=appraiser, client_key=client_key).first()) is not None:
            if before.body_digest != digest:
                raise conflict("client_key_reused", "This key came with another answer before.")
            return Given(before, created=False)
        _check(turn, appraiser, lease)
        row = StudyReading.objects.create(
            turn=turn,
            appraiser=appraiser,
            verdict=answer.verdict,
            labels=list(answer.labels),
            regions=list(answer.regions),
            note=answer.note,
            seconds=seconds,
            client_key=client_key,
            body_digest=digest,
            at=now,
        )
    return Given(row, created=True)


def take_back(*, turn: StudyTurn, person: Person, lease: uuid.UUID, new_lease: uuid.UUID, now: datetime) -> StudyTurn:
    """Take a reading back: the turn is due again under the new lease, and the old answer stays as a row.

    Raises `Refused`: `study_not_running`; `lease_lost` where there is nothing to take back; `built_upon` once a part of
    the following trial was judged, or that trial would have begun before this one was through.
    """
    with transaction.atomic():
        appraiser = _lock(turn, person)
        turn.refresh_from_db(fields=["lease"])
        if turn.lease == new_lease:
            return turn
        _refuse_unless_running(appraiser)
        mine = studies.standing().filter(turn=turn)
        if turn.lease != lease or not mine.exists():
            raise conflict("lease_lost", "There is no answer of yours on this part that could be taken back.")
        if studies.standing().filter(appraiser=appraiser, turn__trial__gt=turn.trial).exists():
            raise conflict("built_upon", "The next trial has begun; answers of the one before stand.")
        mine.update(undone_at=now)
        StudyTurn.objects.filter(pk=turn.pk).update(lease=new_lease)
    turn.lease = new_lease
    return turn


def _lock(turn: StudyTurn, person: Person) -> StudyAppraiser:
    """One person in two windows answers one after the other; whoever ends the study waits too."""
    rows = StudyAppraiser.objects.select_for_update(of=("self", "study")).select_related("study")
    return rows.get(pk=turn.appraiser_id, person=person)


def _check(turn: StudyTurn, appraiser: StudyAppraiser, lease: uuid.UUID) -> None:
    _refuse_unless_running(appraiser)
    if studies.standing().filter(turn=turn).exists():
        raise conflict("already_answered", "You have answered this part already.")
    turn.refresh_from_db(fields=["lease"])
    if turn.lease != lease:
        raise conflict("lease_lost", "You have taken this answer back since.")
    if studies.trial_under_way(appraiser) != turn.trial:
        raise conflict("trial_not_reached", "Another trial comes before this one.")


def _refuse_unless_running(appraiser: StudyAppraiser) -> None:
    if appraiser.study.state != StudyState.RUNNING:
        raise conflict("study_not_running", "This study is not running.")
