"""Switch the automation level of a job: a person up or down, the rules down alone."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from inspection.models import Epoch, Item, Job, LevelChange, Person, Proposal
from inspection.permissions import role_in
from inspection.policy import ladder, routing
from inspection.policy.words import reason_flaw
from inspection.queries import epochs, proposals
from inspection.refused import Kind, Refused, conflict, recorded
from inspection.sentences import Quoted, Sentence
from inspection.vocabulary import Cause, Gate, Level, ProposalState


def switch_level(*, job: Job, new: Level, reason: str, by: Person, now: datetime) -> LevelChange:
    """Switch a job's level with a reason; call it inside a transaction, with what the switch does to open items.

    Up, an enforced job goes only by a proposal that is proven, signed and not overtaken. Raises `Refused`:
    `reason_missing`, `bad_reason`, `not_allowed`, `same_level`, `one_step_at_a_time`, `not_proven` (it carries the
    `criteria`), `stale` (with what `changed`), `signature_fallen`, `signed_it_yourself`.
    """
    if flaw := reason_flaw(reason):
        raise Refused(flaw.code, flaw.detail)
    # Locked, so that of two admins who press at once the second one sees what the first one did.
    job = (
        Job.objects.select_for_update(of=("self",), no_key=True).select_related("champion", "thresholds").get(pk=job.pk)
    )
    old = Level(job.level)
    _check_person(by, job, old=old, new=new)
    proposal = _proposal(job, new, by, now) if ladder.is_climb(old=old, new=new) else None
    step = ladder.check_switch(
        old=old,
        new=new,
        gate=Gate(job.gate),
        signed=proposal is not None,
        criteria=_against(job, new, now),
    )
    if not step.allowed:
        raise conflict(step.code, step.detail, criteria=list(step.criteria))
    epoch = proposal.epoch if proposal else epochs.current(job, now)
    if proposal is not None:
        _carry_out(proposal, by=by, now=now)
    change = _change(
        job,
        new,
        now=now,
        reason=reason.strip()[:2000],
        by=by,
        proposal=proposal,
        epoch=epoch,
        counted=epoch.last_at if epoch and job.captured_time else None,
    )
    _after_a_climb(job, epoch, proposal, old=old, new=new)
    return change


def step_down(
    *,
    job: Job,
    to: Level,
    cause: Cause,
    reason: str,
    by: Person | None,
    epoch: Epoch | None,
    counted: datetime,
    now: datetime,
    item: Item | None = None,
) -> LevelChange:
    """Lower a job's level by rule, in the transaction of what caused it, with the row of the job locked. A `reason`
    that is a sentence is kept so that it can be said in the language of whoever reads the history. `by` is who
    changed something that led to it, `item` the part that led to it although it does not count."""
    return _change(job, to, now=now, reason=reason, by=by, cause=cause, epoch=epoch, counted=counted, item=item)


def look_closely(job: Job) -> None:
    """Where the AI decides, let much of it be looked at again: the lots that vouched for it were those of another
    model or of other thresholds. Call it with the row of the job locked."""
    if routing.LEVELS[Level(job.level)].ai_decides:
        job.audit_state = job.audit.tightened().as_json()
        job.save(update_fields=["audit_state"])


def note_rerouted(change: LevelChange, *, count: int) -> None:
    """Keep with the change how many undecided items it sent again; part of the same transaction."""
    change.rerouted = count
    change.save(update_fields=["rerouted"])


def _change(
    job: Job,
    new: Level,
    *,
    now: datetime,
    reason: str,
    by: Person | None = None,
    cause: Cause = Cause.PERSON,
    proposal: Proposal | None = None,
    epoch: Epoch | None = None,
    counted: datetime | None = None,
    item: Item | None = None,
) -> LevelChange:
    old = job.level
    job.level = new
    job.save(update_fields=["level"])
    overtaken, since = recorded(Sentence("The level has been changed since."))
    standing = Proposal.objects.filter(job=job, state__in=proposals.STANDING)
    standing.update(state=ProposalState.STALE, why=overtaken, said=since, closed_at=now)
    kept, said = recorded(reason)
    return LevelChange.objects.create(
        job=job,
        old=old,
        new=new,
        reason=kept,
        said=said,
        by=by,
        cause=cause,
        gate=job.gate,
        proposal=proposal,
        epoch=epoch,
        ledger=epochs.ledger_of(job),
        at=now,
        counted_at=counted,
        item=item,
        evidence={**_known(job, epoch), **_alone(proposal, by, job)},
    )


def _proposal(job: Job, new: Level, by: Person, now: datetime) -> Proposal | None:
    """The signed proposal for this climb. Raises `stale` where it was overtaken; an advisory job climbs without."""
    found = proposals.signed(job, new=new)
    if found is not None and (changed := proposals.what_changed(found, job=job, now=now)):
        if job.gate == Gate.ADVISORY:
            return None
        raise conflict("stale", Sentence("The proposal has been overtaken; nothing was switched."), changed=changed)
    if found is not None and job.gate == Gate.ENFORCED:
        _check_hands(found, by)
    return found


def _check_hands(proposal: Proposal, by: Person) -> None:
    """That those who signed may still sign, and that the switch is another person's wherever there is one."""
    if proposals.signatures_missing(proposal):
        who = ", ".join(row.person.shown_name for row in proposals.fallen(proposal))
        said = Sentence(
            "Who signed may not sign in this job any more ({who}): somebody else has to sign before the switch.",
            who=Quoted(who),
        )
        raise conflict("signature_fallen", said)
    if _signed_by(proposal, by) and proposals.others_who_switch(proposal):
        said = Sentence("You have signed this proposal: another admin of the job switches the level.")
        raise Refused("signed_it_yourself", said, kind=Kind.FORBIDDEN)


