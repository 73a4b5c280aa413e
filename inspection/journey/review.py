"""Ask people: open reviews, hand each to one person at a time, take back what was not answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext

from inspection.models import Exposure, HandOut, Item, Job, Membership, Person, Prediction, Review, Routing
from inspection.policy import answers, hints
from inspection.policy.routing import commits_first
from inspection.policy.second_look import Standing
from inspection.queries import known, labels, nearest, queue, twins
from inspection.refused import Refused, conflict
from inspection.vocabulary import DecidedBy, HandOutEnd, HintMode, Level, Look, ReviewState, State, Verdict

MOST_HELD = 36


@dataclass(frozen=True)
class Held:
    """A review in a person's hands: what the page needs, and nothing of why the person was asked."""

    review: Review
    hand_out: HandOut


def open_reviews(rows: Sequence[Routing], *, now: datetime) -> list[Review]:
    """Ask for a look at each item that a person decides and at each audited decision of the AI.

    Call it inside the transaction that routed them.
    """
    wanted = [row for row in rows if row.by == DecidedBy.PERSON or row.audited]
    _note_who_knows([row.item for row in wanted if row.item.duplicate_of_id is not None])
    return Review.objects.bulk_create(
        Review(
            job_id=row.item.job_id,
            item_id=row.item_id,
            routing=row,
            look=Look.AUDIT if row.by == DecidedBy.AI else Look.FIRST,
            created_at=now,
        )
        for row in wanted
    )


def ask_again(*, answered: Review, standing: Standing, now: datetime) -> None:
    """Ask another person for the look that a verdict calls for, if it calls for one; once however often it is asked."""
    if standing.ask is None:
        return
    look = Review(
        job_id=answered.job_id,
        item_id=answered.item_id,
        routing_id=answered.routing_id,
        look=standing.ask,
        probability=standing.probability,
        created_at=now,
    )
    Review.objects.bulk_create([look], ignore_conflicts=True)


def follow(rows: Sequence[Routing]) -> None:
    """Let open reviews follow their item's newest routing; who holds them and what they were shown stays."""
    newest = {row.item_id: row for row in rows}
    reviews = list(Review.objects.filter(item_id__in=newest, look=Look.FIRST, state=ReviewState.OPEN))
    for review in reviews:
        review.routing = newest[review.item_id]
    Review.objects.bulk_update(reviews, ["routing"], batch_size=200)


def _note_who_knows(duplicates: Sequence[Item]) -> None:
    """A picture that comes again under another serial: who saw what the AI said of it before is no blind judge."""
    known = (Exposure(person_id=who, item=item, by_twin=True) for item in duplicates for who in twins.knowing(item))
    Exposure.objects.bulk_create(known, ignore_conflicts=True)


def claim(*, job: Job, person: Person, hold: int, now: datetime, adjudication: bool = False) -> list[Held]:
    """All that the person holds in this job, renewed and topped up to `hold` (1 to 36), oldest first; disputed parts
    are a queue of their own, for `adjudication`.

    Two people never hold one review: each hand-out is a conditional update, and whoever changes the row has it.
    """
    if not 1 <= hold <= MOST_HELD:
        raise Refused("bad_hold", f"Between 1 and {MOST_HELD} reviews can be held.")
    until = now + timedelta(seconds=job.lease_seconds)
    with transaction.atomic():
        # One person in two windows would otherwise be handed twice as much as asked for (PostgreSQL; on SQLite the
        # transaction that writes stands alone already).
        if connection.features.has_select_for_update:
            list(Membership.objects.select_for_update().filter(job=job, person=person).values_list("pk"))
        held = _renewed(queue.held_by(person=person, job=job, adjudication=adjudication), person, until=until)
        room = max(0, hold - len(held))
        for review in queue.candidates(job=job, person=person, most=room, now=now, adjudication=adjudication):
            if not adjudication and len(held) < hold and (seed := _seed(review, job, person, now=now, until=until)):
                held.append(seed)
            if len(held) < hold and (taken := _take(review, person, now=now, until=until)) is not None:
                held.append(taken)
        return held


def _renewed(reviews: list[Review], person: Person, *, until: datetime) -> list[Held]:
    """What the person holds already, for another lease."""
    if not reviews:
        return []
    Review.objects.filter(id__in=[review.pk for review in reviews], holder=person).update(lease_until=until)
    for review in reviews:
        review.lease_until = until
    return _with_hand_outs(reviews)


def _take(review: Review, person: Person, *, now: datetime, until: datetime) -> Held | None:
    lease, before = uuid.uuid4(), review.lease
    taken = Review.objects.filter(Q(holder=None) | Q(lease_until__lt=now), pk=review.pk, state=ReviewState.OPEN).update(
        holder=person, lease=lease, lease_until=until
    )
    if not taken:
        return None
    if before is not None:
        _end(before, HandOutEnd.EXPIRED, now=now)
    Item.objects.filter(pk=review.item_id, state=State.WAITING).update(state=State.IN_REVIEW)
    review.holder, review.lease, review.lease_until = person, lease, until
    out = HandOut.objects.create(review=review, person=person, lease=lease, at=now, **_shown(review, person, now=now))
    return Held(review=review, hand_out=out)


