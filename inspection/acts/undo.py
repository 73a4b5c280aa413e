"""Take one's own verdict back, as long as nobody and nothing has built on it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inspection.models import (
    Decision,
    Evidence,
    Exposure,
    HandOut,
    Item,
    Job,
    LevelChange,
    Person,
    Review,
    VerdictGiven,
)
from inspection.policy.answers import FINAL_AFTER
from inspection.queries.looks import built_on
from inspection.refused import Refused, conflict
from inspection.vocabulary import Look, ReviewState, State, Verdict


def undo(
    *, review: Review, person: Person, lease: uuid.UUID, new_lease: uuid.UUID, now: datetime
) -> VerdictGiven | None:
    """Take back the verdict given under `lease`; the person holds the review again under `new_lease`.

    The verdict stays in the history. None when the same call came before. Call it inside a transaction. Raises
    `Refused`: `lease_lost` where there is nothing of this person to take back; `built_upon`.
    """
    # Reviews before the item, as whoever claims or answers locks them. A second delivery waits here, and then finds
    # what the first one did.
    list(Review.objects.select_for_update().filter(item=review.item_id).order_by("created_at", "id").values_list("pk"))
    if HandOut.objects.filter(lease=new_lease).exists():
        _refuse_the_lease_of_another(review, person, new_lease)
        return None
    item = Item.objects.select_for_update(of=("self",)).select_related("decision").get(pk=review.item_id)
    mine = VerdictGiven.objects.filter(review=review, person=person, late=False, undone_at=None)
    row = mine.select_related("review").first()
    # A call that was long on its way names a lease of before; the verdict given since is not meant.
    answered = Review.objects.filter(pk=review.pk, state=ReviewState.ANSWERED, holder=person, lease=lease)
    if row is None or not answered.exists():
        raise conflict("lease_lost", _("There is no verdict of yours on this part that could be taken back."))
    _refuse_if_built_upon(item, row, now=now)
    _take_out_of_force(item, row)
    VerdictGiven.objects.filter(pk=row.pk).update(undone_at=now)
    Evidence.objects.filter(verdict_given=row).update(undone=True)
    _hand_out_again(review, person, lease=lease, new_lease=new_lease, now=now)
    return row


def _refuse_the_lease_of_another(review: Review, person: Person, new_lease: uuid.UUID) -> None:
    if not HandOut.objects.filter(lease=new_lease, review=review, person=person).exists():
        raise conflict("client_key_reused", _("This new lease is in use already."))


def _refuse_if_built_upon(item: Item, given: VerdictGiven, *, now: datetime) -> None:
    if now - given.at > FINAL_AFTER:
        raise _built_upon(_("Your verdict is older than 15 minutes. Ask a manager to have the part looked at again."))
    if LevelChange.objects.filter(job=item.job_id, at__gte=given.at).exists():
        raise _built_upon(_("The job has been switched to another level since your verdict."))
    if given.review.look == Look.SEEDED:
        # Nothing builds on a known part, and what becomes of its own item tells this person nothing.
        return
    if Exposure.objects.filter(item=item, person=given.person_id, at__gte=given.at).exists():
        raise _built_upon(_("You have seen what the AI said of this part since your verdict."))
    decision = Decision.objects.filter(verdict_given=given, undone=False).first()
    if decision is not None and item.decision_id != decision.pk:
        raise _built_upon(_("Somebody else has judged this part since your verdict."))
    followed = built_on(item, given)
    if followed.exclude(state=ReviewState.OPEN).exists() or HandOut.objects.filter(review__in=followed).exists():
        raise _built_upon(_("Somebody else has this part in front of them since your verdict."))
    # Nobody has seen them yet; whoever were to claim one now finds it withdrawn.
    open_looks = followed.filter(state=ReviewState.OPEN, holder=None)
    if open_looks.count() != open_looks.update(state=ReviewState.WITHDRAWN):
        raise _built_upon(_("Somebody else has this part in front of them since your verdict."))


def _built_upon(detail: str) -> Refused:
    return conflict("built_upon", detail)


def _take_out_of_force(item: Item, given: VerdictGiven) -> None:
    """The verdict in force before comes back; without one the item is in front of the person again."""
    decision = Decision.objects.filter(verdict_given=given, undone=False).select_related("supersedes").first()
    if decision is None:
        return
    Decision.objects.filter(pk=decision.pk).update(undone=True)
    before = decision.supersedes
    state = State.IN_REVIEW
    if before is not None:
        state = State.HELD if before.verdict == Verdict.UNSURE else State.DECIDED
    Item.objects.filter(pk=item.pk).update(decision=before, state=state)


def _hand_out_again(review: Review, person: Person, *, lease: uuid.UUID, new_lease: uuid.UUID, now: datetime) -> None:
    """What the AI was seen to say cannot be unseen: with a hint, the first answer stays as it was given."""
    seconds = Job.objects.values_list("lease_seconds", flat=True).get(pk=review.job_id)
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.OPEN, holder=person, lease=new_lease, lease_until=now + timedelta(seconds=seconds)
    )
    out = HandOut.objects.get(lease=lease)
    hinted = out.shown is not None
    HandOut.objects.create(
        review=review,
        person=person,
        lease=new_lease,
        at=now,
        shown=out.shown,
        shown_at=out.shown_at,
        committed=out.committed if hinted else None,
        committed_at=out.committed_at if hinted else None,
    )