def _alone(proposal: Proposal | None, by: Person | None, job: Job) -> dict[str, bool]:
    """Where one person has signed and switched, since there was nobody else, the history says so."""
    if proposal is None or by is None or job.gate != Gate.ENFORCED or not _signed_by(proposal, by):
        return {}
    return {"switched_by_signer": True}


def _signed_by(proposal: Proposal, by: Person) -> bool:
    return proposal.signatures.filter(person=by).exists()


def _against(job: Job, new: Level, now: datetime) -> tuple[str, ...] | None:
    """What stands against a climb in the job's own figures; None where nothing has been counted."""
    epoch = epochs.current(job, now)
    if epoch is None or not ladder.needs_proof(new):
        return None
    return tuple(finding.sentence for finding in epochs.ready(job, epoch, to=new, now=now).findings)


def _carry_out(proposal: Proposal, *, by: Person, now: datetime) -> None:
    proposal.state, proposal.closed_by, proposal.closed_at = ProposalState.SWITCHED, by, now
    proposal.save(update_fields=["state", "closed_by", "closed_at"])


def _after_a_climb(job: Job, epoch: Epoch | None, proposal: Proposal | None, *, old: Level, new: Level) -> None:
    """Where the AI begins to decide, much of it is looked at again; what was proven and signed stays with its epoch."""
    if not ladder.is_climb(old=old, new=new):
        return
    look_closely(job)
    if epoch is not None and proposal is not None:
        Epoch.objects.filter(pk=epoch.pk).update(proven=new)


def _check_person(by: Person, job: Job, *, old: Level, new: Level) -> None:
    if new != old and role_in(by, job) not in ladder.roles_that_may(old=old, new=new):
        who = _("An admin of this job may do that.")
        if not ladder.is_climb(old=old, new=new):
            who = _("A manager or an admin of this job may do that.")
        raise Refused("not_allowed", who, kind=Kind.FORBIDDEN)


def _known(job: Job, epoch: Epoch | None) -> dict[str, object]:
    """What was in force when the level was switched."""
    thresholds = job.thresholds
    return {
        "gate": job.gate,
        "model": job.champion.digest if job.champion else None,
        "accept_at": thresholds.accept_at if thresholds else None,
        "reject_at": thresholds.reject_at if thresholds else None,
        "blind_share": job.blind_share,
        "audit_share": job.audit_share,
        "tallies": epoch.tallies if epoch else {},
        "detectors": epoch.detectors if epoch else {},
    }
