"""Make a part a known one: its picture is sent round again under other serials, to measure people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspection.models import Item, KnownPart, Person
from inspection.queries import known, samples
from inspection.refused import conflict
from inspection.vocabulary import Verdict


def add_known_part(*, item: Item, by: Person, vouched: bool, now: datetime) -> KnownPart:
    """Take the verdict in force for the truth. `vouched`: the person has looked and answers for it, where neither an
    adjudicator nor a second person has.

    Raises `Refused`: `not_decided`, `asked_already`, `in_book`, `in_doubt`, `known_already`.
    """
    with transaction.atomic():
        locked = Item.objects.select_for_update(of=("self",)).select_related("decision", "picture", "job")
        item = locked.get(pk=item.pk)
        decision = item.decision
        if decision is None or decision.verdict == Verdict.UNSURE:
            raise conflict("not_decided", _("Nobody has said yet whether this part is OK or NG."))
        if known.is_asked(item):
            raise conflict("asked_already", _("Somebody is asked about this part already."))
        if samples.shows(job=item.job, digest=item.picture.digest):
            raise conflict("in_book", _("The picture stands in the label book, where everybody can see what it is."))
        if not vouched and not known.beyond_doubt(item):
            raise conflict("in_doubt", _("Only one has judged this part. Look at it and vouch for its verdict."))
        if known.of_item(item) is not None:
            raise conflict("known_already", _("This part is a known one already."))
        return KnownPart.objects.create(
            job=item.job, item=item, verdict=decision.verdict, labels=decision.labels, by=by, at=now
        )
