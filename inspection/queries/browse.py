"""Parts of a job that fit a filter, page by page, newest first.

However many parts a job has and however rare the parts are that fit, one page costs no more than a look through
`WINDOW` rows: a serial, a lot or a rare state is looked up by its index, everything else is sought among the next so
many parts, and the page says how far back it has looked.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from inspection.models import Item, Job, Prediction, Review
from inspection.vocabulary import DecidedBy, ReviewState, Role, State, Verdict

WINDOW = 10_000
MOST_COUNTED = 1_000
_SURE = (Verdict.OK, Verdict.NG)
_PEOPLE = (DecidedBy.PERSON, DecidedBy.ADJUDICATOR)


@dataclass(frozen=True)
class Wanted:
    """Which parts; what is empty or None asks for nothing. `verdict`, `label` and `by` are of the decision in force."""

    serial: str = ""
    """How it begins."""
    lot: str = ""
    station: str = ""
    shift: str = ""
    state: State | None = None
    verdict: Verdict | None = None
    label: str = ""
    by: DecidedBy | None = None
    differs: bool = False
    """The AI's opinion and the verdict that people put in force are OK against NG."""
    score_from: float | None = None
    score_to: float | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def asks_the_ai(self) -> bool:
        """Whether who fits tells what the AI said, and so does who does not."""
        return self.differs or self.score_from is not None or self.score_to is not None

    @property
    def narrows(self) -> bool:
        """Whether anything beyond the time is asked for."""
        timeless = (field.name for field in fields(self) if field.name not in {"since", "until"})
        return any(getattr(self, name) not in ("", None, False) for name in timeless)


@dataclass(frozen=True)
class Page:
    """Some parts, newest first. `newer` and `older` name the part to go on from, None where there is nothing more.

    `searched_to` is how far the search went when it ended before the page was full. `total` is how many fit, at most
    `MOST_COUNTED` + 1; None where nobody counted, which is on later pages and where it would take too long.
    """

    items: list[Item]
    newer: uuid.UUID | None = None
    older: uuid.UUID | None = None
    searched_to: datetime | None = None
    total: int | None = None


def page(
    *, job: Job, wanted: Wanted, older: uuid.UUID | None = None, newer: uuid.UUID | None = None, most: int = 48
) -> Page:
    """The parts that fit and came before the one named `older`, or after the one named `newer`, or the newest."""
    sought = _sought(job, wanted)
    if (place := _place(job, newer)) is not None:
        found = _walk(sought, place=place, most=most, upwards=True)
        if found.goes_on is not None:
            items = found.items[::-1]
            return Page(items, found.goes_on, items[-1].pk if items else place.pk, found.searched_to)
        # The newest parts: a whole page of them, where the way up would end in a short one.
    elif (place := _place(job, older)) is not None:
        found = _walk(sought, place=place, most=most, upwards=False)
        return Page(found.items, found.items[0].pk if found.items else place.pk, found.goes_on, found.searched_to)
    found = _walk(sought, place=None, most=most, upwards=False)
    return Page(found.items, None, found.goes_on, found.searched_to, _count(sought, found))


@dataclass(frozen=True)
class _Sought:
    """The parts to look through, and whether they may be too many to look through them all."""

    rows: QuerySet[Item]
    wanted: Wanted
    wide: bool


@dataclass(frozen=True)
class _Found:
    items: list[Item]
    goes_on: uuid.UUID | None
    searched_to: datetime | None
    windowed: bool