def _seed(before: Review, job: Job, person: Person, *, now: datetime, until: datetime) -> Held | None:
    """A known part in front of a review, where one is drawn for it: this person's alone, and in the queue's order."""
    if (probability := known.drawn(job, before)) is None:
        return None
    seed = known.seed_for(job=job, person=person, review=before, probability=probability, now=now)
    if seed is None:
        return None
    lease = uuid.uuid4()
    review = Review.objects.create(
        job=job,
        item=seed.known.item,
        routing=seed.routing,
        look=Look.SEEDED,
        known=seed.known,
        wears=seed.wears,
        probability=seed.probability,
        created_at=seed.created_at,
        holder=person,
        lease=lease,
        lease_until=until,
    )
    out = HandOut.objects.create(review=review, person=person, lease=lease, at=now)
    return Held(review=review, hand_out=out)


def _shown(review: Review, person: Person, *, now: datetime) -> dict[str, Any]:
    if _hint_due(review) != HintMode.CONCURRENT:
        return {}
    hint = _hint(review, person)
    return {"shown": hint, "shown_at": now if hint else None}


def asks_first(review: Review, job: Job) -> bool:
    """Whether the page asks for an answer before it can show anything.

    Later looks go by what the job's level asks for now, as a part does that has just come in: by the item's own
    routing they would stand out after a change of level.
    """
    if review.look == Look.FIRST:
        return review.routing.commit_first
    return commits_first(level=Level(job.level), job_hint=HintMode(job.hint_mode))


def _hint_due(review: Review) -> HintMode:
    """Only a first look may come with a hint."""
    return HintMode(review.routing.hint) if review.look == Look.FIRST else HintMode.NONE


def _hint(review: Review, person: Person) -> dict[str, Any] | None:
    """What the AI says, and why as far as it can tell; None where it had no opinion, just as where none is due.

    An example tells what people called it: who is shown one is no blind judge of it, should it be asked about again.
    """
    row: Prediction | None = review.routing.prediction
    if row is None or row.score is None:
        return None
    pictures = nearest.addresses(review, row.nearest)
    seen = [Exposure(person=person, item_id=item) for item in nearest.parts_of(review.job_id, pictures)]
    Exposure.objects.bulk_create(seen, ignore_conflicts=True)
    return hints.hint(
        opinion=Verdict(row.opinion),
        score=row.score,
        labels=row.labels,
        names=labels.names(review.job_id),
        heatmap=row.heatmap,
        nearest=row.nearest,
        pictures=pictures,
        say=gettext,
    )


def _with_hand_outs(held: list[Review]) -> list[Held]:
    outs = {out.lease: out for out in HandOut.objects.filter(lease__in=[review.lease for review in held])}
    return [Held(review=review, hand_out=outs[review.lease]) for review in held if review.lease in outs]


def commit(
    *, review: Review, person: Person, lease: uuid.UUID, client_key: str, answer: answers.Answer, now: datetime
) -> dict[str, Any] | None:
    """Keep the person's own answer, and only then say what the AI thinks (None where nothing is to be shown).

    Idempotent under the same client key. Raises `Refused`: `lease_lost`, `client_key_reused`, `already_committed`.
    """
    with transaction.atomic():
        out = HandOut.objects.select_for_update().filter(review=review, person=person, lease=lease).first()
        if out is not None and out.committed is not None:
            return _committed_before(out, client_key, answer)
        if out is None or out.end != HandOutEnd.HELD:
            raise conflict("lease_lost", "Somebody else has this part now.")
        # Read anew: a step down may have sent the item again since the page was opened.
        review = Review.objects.select_related("routing__prediction").get(pk=review.pk)
        hint = _hint(review, person) if _hint_due(review) == HintMode.COMMIT_FIRST else None
        out.committed = {**answer.as_json(), "client_key": client_key, "digest": answer.digest(review=str(review.pk))}
        out.committed_at, out.shown, out.shown_at = now, hint, now if hint else None
        out.save(update_fields=["committed", "committed_at", "shown", "shown_at"])
        return hint


def _committed_before(out: HandOut, client_key: str, answer: answers.Answer) -> dict[str, Any] | None:
    assert out.committed is not None
    if out.committed["client_key"] != client_key:
        raise conflict("already_committed", "A first answer to this part has been kept already.")
    if out.committed["digest"] != answer.digest(review=str(out.review_id)):
        raise conflict("client_key_reused", "This client key came before with another answer.")
    shown: dict[str, Any] | None = out.shown
    return shown


def hand_back(*, review: Review, person: Person, lease: uuid.UUID) -> Held:
    """A review that the person holds under this lease, as it was handed out. Raises `lease_lost`."""
    out = HandOut.objects.filter(review=review, person=person, lease=lease).first()
    mine = Review.objects.filter(pk=review.pk, state=ReviewState.OPEN, holder=person, lease=lease)
    held = queue.whole(mine).first()
    if out is None or held is None:
        raise conflict("lease_lost", "This part is not in your hands any more.")
    return Held(review=held, hand_out=out)


