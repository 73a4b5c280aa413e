"""Jobs whose automation has to stop though no detector says so: too few answers of the AI, or of its auditors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef

from inspection.models import Evidence, Job, LevelChange, Prediction, Review
from inspection.policy.sampling import shift_before
from inspection.policy.stepping_down import LEAST_ASKED, LEAST_DRAWN, too_few_answers, too_few_resolved
from inspection.queries import epochs
from inspection.vocabulary import SILENT, Cause, Drawn, Gate, Level, Look, ReviewState

DECIDING = (Level.PARTIAL, Level.FULL)
GRACE = timedelta(hours=1)
"""What was drawn in the last minutes of a shift is answered in the next one."""
LATEST = 200
AUDITS = (Drawn.BLIND, Drawn.AUDIT_RANDOM)


def to_lower(now: datetime) -> Iterator[tuple[Job, Cause]]:
    """Jobs in which the AI decides and may not go on doing so, with the cause."""
    for job in Job.objects.filter(level__in=DECIDING).select_related("champion"):
        since = LevelChange.objects.filter(job=job).order_by("-id").values_list("at", flat=True).first()
        if since is None:
            continue
        if _answers_are_missing(job, since):
            yield job, Cause.NO_ANSWERS
        elif _audits_are_missing(job, since, now):
            yield job, Cause.UNAUDITED


def unproven() -> list[Job]:
    """Enforced jobs above what has been proven with what is in force: whoever changed it died before the step down."""
    climbed = Job.objects.filter(gate=Gate.ENFORCED).exclude(level__in=[Level.HUMAN_ONLY, Level.SHADOW])
    return [job for job in climbed.select_related("champion", "thresholds") if epochs.is_unproven(job)]


def _answers_are_missing(job: Job, since: datetime) -> bool:
    """Of the latest predictions; those of before the job came to its level are another level's matter."""
    rows = Prediction.objects.filter(model_id=job.champion_id, at__gte=since).order_by("-at")
    # While nothing answers at all people decide everything; that stops by itself once the workers are back.
    rows = rows.exclude(reason__in=SILENT)
    scores = list(rows.values_list("score", flat=True)[:LATEST])
    faults = sum(score is None for score in scores)
    return len(scores) >= LEAST_ASKED and too_few_answers(faults=faults, asked=len(scores))


def _audits_are_missing(job: Job, since: datetime, now: datetime) -> bool:
    begin, end = shift_before(now - GRACE, zone=job.time_zone, begins=job.shifts)
    if since > begin:
        return False
    # A part that was passed on waits still, and has its row already.
    rows = Evidence.objects.filter(job=job, at__gte=begin, undone=False, drawn__in=AUDITS)
    rows = rows.filter(drawn_at__gte=begin, drawn_at__lt=end)
    waiting = Review.objects.filter(
        ~Exists(Evidence.objects.filter(item=OuterRef("item"), undone=False)),
        job=job,
        state=ReviewState.OPEN,
        look__in=[Look.FIRST, Look.AUDIT],
        created_at__gte=begin.astimezone(UTC),
        created_at__lt=end.astimezone(UTC),
        routing__drawn__in=AUDITS,
    ).count()
    drawn, resolved = waiting + rows.count(), rows.exclude(reference="").count()
    return drawn >= LEAST_DRAWN and too_few_resolved(resolved=resolved, drawn=drawn)
