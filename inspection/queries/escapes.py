"""Parts that the AI passed by itself and in which people then found a defect, counted as evidence or not."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from inspection.models import Incident, Item, Job, LedgerEntry, LevelChange, Review, Routing
from inspection.policy.routing import opinion
from inspection.policy.stepping_down import Escaped
from inspection.queries.epochs import critical_codes
from inspection.queries.named import believed_on
from inspection.vocabulary import Cause, DecidedBy, Verdict


def pass_of(item: UUID) -> Routing | None:
    """The routing by which the AI passed an item without anybody; None where it did not."""
    rows = Routing.objects.filter(item=item, by=DecidedBy.AI, verdict=Verdict.OK)
    return rows.select_related("prediction").order_by("-id").first()


def of(item: Item, *, bad: bool, job: Job) -> Escaped | None:
    """What is known of the defects of an item; `bad` says that its reference is NG, and a report that was closed with
    the defects that it confirms says as much. None where the AI had not passed the item, or nobody has confirmed it.

    Reports count whenever they were closed: else it mattered whether a report or a verdict came first.
    """
    passed = pass_of(item.pk)
    if passed is None:
        return None
    reported = confirmed_by_reports(item.pk)
    if not bad and not reported:
        return None
    return Escaped(
        serial=item.serial,
        labels=believed_on(item.pk) | reported,
        passed_again=_would_pass(passed, job),
        stopped=has_stopped(job, item.pk),
    )


def confirmed_by_reports(item: UUID) -> frozenset[str]:
    """The defects that reports confirm on an item; one that is still open names none."""
    found = Incident.objects.filter(item=item).values_list("defects", flat=True)
    return frozenset(code for defects in found for code in defects)


def _would_pass(passed: Routing, job: Job) -> bool:
    """Whether what is in force now is what passed the part, and would pass it again; a model that has gone stops
    nobody."""
    row, thresholds = passed.prediction, job.thresholds
    if row is None or row.score is None or thresholds is None or row.model_id != job.champion_id:
        return False
    return opinion(score=row.score, thresholds=thresholds.rule) == Verdict.OK


def has_stopped(job: Job, item: UUID) -> bool:
    """Whether a critical defect of this item has stopped the job before, counted or not."""
    if LevelChange.objects.filter(job=job, cause=Cause.CRITICAL, item=item).exists():
        return True
    told = LedgerEntry.objects.filter(job=job, evidence__item=item).values_list("alarms", flat=True)
    return any(Cause.CRITICAL in alarms for alarms in told)


def names_critical(asked: Review, labels: Collection[str]) -> bool:
    """Whether a critical defect is named on a part that the AI had passed by itself."""
    if not labels or pass_of(asked.item_id) is None:
        return False
    return bool(set(labels) & set(critical_codes(asked.job)))
