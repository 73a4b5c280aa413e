"""What follows from evidence: it is counted, and the job is proposed for a climb or lowered, in one transaction.

Whoever calls these holds the row of the job locked; `walk.py` says when they are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from inspection.acts import switch_level as act
from inspection.journey import promote, review, route
from inspection.models import Epoch, Evidence, Item, Job, LevelChange, Person, Proposal
from inspection.policy import ladder, stepping_down
from inspection.policy.stepping_down import Alarm
from inspection.queries import epochs, escapes
from inspection.sentences import Sentence
from inspection.vocabulary import Cause, Level


def locked(job: Job) -> Job:
    """The job as it stands, locked: all its verdicts count towards the same evidence, so that one comes after the
    other. Before anything else is locked, as a switch of the level does it."""
    found = Job.objects.select_for_update(of=("self",), no_key=True).select_related("champion", "thresholds")
    return found.get(pk=job.pk)


def count(touched: Sequence[Evidence], *, job: Job, now: datetime) -> None:
    """Count what has changed, and do at once what it leads to. `now` is when it counts."""
    counted = promote.count(touched, job=job, now=now)
    if counted is None:
        return
    alarm = stepping_down.worst(counted.alarms)
    if alarm is not None and alarm.down is not None:
        _step_down(alarm, epoch=counted.epoch, job=job, counted=now)
    elif counted.changed:
        promote.propose(counted.epoch, job=job, now=now)


def propose_for(job: Job, *, by: Person, now: datetime) -> Proposal | None:
    """Propose the next level because a person asks for it, though it was refused; None where it is not proven."""
    epoch = epochs.current(job, now)
    if epoch is None:
        return None
    return promote.propose(epoch, job=job, now=epoch.last_at if job.captured_time else now, asked_by=by)


def stop_if_let_through(item: Item, *, bad: bool, job: Job, reported: bool = False) -> None:
    """Stop the AI where a critical defect is believed of a part that it had passed alone. `bad` says that people have
    confirmed the part as such; a report may have done so too.

    By whatever road they came upon it: a part that was opened again has no evidence, that of somebody who knew the
    AI's opinion does not count, and a report is no verdict. A part stops its job once.
    """
    if not ladder.is_climb(old=ladder.STOPPED, new=Level(job.level)):
        return
    escaped = escapes.of(item, bad=bad, job=job)
    if escaped is None:
        return
    critical = frozenset(epochs.critical_codes(job))
    alarm = stepping_down.come_to_light(escaped, level=Level(job.level), critical=critical, reported=reported)
    if alarm is not None:
        throw_back(job, cause=alarm.cause, reason=alarm.words, now=timezone.now(), item=item)


def _step_down(alarm: Alarm, *, epoch: Epoch, job: Job, counted: datetime) -> None:
    """Lower the job in the same transaction as the evidence that caused it; undecided parts go to people."""
    assert alarm.down is not None
    to = stepping_down.lands_on(alarm.down, demotions=epoch.demotions + 1)
    now = timezone.now()
    _lower(job, to, cause=alarm.cause, reason=alarm.words, epoch=epoch, counted=counted, now=now)
    promote.begin_anew(epoch, to=to, counted=counted, now=now)


def throw_back(job: Job, *, cause: Cause, reason: str, now: datetime, item: Item | None = None) -> None:
    """Stop the AI for something that no entry of the ledger says; `item` is the part that it came to light on."""
    epoch = epochs.answerable(job, now)
    to = stepping_down.lands_on(ladder.STOPPED, demotions=epoch.demotions + 1 if epoch else 0)
    counted = epoch.last_at if epoch is not None and job.captured_time else now
    _lower(job, to, cause=cause, reason=reason, epoch=epoch, counted=counted, now=now, item=item)
    if epoch is not None:
        promote.begin_anew(epoch, to=to, counted=counted, now=now)


def keep_within_proof(job: Job, *, by: Person | None, why: str) -> None:
    """Lower an enforced job to what has been proven with what is in force now."""
    now = timezone.now()
    job = locked(job)
    act.look_closely(job)
    to = epochs.kept_level(job, now=now)
    if to == job.level:
        return
    reason = Sentence("{why}: what is in force now is proven up to {level}", why=why, level=to.label)
    _lower(job, to, cause=Cause.UNPROVEN, reason=reason, by=by, counted=now, now=now)


def _lower(
    job: Job,
    to: Level,
    *,
    cause: Cause,
    reason: str,
    counted: datetime,
    now: datetime,
    epoch: Epoch | None = None,
    by: Person | None = None,
    item: Item | None = None,
) -> None:
    change = act.step_down(
        job=job, to=to, cause=cause, reason=reason, by=by, epoch=epoch, counted=counted, now=now, item=item
    )
    send_again(job, change, now=now)


def send_again(job: Job, change: LevelChange, *, now: datetime) -> None:
    """Send every item that has no decision yet again after a step down."""
    rows = route.reroute(job=job, now=now)
    review.follow(rows)
    act.note_rerouted(change, count=len(rows))
