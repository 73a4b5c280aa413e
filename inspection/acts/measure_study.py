"""Give the parts of a study the values that were measured on them, and the study its specification limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inspection.models import Person, Study, StudyPart
from inspection.policy.study_values import MOST_ROWS, Row, match
from inspection.policy.words import is_name
from inspection.queries.studies import parts_by_serial
from inspection.refused import Refused, conflict
from inspection.sentences import Sentence
from inspection.vocabulary import StudyState

MOST_UNIT = 20
MOST_SAID = 20
"""Lines that are told of at once."""


@dataclass(frozen=True)
class Measures:
    lower: float | None
    upper: float | None
    unit: str = ""
    rows: Sequence[Row] = ()
    others: bool = False
    """Rows of parts that are not in the study are passed over."""


def measure_study(*, study: Study, new: Measures, by: Person, now: datetime) -> None:
    """Put these limits and values in the place of whatever a draft had; none of both takes them away.

    Raises `Refused`: `bad_limits`, `no_limits`, `no_values`, `bad_unit`, `too_many_rows`, `bad_values` with what is
    wrong in `errors`, `not_a_draft` once it was started: whoever sees what people say could measure to suit it.
    """
    _check(new)
    values, wrong = match(new.rows, parts=parts_by_serial(study), others=new.others)
    if wrong:
        raise Refused("bad_values", wrong[0], errors=wrong[:MOST_SAID])
    limited = (new.lower, new.upper) != (None, None)
    if values and not limited:
        raise Refused("no_limits", "Values say something beside a limit: give the lower or the upper one, or both.")
    if limited and not values:
        raise Refused("no_values", "Limits say something beside measured values: give some, or take the limits away.")
    _store(study, new, values, by=by, now=now)
    study.refresh_from_db()


def _check(new: Measures) -> None:
    if new.lower is not None and new.upper is not None and new.lower >= new.upper:
        raise Refused("bad_limits", "The lower limit has to be below the upper one.")
    if len(new.unit) > MOST_UNIT or (new.unit and not is_name(new.unit)):
        raise Refused("bad_unit", Sentence("A unit is one word of at most {n} characters.", n=MOST_UNIT))
    if len(new.rows) > MOST_ROWS:
        raise Refused("too_many_rows", Sentence("A table has at most {n} lines.", n=MOST_ROWS))


def _store(study: Study, new: Measures, values: Mapping[int, float], *, by: Person, now: datetime) -> None:
    with transaction.atomic():
        changed = Study.objects.filter(pk=study.pk, state=StudyState.DRAFT).update(
            lower_limit=new.lower,
            upper_limit=new.upper,
            unit=new.unit.strip() if values else "",
            measured_by=by if values else None,
            measured_at=now if values else None,
        )
        if not changed:
            raise conflict("not_a_draft", "This study has been started or cancelled already.")
        parts = list(study.parts.all())
        for part in parts:
            part.value = values.get(part.number)
        StudyPart.objects.bulk_update(parts, ["value"])
