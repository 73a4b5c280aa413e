"""Ask about a part once more, although it is through."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspection.models import Item, Person, Review
from inspection.policy.words import is_storable
from inspection.queries import reopening, samples
from inspection.refused import Refused, conflict
from inspection.vocabulary import Look

LONGEST_REASON = 500


def reopen_item(*, item: Item, reason: str, by: Person, now: datetime) -> Review:
    """Ask somebody who has not judged the part, blind, for another look; the decision in force stays until the answer.

    Raises `Refused`: `reason_missing`, `bad_reason`, `asked_already`, `not_through`, `nobody_left`, `in_book`.
    """
    _check_reason(reason)
    with transaction.atomic():
        # Locked, so that of two who ask at once the second one sees what the first one did.
        locked = Item.objects.select_for_update(of=("self",)).select_related("picture", "job").get(pk=item.pk)
        if reopening.is_asked(locked):
            raise conflict("asked_already", _("Somebody is asked about this part already."))
        routing = reopening.newest_routing(locked)
        if routing is None or locked.decision_id is None:
            raise conflict(
                "not_through", _("This part is still on its way; nothing has been decided that could be opened.")
            )
        if not reopening.somebody_is_left(locked):
            raise conflict("nobody_left", _("Everybody who judges parts of this job has judged this one."))
        if samples.shows(job=locked.job, digest=locked.picture.digest):
            raise conflict(
                "in_book", _("The picture stands in the label book, which would tell the answer; take it out first.")
            )
        return Review.objects.create(
            job=locked.job,
            item=locked,
            routing=routing,
            look=Look.REOPENED,
            # The row has no place for who asked; whoever reads the note must not have to guess.
            note=f"{reason.strip()} ({by.shown_name})",
            created_at=now,
        )


def _check_reason(reason: str) -> None:
    if not is_storable(reason) or len(reason) > LONGEST_REASON:
        raise Refused("bad_reason", _("A reason has at most 500 characters."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the part is opened again; it goes into the history."))
