"""Known parts: which parts may become one, which one a person gets next, and how people fare on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from inspection.models import Exposure, HandOut, Item, Job, KnownPart, Person, Review, Routing, VerdictGiven
from inspection.policy.answers import FINAL_AFTER
from inspection.policy.sampling import bucket, draw
from inspection.queries.jobs import midnight
from inspection.queries.looks import verdicts_on
from inspection.vocabulary import DecidedBy, Look, ReviewState, Verdict

UNSEEN_FOR = timedelta(days=7)
"""Nobody gets a picture as a known part that was in front of them within this time."""
STREAM = timedelta(days=1)
"""A known part wears the serial of a part that came in within this time before the one it stands in for."""
JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Seed:
    """A known part for one person, with all that makes it look like any other."""

    known: KnownPart
    routing: Routing
    wears: Item
    created_at: datetime
    probability: float


@dataclass(frozen=True)
class HitRate:
    """How a person fared on known parts. UNSURE is no hit and no miss."""

    right: int = 0
    n: int = 0
    missed: int = 0
    """Bad ones that were called OK."""
    bad: int = 0


def in_use(job: Job) -> QuerySet[KnownPart]:
    return KnownPart.objects.filter(job=job, retired_at=None)


def of_item(item: Item) -> KnownPart | None:
    return KnownPart.objects.filter(item=item, retired_at=None).select_related("by").first()


def beyond_doubt(item: Item) -> bool:
    """Whether nobody has to vouch for the verdict in force: an adjudicator gave it, or two people alone with the
    picture said the same."""
    decision = item.decision
    if decision is None or decision.verdict == Verdict.UNSURE:
        return False
    if decision.by == DecidedBy.ADJUDICATOR:
        return True
    said = list(verdicts_on(item.pk).values_list("person", "verdict"))
    return len({who for who, _ in said}) >= 2 and {verdict for _, verdict in said} == {decision.verdict}


def is_asked(item: Item) -> bool:
    """Whether somebody is still asked about the part, or about the same picture under another serial."""
    same = Review.objects.filter(job=item.job_id, item__picture=item.picture_id, state=ReviewState.OPEN)
    return same.exclude(look=Look.SEEDED).exists()


# ---------------------------------------------------------------- handing out


def drawn(job: Job, review: Review) -> float | None:
    """With which probability a known part goes before this review; None where none was drawn. No query."""
    chance = draw(salt=job.salts["seed"], key=str(review.pk), share=job.seed_share)
    return chance.probability if chance.hit else None


def seed_for(*, job: Job, person: Person, review: Review, probability: float, now: datetime) -> Seed | None:
    """What to hand to the person before `review`; None where there is nothing that would look like any other part, and
    where it was done before."""
    created_at = review.created_at - JUST_BEFORE
    if HandOut.objects.filter(review__look=Look.SEEDED, review__created_at=created_at, person=person).exists():
        return None
    known = _next_known(job, person, review, now=now)
    wears = _disguise(job, person, review, now=now) if known is not None else None
    if known is None or wears is None:
        return None
    routing = Routing.objects.filter(item=known.item_id).order_by("-at", "-id").first()
    if routing is None:
        return None
    return Seed(known=known, routing=routing, wears=wears, created_at=created_at, probability=probability)


def _next_known(job: Job, person: Person, review: Review, *, now: datetime) -> KnownPart | None:
    """One of those that the person can know nothing of, by lot."""
    seen = HandOut.objects.filter(
        person=person, review__item__picture=OuterRef("item__picture"), at__gt=now - UNSEEN_FOR
    )
    told = Exposure.objects.filter(person=person, item=OuterRef("item"))
    rows = in_use(job).exclude(by=person).exclude(Exists(seen)).exclude(Exists(told))
    found = list(rows.select_related("item"))
    return min(found, key=lambda row: bucket(salt=job.salts["seed"], key=f"{review.pk}:{row.pk}"), default=None)


def _disguise(job: Job, person: Person, review: Review, *, now: datetime) -> Item | None:
    """The newest part that is through and that the person has not been handed, nor will be: nobody is asked about it
    any more, and no verdict on it can be taken back."""
    newest = Item.objects.values_list("received_at", flat=True).get(pk=review.item_id)
    rows = Item.objects.filter(
        job=job, received_at__lte=newest, received_at__gt=newest - STREAM, decision__at__lte=now - FINAL_AFTER
    )
    open_looks = Review.objects.filter(item=OuterRef("pk"), state=ReviewState.OPEN)
    mine = HandOut.objects.filter(review__item=OuterRef("pk"), person=person)
    worn = Review.objects.filter(wears=OuterRef("pk"))
    known = KnownPart.objects.filter(item=OuterRef("pk"))
    for barred in (open_looks, mine, worn, known):
        rows = rows.exclude(Exists(barred))
    return rows.order_by("-received_at", "-id").first()


# ---------------------------------------------------------------- how people fare


def own_rate(*, person: Person, job: Job, now: datetime) -> HitRate:
    """Of what the person cannot take back any more."""
    return _rates(_answers(job).filter(person=person, at__lte=now - FINAL_AFTER)).get(person.pk, HitRate())


def rates(*, job: Job, now: datetime) -> dict[int, HitRate]:
    """Of each person, up to the end of yesterday: everybody sees the own figures a day before anybody else does."""
    return _rates(_answers(job).filter(at__lt=midnight(job, now)))


def _answers(job: Job) -> QuerySet[VerdictGiven]:
    return VerdictGiven.objects.filter(review__job=job, review__look=Look.SEEDED, late=False, undone_at=None)


def _rates(answers: QuerySet[VerdictGiven]) -> dict[int, HitRate]:
    rows: Iterable[tuple[int, str, str]] = answers.values_list("person", "verdict", "review__known__verdict")
    by_person: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for person, verdict, truth in rows:
        by_person[person].append((verdict, truth))
    return {person: _rate(pairs) for person, pairs in by_person.items()}


def _rate(pairs: list[tuple[str, str]]) -> HitRate:
    bad = [verdict for verdict, truth in pairs if truth == Verdict.NG]
    return HitRate(
        right=sum(verdict == truth for verdict, truth in pairs),
        n=len(pairs),
        missed=sum(verdict == Verdict.OK for verdict in bad),
        bad=len(bad),
    )


@dataclass(frozen=True)
class Line:
    """A known part in the list, with how often people were right on it up to yesterday."""

    known: KnownPart
    right: int
    n: int


def lines(job: Job, *, now: datetime) -> list[Line]:
    """The known parts in use, newest first; two queries however many there are."""
    counted: dict[int, list[bool]] = defaultdict(list)
    answered = _answers(job).filter(at__lt=midnight(job, now)).annotate(truth=F("review__known__verdict"))
    for known, verdict, truth in answered.values_list("review__known", "verdict", "truth"):
        counted[known].append(verdict == truth)
    rows = in_use(job).select_related("item", "by").order_by("-at", "-id")
    return [Line(known=row, right=sum(counted[row.pk]), n=len(counted[row.pk])) for row in rows]
