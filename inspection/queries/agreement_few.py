"""Which parts a report gives away: in a group of very few, a count tells what was said of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from inspection.models import Evidence, Job, Review
from inspection.queries.agreement import Wanted, evidence
from inspection.queries.agreement_cells import Cell, place_of
from inspection.queries.agreement_report import Figures, Report
from inspection.vocabulary import Look, ReviewState

FEW = 5
"""In a group of at least so many nobody can tell which part it was."""
MOST_ASKED = 2_000

Holds = Callable[[Cell, str], bool]


def given_away(job: Job, wanted: Wanted, found: Report) -> list[UUID]:
    """Parts that somebody is still asked to judge and that stand in a group of very few of this report. Whoever reads
    it knows what the AI said of them; mostly there are none, and nothing is looked up."""
    holds = _small_groups(found)
    if holds is None:
        return []
    asked = Review.objects.filter(job=job, state=ReviewState.OPEN).exclude(look=Look.SEEDED)
    items = list(asked.order_by("created_at").values_list("item", flat=True)[:MOST_ASKED])
    # By their keys alone: given the job and the days as well SQLite reads through the whole job.
    keys = list(Evidence.objects.filter(item__in=items, undone=False).exclude(verdict="").values_list("pk", flat=True))
    rows = evidence(job, wanted).filter(pk__in=keys).select_related("item", "prediction") if keys else []
    places = ((row, place_of(row, zone=ZoneInfo(job.time_zone), critical=frozenset())) for row in rows)
    return [row.item_id for row, place in places if place.cell is not None and holds(place.cell, place.lot)]


def _small_groups(found: Report) -> Holds | None:
    """Whether a piece of evidence is in a group of very few; None where there is no such group."""
    if _is_few(found.whole):
        return lambda _cell, _lot: True
    lots = {lot for lot, _, part in found.by_lot if _is_few(part)}
    named: dict[str, set[Any]] = {
        "day": {day for day, part in found.by_day if _is_few(part)},
        "model_id": {model.pk for model, part in found.by_model if _is_few(part)},
        "drawn": {way.value for way, part in found.by_drawn.items() if _is_few(part)},
        "person_id": {one.key for one in found.segments["inspector"] if _is_few(one.figures)},
        "station": {one.key for one in found.segments["station"] if _is_few(one.figures)},
        "shift": {one.key for one in found.segments["shift"] if _is_few(one.figures)},
    }
    if not lots and not any(named.values()):
        return None
    return lambda cell, lot: lot in lots or any(getattr(cell, name) in few for name, few in named.items())


def _is_few(figures: Figures) -> bool:
    return 0 < figures.matrix.n < FEW
