"""Change the bars and minimums of a job, with the reason on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime

from django.db import transaction

from inspection.models import BarsChange, Epoch, Job, Person
from inspection.policy.bars import Bars, check_bars, is_lowered
from inspection.policy.promotion import below_people
from inspection.policy.words import reason_flaw
from inspection.queries import epochs
from inspection.refused import Refused
from inspection.sentences import Sentence


def change_bars(*, job: Job, changes: Mapping[str, float], reason: str, by: Person, now: datetime) -> BarsChange | None:
    """Change what is named. A bar that was lowered begins a new epoch; the old one and its result stay to be seen.

    None where nothing changes. Raises `Refused`: `bad_bar`, `below_people`, `reason_missing`, `bad_reason`.
    """
    if flaw := reason_flaw(reason):
        raise Refused(flaw.code, flaw.detail)
    unknown = sorted(set(changes) - {one.name for one in fields(Bars)})
    if unknown:
        raise Refused("bad_bar", Sentence("There is no bar {name}.", name=unknown[0]))
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        old = epochs.bars_of(job)
        new = old.changed(changes)
        _check(job, new)
        if new == old:
            return None
        defaults = asdict(Bars())
        job.bars = {name: value for name, value in asdict(new).items() if value != defaults[name]}
        if is_lowered(old=old, new=new):
            job.bars_version += 1
        else:
            # A stricter bar is asked of what has been counted as well.
            Epoch.objects.filter(job=job, bars_version=job.bars_version).update(bars=asdict(new))
        job.save(update_fields=["bars", "bars_version"])
        return BarsChange.objects.create(
            job=job,
            old=asdict(old),
            new=asdict(new),
            version=job.bars_version,
            reason=reason.strip()[:2000],
            by=by,
            at=now,
        )


def _check(job: Job, new: Bars) -> None:
    if flaw := check_bars(new):
        raise Refused(flaw.code, flaw.detail)
    ceiling = epochs.ceiling(job).error
    if ceiling is not None and new.ai_error < ceiling:
        raise Refused("below_people", below_people(new.ai_error, ceiling))
