"""Which reviews a person holds, and which may be handed out next."""

from __future__ import annotations

from datetime import datetime

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from inspection.models import Exposure, HandOut, Job, Membership, Person, Review, VerdictGiven
from inspection.permissions import INSPECTING, may_adjudicate
from inspection.vocabulary import HandOutEnd, Look, ReviewState


def held_by(*, person: Person, job: Job | None = None, adjudication: bool | None = None) -> list[Review]:
    """Open reviews in a person's hands, oldest first; an expired lease still counts until somebody else takes it.

    Of the queue of disputed parts, of the other one, or (None) of both.

    Locked until the transaction ends: without that somebody took a lapsed one between this look and its renewal, and
    two people held one part. In the order of the queue, in which everybody locks reviews.
    """
    mine = Review.objects.filter(holder=person, state=ReviewState.OPEN)
    if job is not None:
        mine = mine.filter(job=job)
    if adjudication is not None:
        mine = mine.filter(_of_queue(adjudication))
    mine = mine.order_by("created_at", "id")
    # Most often nothing is held any more, and a query for keys alone costs a third of one for all that a page shows.
    keys = list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))
    return list(whole(mine.filter(pk__in=keys))) if keys else []


def candidates(*, job: Job, person: Person, most: int, now: datetime, adjudication: bool = False) -> list[Review]:
    """At most `most` free reviews for this person, in the one order of the queue.

    First those that nothing speaks against; then, only where nobody else of the job could take them, those that the
    person skipped or whose AI opinion the person has seen.
    """
    if most <= 0:
        return []
    free = _free(job, now).filter(_of_queue(adjudication))
    fresh = free.filter(_open_minded(person))
    # skip_locked: with fifty inspectors at once everybody would wait for the same first row (no effect on SQLite,
    # where the writing transaction already stands alone).
    found = list(whole(fresh).select_for_update(skip_locked=True, of=("self",)).order_by("created_at", "id")[:most])
    if len(found) < most:
        passed_over = free.filter(~judged_by(person), _skipped_by(person) | _seen_by(person))
        passed_over = passed_over.order_by("created_at", "id")
        rest = [review for review in whole(passed_over)[:50] if not _others_can_take(review, person)]
        found += rest[: most - len(found)]
    return found


def _of_queue(adjudication: bool) -> Q:
    disputed = Q(look=Look.ADJUDICATION)
    return disputed if adjudication else ~disputed


def whole(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """With what the page shows of the part. Every inspector asks for this at every part: the columns are the cost."""
    return reviews.select_related("item", "routing", "wears").only(
        *("id", "job", "item", "routing", "look", "note", "state", "created_at", "holder", "lease", "lease_until"),
        *(f"{part}__{fact}" for part in ("item", "wears") for fact in ("serial", "lot", "station", "shift")),
        *("routing__hint", "routing__commit_first", "routing__prediction"),
    )


def _free(job: Job, now: datetime) -> QuerySet[Review]:
    """A known part stays with the person it was made for."""
    free = Review.objects.filter(Q(holder=None) | Q(lease_until__lt=now), job=job, state=ReviewState.OPEN)
    return free.exclude(look=Look.SEEDED)


# Neither judged_by, nor _skipped_by, nor _seen_by. In SQL, since Django builds subqueries anew at every call: three
# Exists made up an eighth of all that one part costs the server from hand-out to verdict.
_OPEN_MINDED = """
    NOT EXISTS (SELECT 1 FROM inspection_verdictgiven AS given
                 WHERE given.item_id = inspection_review.item_id AND given.person_id = %s AND NOT given.late
                   AND given.undone_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM inspection_handout AS hand_out
                     WHERE hand_out.review_id = inspection_review.id AND hand_out.person_id = %s
                       AND hand_out."end" = %s)
    AND NOT EXISTS (SELECT 1 FROM inspection_exposure AS exposure
                     WHERE exposure.item_id = inspection_review.item_id AND exposure.person_id = %s
                       AND NOT exposure.by_twin)
"""


def _open_minded(person: Person) -> RawSQL:
    values = (person.pk, person.pk, HandOutEnd.SKIPPED.value, person.pk)
    return RawSQL(_OPEN_MINDED, values, output_field=BooleanField())  # noqa: S611  the text is ours, the values are bound


def judged_by(person: Person) -> Exists:
    """Of reviews: whether the person has judged the item already, in whatever look."""
    return Exists(VerdictGiven.objects.filter(item=OuterRef("item"), person=person, late=False, undone_at=None))


def _skipped_by(person: Person) -> Exists:
    return Exists(HandOut.objects.filter(review=OuterRef("pk"), person=person, end=HandOutEnd.SKIPPED))


def _seen_by(person: Person) -> Exists:
    return Exists(Exposure.objects.filter(item=OuterRef("item"), person=person, by_twin=False))


def _others_can_take(review: Review, person: Person) -> bool:
    """Whether some other active member could still judge this item with an open mind; a disputed one takes somebody who
    may adjudicate, or it waited for inspectors whom nobody asks."""
    roles = may_adjudicate.roles if review.look == Look.ADJUDICATION else INSPECTING
    others = Membership.objects.filter(
        job=review.job_id, role__in=roles, person__is_active=True, person__simulated=False
    ).exclude(person=person)
    item = review.item_id
    return others.exclude(
        Exists(VerdictGiven.objects.filter(item=item, person=OuterRef("person"), late=False, undone_at=None))
        | Exists(HandOut.objects.filter(review=review, person=OuterRef("person"), end=HandOutEnd.SKIPPED))
        | Exists(Exposure.objects.filter(item=item, person=OuterRef("person"), by_twin=False))
    ).exists()