def _sought(job: Job, wanted: Wanted) -> _Sought:
    rows = Item.objects.filter(job=job)
    state = State.HELD if wanted.verdict == Verdict.UNSURE else wanted.state
    wide = wanted.narrows
    if wanted.serial and _few(begun := rows.filter(_begins(wanted.serial)).order_by()):
        # By their keys alone: given the job SQLite walks through all its parts by time, to save the sorting of a few.
        rows, wide = Item.objects.filter(pk__in=begun.values("pk")), False
    elif wanted.lot and _few(rows.filter(lot=wanted.lot)):
        wide = False
    elif state and _few(rows.filter(state=state)):
        rows, wide = rows.filter(state=state), False
    if wanted.since is not None:
        rows = rows.filter(received_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(received_at__lt=wanted.until)
    return _Sought(rows, wanted, wide=wide)


def _few(rows: QuerySet[Item]) -> bool:
    """Whether an index finds so few parts that they can all be looked at."""
    return rows.order_by().values("pk")[: WINDOW + 1].count() <= WINDOW


def _walk(sought: _Sought, *, place: Item | None, most: int, upwards: bool) -> _Found:
    rows, edge = sought.rows, None
    if place is not None:
        rows = rows.filter(_beyond(place, upwards=upwards))
    if sought.wide and (edge := _edge(rows, upwards=upwards)) is not None:
        rows = rows.filter(_as_far_as(edge, upwards=upwards))
    whole = ("picture", "decision", "decision__person", "decision__model", "decision__thresholds")
    fitting = _fitting(rows, sought.wanted).select_related(*whole)
    items = list(_in_order(fitting, upwards=upwards)[: most + 1])
    if len(items) > most:
        return _Found(items[:most], items[most - 1].pk, None, windowed=edge is not None)
    if edge is not None:
        return _Found(items, edge.pk, edge.received_at, windowed=True)
    return _Found(items, None, None, windowed=False)


def _count(sought: _Sought, first: _Found) -> int | None:
    if first.goes_on is None:
        return len(first.items)
    return None if first.windowed else _fitting(sought.rows, sought.wanted)[: MOST_COUNTED + 1].count()


def _begins(serial: str) -> Q:
    """By range on SQLite, whose LIKE knows no case and so no index; PostgreSQL orders text by rules of its own."""
    if connection.vendor == "sqlite":
        return Q(serial__gte=serial, serial__lt=serial + "\U0010ffff")
    return Q(serial__startswith=serial)


def _fitting(rows: QuerySet[Item], wanted: Wanted) -> QuerySet[Item]:
    if wanted.serial:
        rows = rows.filter(_begins(wanted.serial))
    for name in ("lot", "station", "shift", "state"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.verdict is not None:
        rows = rows.filter(decision__verdict=wanted.verdict)
    if wanted.by is not None:
        rows = rows.filter(decision__by=wanted.by)
    if wanted.label:
        # The JSON as text, since only PostgreSQL can ask whether a list holds a word; by place, since LIKE on SQLite
        # takes "Dent" for "dent".
        rows = rows.alias(found=StrIndex(Cast("decision__labels", TextField()), Value(f'"{wanted.label}"')))
        rows = rows.filter(found__gt=0)
    return _by_opinion(rows, wanted) if wanted.asks_the_ai else rows


def _by_opinion(rows: QuerySet[Item], wanted: Wanted) -> QuerySet[Item]:
    """Parts that somebody is still asked about stay out: to miss one in a band of scores tells its score too."""
    rows = rows.filter(~Exists(Review.objects.filter(item=OuterRef("pk"), state=ReviewState.OPEN)))
    said = Prediction.objects.filter(item=OuterRef("pk"), role=Role.CHAMPION)
    if wanted.score_from is not None:
        said = said.filter(score__gte=wanted.score_from)
    if wanted.score_to is not None:
        said = said.filter(score__lte=wanted.score_to)
    if wanted.differs:
        rows = rows.filter(decision__verdict__in=_SURE, decision__by__in=_PEOPLE)
        said = said.filter(opinion__in=_SURE).exclude(opinion=OuterRef("decision__verdict"))
    return rows.filter(Exists(said))


def _in_order(rows: QuerySet[Item], *, upwards: bool) -> QuerySet[Item]:
    return rows.order_by("received_at", "id") if upwards else rows.order_by("-received_at", "-id")


def _edge(rows: QuerySet[Item], *, upwards: bool) -> Item | None:
    """The last part of the window; None where it holds all that there are."""
    last = list(_in_order(rows, upwards=upwards).only("id", "received_at")[WINDOW - 1 : WINDOW + 1])
    return last[0] if len(last) == 2 else None


def _place(job: Job, item: uuid.UUID | None) -> Item | None:
    return Item.objects.filter(job=job, pk=item).only("id", "received_at").first() if item is not None else None


def _beyond(place: Item, *, upwards: bool) -> Q:
    """Parts behind the given one. The time is bounded once more by itself, which is what an index can use."""
    return _bounded(place, "gt" if upwards else "lt")


def _as_far_as(edge: Item, *, upwards: bool) -> Q:
    """Parts from here to the given one, that one among them."""
    return _bounded(edge, "lt" if upwards else "gt", also="e")


def _bounded(place: Item, way: str, *, also: str = "") -> Q:
    at = place.received_at
    then = Q(**{f"received_at__{way}": at}) | Q(**{"received_at": at, f"id__{way}{also}": place.pk})
    return Q(**{f"received_at__{way}e": at}) & then


def asked(items: list[Item]) -> set[uuid.UUID]:
    """Those of the parts that somebody is still asked to judge."""
    mine = Review.objects.filter(item__in=[item.pk for item in items], state=ReviewState.OPEN)
    return set(mine.values_list("item_id", flat=True))


def opinions_on(items: list[Item], *, asked: set[uuid.UUID]) -> dict[uuid.UUID, Prediction]:
    """What the live model of the time said of each, newest where it spoke more than once; in one query.

    Not of parts that somebody is asked about: a look down this list would make everybody who leads a job a judge who
    knows the AI's opinion of whatever waits.
    """
    through = [item.pk for item in items if item.pk not in asked]
    rows = Prediction.objects.filter(item__in=through, role=Role.CHAMPION)
    light = rows.only("item", "score", "opinion", "at").order_by("at", "id")
    return {row.item_id: row for row in light}


def telling(items: list[Item], said: dict[uuid.UUID, Prediction]) -> list[uuid.UUID]:
    """Those of the parts of which whoever sees the list learns what the AI or a colleague said."""
    return [item.pk for item in items if item.pk in said or item.decision is not None]
