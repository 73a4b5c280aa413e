"""Which defects people have named on a part, and which of them are believed."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef

from inspection.models import Exposure
from inspection.policy.believed import Said, believed
from inspection.queries.looks import verdicts_on
from inspection.vocabulary import Look, Verdict


def believed_on(item: uuid.UUID) -> frozenset[str]:
    """The classes that are believed of a bad part, by all verdicts on it that stand."""
    # What somebody came to know later has changed no answer.
    seen = Exposure.objects.filter(item=OuterRef("item"), person=OuterRef("person"), at__lte=OuterRef("at"))
    rows = verdicts_on(item).select_related(None).annotate(knew=Exists(seen))
    return believed(
        Said(
            person=person,
            verdict=Verdict(verdict),
            labels=frozenset(labels),
            settles=look == Look.ADJUDICATION and not knew,
        )
        for person, verdict, labels, look, knew in rows.values_list(
            "person", "verdict", "labels", "review__look", "knew"
        )
    )
