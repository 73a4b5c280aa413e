"""The verdicts a model may learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from inspection.models import Exposure, Job, VerdictGiven
from inspection.policy.sampling import slot
from inspection.vocabulary import Look, Verdict


@dataclass(frozen=True)
class Example:
    """One picture with what a person said of it without knowing the AI's opinion."""

    picture: str
    """Name in the picture store."""
    digest: str
    target: float
    """0 for OK, 1 for NG."""
    lot: str
    labels: tuple[str, ...]


def blind_examples(job: Job) -> Iterator[Example]:
    """The unaided OK and NG verdicts of a job, the latest of each item; answers under a hint only teach the hint."""
    # What came to light after the answer has not coloured it.
    exposed = Exposure.objects.filter(item=OuterRef("item"), person=OuterRef("person"), at__lte=OuterRef("at"))
    # Not `shown=None`: in a JSON column that asks for a stored null, of which there is none.
    unaided = Q(shown__isnull=True) | Q(first__isnull=False)
    rows = (
        VerdictGiven.objects.filter(unaided, ~Exists(exposed), item__job=job)
        .filter(late=False, undone_at=None)
        .exclude(review__look=Look.SEEDED)
        .select_related("item__picture")
        .order_by("item_id", "-at")
    )
    last = None
    for row in rows.iterator(chunk_size=1000):
        said = row.first or {"verdict": row.verdict, "labels": row.labels}
        if row.item_id == last or said["verdict"] == Verdict.UNSURE:
            continue
        last = row.item_id
        item = row.item
        yield Example(
            picture=item.picture.name,
            digest=item.picture.digest,
            target=1.0 if said["verdict"] == Verdict.NG else 0.0,
            lot=item.lot or slot(item.captured_at or item.received_at),
            labels=tuple(said["labels"]),
        )