def renew(*, person: Person, now: datetime) -> datetime | None:
    """Keep all that a person holds for another lease; until when the first of it runs out, None for nothing."""
    ends = []
    with transaction.atomic():
        for review in queue.held_by(person=person):
            ends.append(now + timedelta(seconds=review.job.lease_seconds))
            Review.objects.filter(pk=review.pk, lease=review.lease).update(lease_until=ends[-1])
    return min(ends, default=None)


def give_back(*, review: Review, person: Person, lease: uuid.UUID, now: datetime) -> None:
    """Put a review back into the queue. Raises `lease_lost` when the person does not hold it."""
    _let_go(review=review, person=person, lease=lease, end=HandOutEnd.GIVEN_BACK, reason="", now=now)


def skip(*, review: Review, person: Person, lease: uuid.UUID, reason: str, now: datetime) -> None:
    """Pass a review on with a reason; it does not come back to this person while others can take it."""
    if not reason.strip():
        raise Refused("reason_missing", "Say in a few words why this part is skipped.")
    _let_go(review=review, person=person, lease=lease, end=HandOutEnd.SKIPPED, reason=reason[:500], now=now)


def escalate(*, review: Review, person: Person, lease: uuid.UUID, reason: str, now: datetime) -> None:
    """Pass a review on to an adjudicator with a reason; nobody else is asked for it.

    Raises `Refused`: `reason_missing`, `cannot_escalate` for what an adjudicator holds already, `lease_lost`.
    """
    if not reason.strip():
        raise Refused("reason_missing", "Say in a few words why this part goes to an adjudicator.")
    if review.look == Look.ADJUDICATION:
        raise conflict("cannot_escalate", "There is nobody above the adjudicator: answer, or pass the part on.")
    with transaction.atomic():
        end = HandOutEnd.ESCALATED
        if not _let_go(review=review, person=person, lease=lease, end=end, reason=reason[:500], now=now):
            return
        Review.objects.filter(pk=review.pk).update(state=ReviewState.WITHDRAWN)
        if review.look == Look.SEEDED:
            return
        disputed = Review(
            job_id=review.job_id,
            item_id=review.item_id,
            routing_id=review.routing_id,
            look=Look.ADJUDICATION,
            note=reason[:500],
            created_at=now,
        )
        Review.objects.bulk_create([disputed], ignore_conflicts=True)


def _let_go(*, review: Review, person: Person, lease: uuid.UUID, end: HandOutEnd, reason: str, now: datetime) -> bool:
    """End a hold; False when a delivery before this one has done so already."""
    with transaction.atomic():
        freed = Review.objects.filter(pk=review.pk, holder=person, lease=lease, state=ReviewState.OPEN).update(
            holder=None, lease=None, lease_until=None
        )
        if not freed:
            if HandOut.objects.filter(review=review, person=person, lease=lease, end=end).exists():
                return False
            raise conflict("lease_lost", "This part is not in your hands any more.")
        _end(lease, end, now=now, reason=reason)
        # A known part is meant for one person; nobody else may come upon it.
        Review.objects.filter(pk=review.pk, look=Look.SEEDED).update(state=ReviewState.WITHDRAWN)
        Item.objects.filter(pk=review.item_id, state=State.IN_REVIEW).update(state=State.WAITING)
    return True


def _end(lease: uuid.UUID, end: HandOutEnd, *, now: datetime, reason: str = "") -> None:
    """End a hold without an answer. Who saw a hint meanwhile is no blind judge of the item any more."""
    outs = HandOut.objects.filter(lease=lease, end=HandOutEnd.HELD)
    for person, item in outs.filter(shown__isnull=False).values_list("person_id", "review__item_id"):
        seen = [Exposure(person_id=person, item_id=item)]
        seen += [Exposure(person_id=person, item_id=twin, by_twin=True) for twin in twins.asked_twins([item])]
        Exposure.objects.bulk_create(seen, ignore_conflicts=True)
    outs.update(end=end, ended_at=now, reason=reason)


def show_expired(*, now: datetime) -> int:
    """Show items whose lease ran out as waiting again; how many.

    The holder may still answer until somebody takes them. Known parts nobody else takes: they are withdrawn.
    """
    _withdraw_seeds(now=now)
    lapsed = Review.objects.filter(state=ReviewState.OPEN, lease_until__lt=now, item__state=State.IN_REVIEW)
    ids = list(lapsed.values_list("item_id", flat=True)[:500])
    return Item.objects.filter(id__in=ids, state=State.IN_REVIEW).update(state=State.WAITING)


def _withdraw_seeds(*, now: datetime) -> None:
    lapsed = Review.objects.filter(state=ReviewState.OPEN, lease_until__lt=now, look=Look.SEEDED)
    for pk, lease in lapsed.values_list("pk", "lease"):
        with transaction.atomic():
            # Renewed or answered meanwhile: then it is not ours to take.
            if lapsed.filter(pk=pk, lease=lease).update(state=ReviewState.WITHDRAWN) and lease is not None:
                _end(lease, HandOutEnd.EXPIRED, now=now)
