"""Evidence counted by what a report tells apart: from the counts that are kept, and live beyond them.

Every change of a piece of evidence has an entry in the ledger, so whatever the counts have not reached yet is found
by the entries behind their mark: such rows are taken out of where they were counted and put where they belong now.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Concat, StrIndex

from inspection.models import (
    Evidence,
    EvidenceCell,
    Job,
    LedgerEntry,
    LotCell,
    ModelVersion,
    Person,
    SummaryMark,
)
from inspection.policy.differences import rank
from inspection.queries.agreement import Wanted, evidence, shift_of
from inspection.queries.epochs import critical_codes
from inspection.vocabulary import UNBIASED, Verdict

T = TypeVar("T")
LOOKED_THROUGH = 2_000
"""Cells of lots, newest first, among which the newest lots are sought."""
NAMED = 0.5
"""The AI rejects for a label from this probability on."""
_ROW = (
    *("job", "day", "at", "model", "drawn", "hint_shown", "probability", "person", "shift", "worked", "opinion"),
    *("score", "verdict", "final_verdict", "reference", "settled_by", "labels", "lot_or_slot", "undone"),
    *("item__station", "prediction__labels"),
)


@dataclass(frozen=True)
class Cell:
    """What a report tells apart. Verdicts are blank where there is none."""

    day: date
    model_id: int
    drawn: str
    hint_shown: bool
    probability: float
    person_id: int | None
    station: str
    shift: str
    opinion: str
    verdict: str
    final_verdict: str
    reference: str
    settled_by: str
    labels: str
    blamed: str

    @property
    def key(self) -> str:
        return digest(astuple(self))


@dataclass(frozen=True)
class Place:
    """Where a piece of evidence counts; no cell for one that counts for nothing."""

    cell: Cell | None
    lot: str
    rank: float | None


def digest(columns: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(columns).encode()).hexdigest()


def rows_of(keys: Collection[int] | QuerySet[LedgerEntry, int]) -> QuerySet[Evidence]:
    """Pieces of evidence with what it takes to place them."""
    return Evidence.objects.filter(pk__in=keys).select_related("item", "prediction").only(*_ROW)


def place_of(row: Evidence, *, zone: ZoneInfo, critical: frozenset[str]) -> Place:
    if row.undone or row.score is None:
        return Place(cell=None, lot=row.lot_or_slot, rank=None)
    return Place(cell=_cell_of(row, zone), lot=row.lot_or_slot, rank=_rank_of(row, critical))


def _cell_of(row: Evidence, zone: ZoneInfo) -> Cell:
    rejects = row.opinion == Verdict.NG
    blamed = [code for code, share in row.prediction.labels.items() if share >= NAMED] if rejects else []
    return Cell(
        day=row.day or row.at.astimezone(zone).date(),
        model_id=row.model_id,
        drawn=row.drawn,
        hint_shown=row.hint_shown,
        probability=row.probability,
        person_id=row.person_id,
        station=row.item.station,
        shift=shift_of(row),
        opinion=row.opinion,
        verdict=row.verdict,
        final_verdict=row.final_verdict,
        reference=row.reference,
        settled_by=row.settled_by,
        labels=" ".join(sorted(row.labels)),
        blamed=" ".join(sorted(blamed)),
    )


def _rank_of(row: Evidence, critical: frozenset[str]) -> float | None:
    return rank(
        opinion=Verdict(row.opinion),
        verdict=Verdict(row.verdict) if row.verdict else None,
        reference=Verdict(row.reference) if row.reference else None,
        score=row.score or 0.0,
        critical=not critical.isdisjoint(row.labels),
    )


@dataclass(frozen=True)
class Mark:
    """How far the counts of a job have come: keys of the last ledger entry, decision and verdict in them."""

    ledger: int = 0
    decision: int = 0
    verdict: int = 0


@dataclass(frozen=True)
class Change:
    """So many pieces of evidence more, or fewer, in one place."""

    cell: Cell
    lot: str
    n: int


class Counts:
    """The evidence of one job as it stands when it is first asked for, to be counted in several ways."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._zone = ZoneInfo(job.time_zone)
        self._names: dict[int, str] = {}

    @cached_property
    def mark(self) -> Mark:
        return mark_of(self.job)

    @cached_property
    def models(self) -> dict[int, ModelVersion]:
        """The model versions of the job, newest first."""
        found = ModelVersion.objects.filter(job=self.job).order_by("-at", "-id")
        return {model.pk: model for model in found.only("job", "name", "digest", "at")}

    def people(self, ids: Iterable[int]) -> dict[int, str]:
        """Names by key, each asked for once."""
        ids = set(ids)
        missing = ids - self._names.keys()
        found = Person.objects.filter(pk__in=missing) if missing else []
        self._names.update({person.pk: person.shown_name for person in found})
        return {pk: self._names[pk] for pk in ids}

    @cached_property
    def behind(self) -> list[tuple[Evidence, Place]]:
        """Evidence that has changed since the counts were made, and where it belongs."""
        entries = LedgerEntry.objects.filter(job=self.job, id__gt=self.mark.ledger)
        critical = frozenset(critical_codes(self.job))
        rows = rows_of(entries.values_list("evidence", flat=True))
        return [(row, place_of(row, zone=self._zone, critical=critical)) for row in rows]

    @cached_property
    def _changes(self) -> list[Change]:
        if not self.behind:
            return []
        lots = LotCell.objects.filter(placed__evidence__in=[row.pk for row, _ in self.behind])
        out = lots.select_related("cell").annotate(times=Count("placed"))
        before = [Change(cell_of(lot.cell), lot.lot_or_slot, -lot.times) for lot in out]
        return before + [Change(place.cell, place.lot, 1) for _, place in self.behind if place.cell is not None]

    def by(self, wanted: Wanted, *names: str, lots: Sequence[str] | None = None) -> Counter[tuple[Any, ...]]:
        """How much evidence there is for each combination of these columns of a cell (or `lot`); with `lots` of these
        alone."""
        if wanted.by_moment:
            return self._row_by_row(wanted, names)
        found: Counter[tuple[Any, ...]] = Counter()
        by_lot = bool(wanted.lot) or lots is not None
        table, path = (LotCell, "cell__") if by_lot else (EvidenceCell, "")
        columns = ["lot_or_slot" if name == "lot" else path + name for name in names]
        kept = self.narrowed(table.objects.all(), wanted, cell=path)
        kept = kept.filter(lot_or_slot__in=lots) if lots is not None else kept
        for *values, n in kept.order_by().values_list(*columns).annotate(sum=Sum("n")):
            found[tuple(values)] += n
        fits = fitting(wanted, self.models)
        for change in self._changes:
            if fits(change.cell, change.lot) and (lots is None or change.lot in lots):
                found[_values(change.cell, change.lot, names)] += change.n
        return Counter({values: n for values, n in found.items() if n})

    def cells(self, wanted: Wanted) -> list[tuple[Cell, int]]:
        """Every cell without its day, and how much evidence it holds."""
        names = [field.name for field in fields(Cell) if field.name != "day"]
        return [(Cell(date.min, *values), n) for values, n in self.by(wanted, *names).items()]

    @cached_property
    def last_day(self) -> date | None:
        """The newest day of evidence; None without any."""
        kept = EvidenceCell.objects.filter(job=self.job, n__gt=0).aggregate(last=Max("day"))["last"]
        days = [place.cell.day for _, place in self.behind if place.cell is not None]
        return max([*days, *([kept] if kept else [])], default=None)

    def days_of(self, lot: str) -> tuple[date, date] | None:
        """The first and the last day of a lot; None where there is no such lot."""
        rows = LotCell.objects.filter(job=self.job, lot_or_slot=lot, n__gt=0)
        kept = rows.aggregate(first=Min("day"), last=Max("day"))
        days = [place.cell.day for _, place in self.behind if place.cell is not None and place.lot == lot]
        days += [kept["first"], kept["last"]] if kept["first"] else []
        return (min(days), max(days)) if days else None

    def newest_lots(self, wanted: Wanted, *, most: int) -> list[str]:
        """The lots of these days that came last, oldest first."""
        lately = [place.lot for row, place in sorted(self.behind, key=lambda one: -one[0].pk) if place.cell is not None]
        days = {"day__gte": wanted.first_day, "day__lte": wanted.last_day}
        rows = LotCell.objects.filter(job=self.job, n__gt=0, **{name: day for name, day in days.items() if day})
        kept = rows.order_by("-day", "-id").values_list("lot_or_slot", flat=True)[:LOOKED_THROUGH]
        return list(dict.fromkeys([*lately, *kept]))[:most][::-1]

    def narrowed(self, rows: QuerySet[Any], wanted: Wanted, *, cell: str, lot: str = "") -> QuerySet[Any]:
        """The rows of a table that are asked for, given by which path its cell and its lot are found."""
        # The day stands in both tables, and the index of the smaller one is the better one.
        told = {
            "job": self.job,
            f"{lot}day__gte": wanted.first_day,
            f"{lot}day__lte": wanted.last_day,
            f"{lot}lot_or_slot": wanted.lot,
            f"{cell}drawn__in": wanted.drawn,
            f"{cell}person": wanted.person,
            f"{cell}station": wanted.station,
            f"{cell}shift": wanted.shift,
        }
        rows = rows.filter(**{name: value for name, value in told.items() if value})
        if wanted.model:
            rows = rows.filter(**{f"{cell}model__in": _models(self.models, wanted.model)})
        if wanted.label:
            # Without its type PostgreSQL takes a blank for a word of another kind than the labels.
            blank = Value(" ", output_field=TextField())
            spaced = Concat(blank, f"{cell}labels", blank)
            rows = rows.alias(named=StrIndex(spaced, Value(f" {wanted.label} "))).filter(named__gt=0)
        if wanted.unaided:
            rows = rows.exclude(Q(**{f"{cell}drawn__in": UNBIASED, f"{cell}hint_shown": True}))
        return rows

    def _row_by_row(self, wanted: Wanted, names: tuple[str, ...]) -> Counter[tuple[Any, ...]]:
        rows = evidence(self.job, wanted).select_related("item", "prediction").only(*_ROW)
        places = (place_of(row, zone=self._zone, critical=frozenset()) for row in rows.iterator())
        return Counter(_values(place.cell, place.lot, names) for place in places if place.cell is not None)


