"""Switch the automation level of a job."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from inspection.models import Job, LevelChange, Person
from inspection.permissions import role_in
from inspection.policy import ladder
from inspection.policy.words import is_storable
from inspection.refused import Kind, Refused, conflict
from inspection.vocabulary import Gate, Level


def switch_level(*, job: Job, new: Level, reason: str, by: Person, now: datetime) -> LevelChange:
    """Switch a job's level with a reason; call it inside a transaction, with what the switch does to open items.

    Raises `Refused`: `reason_missing`, `bad_reason`, `not_allowed`, `same_level`, `one_step_at_a_time`, `not_proven`
    (it carries the `criteria`).
    """
    if not is_storable(reason):
        raise Refused("bad_reason", "The reason holds marks that cannot be kept.")
    if not reason.strip():
        raise Refused("reason_missing", "Say why the level is switched; it goes into the history.")
    # Locked, so that of two admins who press at once the second one sees what the first one did.
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    old = Level(job.level)
    _check_person(by, job, old=old, new=new)
    step = ladder.check_switch(old=old, new=new, gate=Gate(job.gate))
    if not step.allowed:
        raise conflict(step.code, step.detail, criteria=list(step.criteria))
    job.level = new
    job.save(update_fields=["level"])
    return LevelChange.objects.create(
        job=job, old=old, new=new, reason=reason.strip()[:2000], by=by, gate=job.gate, at=now, evidence=_known(job)
    )


def note_rerouted(change: LevelChange, *, count: int) -> None:
    """Keep with the change how many undecided items it sent again; part of the same transaction."""
    change.rerouted = count
    change.save(update_fields=["rerouted"])


def _check_person(by: Person, job: Job, *, old: Level, new: Level) -> None:
    if new != old and role_in(by, job) not in ladder.roles_that_may(old=old, new=new):
        who = _("An admin of this job may do that.")
        if not ladder.is_climb(old=old, new=new):
            who = _("A manager or an admin of this job may do that.")
        raise Refused("not_allowed", who, kind=Kind.FORBIDDEN)


def _known(job: Job) -> dict[str, object]:
    """What was in force when the level was switched."""
    thresholds = job.thresholds
    return {
        "gate": job.gate,
        "model": job.champion.digest if job.champion else None,
        "accept_at": thresholds.accept_at if thresholds else None,
        "reject_at": thresholds.reject_at if thresholds else None,
        "blind_share": job.blind_share,
        "audit_share": job.audit_share,
    }
