"""Ask the AI in a study: which turns a worker takes, what it brought back, and when it is asked no more."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from inspection.models import Prediction, Study, StudyReading, StudyTurn
from inspection.policy.study_words import NEVER_CAME_BACK
from inspection.queries import studies
from inspection.vocabulary import StudyState, Verdict


def claim_turns(*, study: Study, now: datetime) -> list[StudyTurn]:
    """Take the next turns of the AI for this worker, up to one batch, and count the attempt before it is made.

    A worker that a picture kills counts nothing afterwards. As with parts of the line, what was tried before comes
    alone, so that such a picture uses up no attempts of its neighbours.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        wanted = [turn.pk for turn in studies.turns_for_the_ai(study, most=settings.PREDICT_BATCH, now=now)]
        studies.free(now).filter(pk__in=wanted).update(
            claim=token,
            claimed_until=now + timedelta(seconds=settings.PREDICT_CLAIM_SECONDS),
            attempts=F("attempts") + 1,
        )
    mine = StudyTurn.objects.filter(claim=token).order_by("trial", "place")
    return list(mine.select_related("part__item__picture", "appraiser__model"))


def keep_ai_readings(*, study: Study, said: Sequence[tuple[StudyTurn, Prediction]], now: datetime) -> int:
    """What the AI said when it was asked for a study. Without a score it counts as UNSURE, with the fault beside it."""
    with transaction.atomic():
        if not Study.objects.select_for_update().filter(pk=study.pk, state=StudyState.RUNNING).exists():
            return 0
        rows = [_of_ai(turn, prediction, now) for turn, prediction in said]
        # A worker that was slow may bring what another one has brought meanwhile.
        return len(StudyReading.objects.bulk_create(rows, ignore_conflicts=True))


def give_up_on_the_ai(*, now: datetime) -> int:
    """Where no worker came back in all its attempts the AI has a fault for an answer: the study could otherwise end in
    no other way than early. The trials to come get the same one without being tried: each try costs a worker, and the
    line waits for that worker too. How many readings were kept."""
    kept = 0
    for turn in studies.spent(now):
        left = studies.unread().filter(appraiser=turn.appraiser, part=turn.part)
        said = [(one, Prediction(fault=NEVER_CAME_BACK)) for one in left]
        kept += keep_ai_readings(study=turn.appraiser.study, said=said, now=now)
    return kept


def note_rung_for_studies(ids: Sequence[int], *, now: datetime) -> None:
    """Remember that the workers were told, so that the sweeper need not tell them again at once."""
    Study.objects.filter(pk__in=ids).update(rung_at=now)


def _of_ai(turn: StudyTurn, prediction: Prediction, now: datetime) -> StudyReading:
    verdict = Verdict(prediction.opinion) if prediction.opinion else Verdict.UNSURE
    return StudyReading(
        turn=turn,
        appraiser_id=turn.appraiser_id,
        verdict=verdict,
        labels=sorted(code for code, share in prediction.labels.items() if share >= 0.5)
        if verdict == Verdict.NG
        else [],
        score=prediction.score,
        fault=prediction.fault,
        client_key=str(turn.pk),
        body_digest="",
        at=now,
    )
