"""Report that something went wrong, in plain words; answer such a report."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inspection.models import Incident, Item, Job, Person
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


def close_incident(*, incident: Incident, answer: str, by: Person, now: datetime) -> Incident:
    """Say what was found and done. Raises `words_missing`, `bad_words`, `already_closed`."""
    answer = _checked(answer)
    closed = Incident.objects.filter(pk=incident.pk, closed_at=None).update(answer=answer, closed_by=by, closed_at=now)
    if not closed:
        raise conflict("already_closed", _("Somebody has closed this report already."))
    incident.refresh_from_db()
    return incident


def _checked(words: str) -> str:
    if not is_storable(words):
        raise Refused("bad_words", _("The text holds marks that cannot be kept."))
    if not words.strip():
        raise Refused("words_missing", _("Say in a few words what happened."))
    if len(words) > MOST_WORDS:
        raise Refused("bad_words", _("A report has at most {most} characters.").format(most=MOST_WORDS))
    return words.strip()
