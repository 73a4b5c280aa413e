"""Report that something went wrong, in plain words; answer such a report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inspection.models import Incident, Item, Job, Label, Person
from inspection.policy.words import is_storable
from inspection.refused import Refused, conflict

MOST_WORDS = 2_000


def report_incident(*, job: Job, item: Item | None, words: str, client_key: str, by: Person, now: datetime) -> Incident:
    """Keep a report once, however often it is delivered. Raises `words_missing`, `bad_words`, `client_key_reused`."""
    words = _checked(words)
    try:
        with transaction.atomic():
            return Incident.objects.create(job=job, item=item, words=words, client_key=client_key, by=by, at=now)
    except IntegrityError:
        before = Incident.objects.get(by=by, client_key=client_key)
        if (before.job_id, before.words) != (job.pk, words):
            raise conflict("client_key_reused", _("This client key came before with another report.")) from None
        return before


def close_incident(
    *, incident: Incident, answer: str, defects: Collection[str] = (), by: Person, now: datetime
) -> Incident:
    """Say what was found and done, and which defects the part really has.

    What confirmed defects lead to is `walk.close_incident`'s. Raises `words_missing`, `bad_words`, `already_closed`;
    `no_part` where defects are named of no part, `unknown_label` for one that the job does not have.
    """
    answer = _checked(answer)
    found = _checked_defects(incident, defects)
    mine = Incident.objects.filter(pk=incident.pk, closed_at=None)
    if not mine.update(answer=answer, defects=found, closed_by=by, closed_at=now):
        raise conflict("already_closed", _("Somebody has closed this report already."))
    incident.refresh_from_db()
    return incident


def _checked_defects(incident: Incident, defects: Collection[str]) -> list[str]:
    if defects and incident.item_id is None:
        raise Refused("no_part", _("This report is about no part, so no defect can be confirmed on it."))
    known = set(Label.objects.filter(job=incident.job_id, effective_to=None).values_list("code", flat=True))
    if unknown := sorted(set(defects) - known):
        raise Refused("unknown_label", _("This job has no label {code}.").format(code=unknown[0]))
    return sorted(set(defects))


def _checked(words: str) -> str:
    if not is_storable(words):
        raise Refused("bad_words", _("The text holds marks that cannot be kept."))
    if not words.strip():
        raise Refused("words_missing", _("Say in a few words what happened."))
    if len(words) > MOST_WORDS:
        raise Refused("bad_words", _("A report has at most {most} characters.").format(most=MOST_WORDS))
    return words.strip()