def steady(job: Job, build: Callable[[Counts], T], *, tries: int = 3) -> T:
    """What `build` makes of a job's counts, with nothing counted twice: once more when they were brought up to date
    in the middle of it."""
    for _ in range(tries):
        counts = Counts(job)
        found = build(counts)
        if mark_of(job) == counts.mark:
            break
    return found


def mark_of(job: Job) -> Mark:
    found = SummaryMark.objects.filter(job=job).values_list("ledger", "decision", "verdict").first()
    return Mark(*found) if found else Mark()


def cell_of(kept: EvidenceCell) -> Cell:
    return Cell(**{field.name: getattr(kept, field.name) for field in fields(Cell)})


def fitting(wanted: Wanted, models: dict[int, ModelVersion]) -> Callable[[Cell, str], bool]:
    """The same filter for what is not in the database's counts yet."""
    digests = set(_models(models, wanted.model))

    def fits(cell: Cell, lot: str) -> bool:
        return (
            (not wanted.model or cell.model_id in digests)
            and (wanted.first_day is None or cell.day >= wanted.first_day)
            and (wanted.last_day is None or cell.day <= wanted.last_day)
            and (not wanted.drawn or cell.drawn in wanted.drawn)
            and (not wanted.person or cell.person_id == wanted.person)
            and (not wanted.station or cell.station == wanted.station)
            and (not wanted.shift or cell.shift == wanted.shift)
            and (not wanted.lot or lot == wanted.lot)
            and (not wanted.label or wanted.label in cell.labels.split())
            and not (wanted.unaided and cell.hint_shown and cell.drawn in UNBIASED)
        )

    return fits


def _models(models: dict[int, ModelVersion], begins: str) -> list[int]:
    return [pk for pk, model in models.items() if model.digest.startswith(begins)]


def _values(cell: Cell, lot: str, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(lot if name == "lot" else getattr(cell, name) for name in names)
