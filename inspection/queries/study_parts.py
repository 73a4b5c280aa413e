"""Which parts of a job may be in a study, and on whose word their standard verdicts rest."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspection.models import Decision, Evidence, Item, Job, KnownPart, Person, Review, VerdictGiven
from inspection.policy.study_design import Candidate
from inspection.queries import samples
from inspection.vocabulary import DecidedBy, Look, ReviewState, StandardBy, Verdict

MOST_OFFERED = 600
"""Of each verdict and each source: twice what the largest study takes."""
NEWEST = 20_000
"""How far back it is looked. A job has a million parts, and bad ones are so rare that a search for six hundred of them
would read them all."""
SURE = (Verdict.OK, Verdict.NG)


@dataclass(frozen=True)
class Standard:
    """The verdict that a study takes for the truth of a part."""

    item: Item
    verdict: Verdict
    labels: tuple[str, ...]
    by: StandardBy
    person: Person | None
    """Who answers for it by name; None where it is whoever makes the study, or several."""

    @property
    def candidate(self) -> Candidate:
        return Candidate(key=str(self.item.pk), verdict=self.verdict, labels=self.labels)


@dataclass(frozen=True)
class Examined:
    """What of some parts of a job is fit for a study, and what keeps the others out."""

    standards: dict[uuid.UUID, Standard]
    undecided: set[uuid.UUID]
    asked: set[uuid.UUID]
    """Somebody is being asked about the same picture: the verdict may change, and the study would tell of it."""
    in_book: set[uuid.UUID]
    """The picture stands in the label book beside the workbench, under its name."""


def examine(job: Job, ids: Iterable[uuid.UUID]) -> Examined:
    """Look at parts of a job; ids of other jobs are left out. A number of queries that does not grow with the parts."""
    rows = Item.objects.filter(job=job, pk__in=list(ids)).select_related("picture", "decision__person")
    items = {item.pk: item for item in rows}
    known = _known(items)
    said = _said(items)
    agreed = _agreed(items)
    found = {pk: _standard(item, known.get(pk), said.get(pk, []), agreed) for pk, item in items.items()}
    pictures = {item.picture_id for item in items.values()}
    asked, shown = _asked_pictures(job, pictures), _book_pictures(job)
    return Examined(
        standards={pk: standard for pk, standard in found.items() if standard is not None},
        undecided={pk for pk, standard in found.items() if standard is None},
        asked={pk for pk, item in items.items() if item.picture_id in asked},
        in_book={pk for pk, item in items.items() if item.picture_id in shown},
    )


def offer(job: Job, *, vouched: bool) -> list[Standard]:
    """Parts that a study may be made of, one for each picture, the surest first: known ones, those with a reference,
    and where somebody vouches for them also those that one person has decided."""
    found = examine(job, _pool(job, vouched=vouched))
    barred = found.asked | found.in_book
    mine = [standard for pk, standard in found.standards.items() if pk not in barred]
    if not vouched:
        mine = [standard for standard in mine if standard.by != StandardBy.VOUCHED]
    places = list(StandardBy)
    mine.sort(key=lambda one: (places.index(one.by), -one.item.received_at.timestamp(), str(one.item.pk)))
    once: dict[int, Standard] = {}
    for standard in mine:
        once.setdefault(standard.item.picture_id, standard)
    return list(once.values())


def _pool(job: Job, *, vouched: bool) -> set[uuid.UUID]:
    ids = set(KnownPart.objects.filter(job=job, retired_at=None).values_list("item", flat=True))
    settled = Evidence.objects.filter(job=job, undone=False).order_by("-at").values_list("item", "reference")
    decided = Decision.objects.filter(job=job, undone=False).order_by("-at").values_list("item", "verdict", "by")
    wanted = {DecidedBy.PERSON, DecidedBy.ADJUDICATOR} if vouched else {DecidedBy.ADJUDICATOR}
    ids |= _some(settled[:NEWEST])
    return ids | _some((item, verdict) for item, verdict, by in decided[:NEWEST] if by in wanted)


def _some(rows: Iterable[tuple[uuid.UUID, str]]) -> set[uuid.UUID]:
    """The first of each verdict; bad ones are rare, and good ones alone make no study."""
    found: dict[str, dict[uuid.UUID, None]] = {verdict: {} for verdict in SURE}
    for item, verdict in rows:
        if verdict in found and len(found[verdict]) < MOST_OFFERED:
            found[verdict][item] = None
    return {item for mine in found.values() for item in mine}


def _known(items: dict[uuid.UUID, Item]) -> dict[uuid.UUID, KnownPart]:
    rows = KnownPart.objects.filter(item__in=items, retired_at=None).select_related("by")
    return {row.item_id: row for row in rows}


def _said(items: dict[uuid.UUID, Item]) -> dict[uuid.UUID, list[tuple[int, str]]]:
    """Who said what of each part, in verdicts that stand."""
    rows = VerdictGiven.objects.filter(item__in=items, late=False, undone_at=None).exclude(review__look=Look.SEEDED)
    found: dict[uuid.UUID, list[tuple[int, str]]] = defaultdict(list)
    for item, person, verdict in rows.values_list("item", "person", "verdict"):
        found[item].append((person, verdict))
    return found


def _agreed(items: dict[uuid.UUID, Item]) -> set[tuple[uuid.UUID, str]]:
    rows = Evidence.objects.filter(item__in=items, undone=False).exclude(reference="")
    return set(rows.values_list("item", "reference"))


def _standard(
    item: Item, known: KnownPart | None, said: Sequence[tuple[int, str]], agreed: set[tuple[uuid.UUID, str]]
) -> Standard | None:
    if known is not None:
        return Standard(item, Verdict(known.verdict), tuple(known.labels), StandardBy.KNOWN, known.by)
    decision = item.decision
    if decision is None or decision.verdict not in SURE:
        return None
    by, person = StandardBy.VOUCHED, None
    if decision.by == DecidedBy.ADJUDICATOR:
        by, person = StandardBy.ADJUDICATOR, decision.person
    elif len({who for who, _ in said}) >= 2 and {verdict for _, verdict in said} == {decision.verdict}:
        by = StandardBy.PEOPLE
    elif (item.pk, decision.verdict) in agreed:
        by = StandardBy.AGREEMENT
    return Standard(item, Verdict(decision.verdict), tuple(decision.labels), by, person)


def _asked_pictures(job: Job, pictures: set[int]) -> set[int]:
    """Turns as known parts do not count: such parts are what studies are made of."""
    open_looks = Review.objects.filter(job=job, item__picture__in=pictures, state=ReviewState.OPEN)
    return set(open_looks.exclude(look=Look.SEEDED).values_list("item__picture", flat=True))


def _book_pictures(job: Job) -> set[int]:
    return set(samples.in_use().filter(job=job).values_list("picture", flat=True))
