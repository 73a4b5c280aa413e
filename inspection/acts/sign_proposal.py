"""Sign a proposal to climb, or refuse it: a named person, with a reason, who has entered the password again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from inspection.models import Job, Person, Proposal, Signature
from inspection.permissions import role_in
from inspection.policy.words import reason_flaw
from inspection.queries import epochs, proposals
from inspection.refused import Kind, Refused, conflict, recorded
from inspection.sentences import Sentence, together
from inspection.vocabulary import Level, MemberRole, ProposalState


def sign_proposal(*, proposal: Proposal, by: Person, password: str, reason: str, now: datetime) -> Proposal:
    """Put one's name under a proposal; the last name that it takes makes it ready to be switched.

    The first name is a manager's; a second one, where the level asks for two, a manager's or an admin's. Raises
    `Refused`: `reason_missing`, `bad_reason`, `wrong_password`, `not_allowed`, `already_signed`, `proposal_closed`,
    `stale` (with what `changed`; the proposal is closed then).
    """
    if flaw := reason_flaw(reason):
        raise Refused(flaw.code, flaw.detail)
    check_password(by, password)
    with transaction.atomic():
        job, proposal = _locked(proposal)
        _check_signer(proposal, job, by)
        changed = proposals.what_changed(proposal, job=job, now=now)
        if changed:
            _close(proposal, ProposalState.STALE, why=together(changed), by=None, now=now)
        else:
            Signature.objects.create(proposal=proposal, person=by, reason=reason.strip()[:2000], at=now)
            if not proposals.signatures_missing(proposal):
                proposal.state = ProposalState.SIGNED
                proposal.save(update_fields=["state"])
    if changed:
        raise conflict("stale", Sentence("The proposal has been overtaken; it was not signed."), changed=changed)
    return proposal


def refuse_proposal(*, proposal: Proposal, by: Person, reason: str, now: datetime) -> Proposal:
    """Turn a proposal down; another one comes when there is something new (see `policy.asking_again`).

    Raises `Refused`: `reason_missing`, `bad_reason`, `not_allowed`, `proposal_closed`.
    """
    if flaw := reason_flaw(reason):
        raise Refused(flaw.code, flaw.detail)
    with transaction.atomic():
        job, proposal = _locked(proposal)
        _check_role(job, by, MemberRole.MANAGER, MemberRole.ADMIN)
        _close(proposal, ProposalState.REFUSED, why=reason.strip()[:2000], by=by, now=now)
    return proposal


def check_password(person: Person, password: str) -> None:
    """That whoever sits there is still whoever logged in. Raises `wrong_password`."""
    if not person.check_password(password):
        raise Refused("wrong_password", "That is not your password. Nothing was signed.", kind=Kind.FORBIDDEN)


def _locked(proposal: Proposal) -> tuple[Job, Proposal]:
    """Job before proposal, as the switch locks them. Raises `proposal_closed`."""
    job = Job.objects.select_for_update(no_key=True).get(pk=proposal.job_id)
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("epoch", "job").get(pk=proposal.pk)
    if proposal.state not in proposals.STANDING:
        raise conflict(
            "proposal_closed",
            Sentence("This proposal is closed: {state}.", state=ProposalState(proposal.state).label),
        )
    return job, proposal


def _check_signer(proposal: Proposal, job: Job, by: Person) -> None:
    if proposal.signatures.filter(person=by).exists():
        raise conflict("already_signed", "You have signed this proposal already; it takes somebody else.")
    if not proposals.signatures_missing(proposal):
        raise conflict("already_signed", "This proposal has all its signatures; an admin may switch.")
    _check_role(job, by, *proposals.roles_to_sign(proposal))


def _check_role(job: Job, by: Person, *roles: MemberRole) -> None:
    if role_in(by, job) not in roles:
        raise Refused("not_allowed", "A quality manager of this job signs.", kind=Kind.FORBIDDEN)


def _close(proposal: Proposal, state: ProposalState, *, why: str, by: Person | None, now: datetime) -> None:
    job = proposal.job
    proposal.state, proposal.closed_by, proposal.closed_at = state, by, now
    proposal.why, proposal.said = recorded(why)
    proposal.closed_ledger = epochs.ledger_of(job)
    proposal.closed_parts = proposals.parts_counted(proposal.epoch, to=Level(proposal.new))
    proposal.closed_counted_at = proposal.epoch.last_at if job.captured_time else None
    written = ["state", "why", "said", "closed_by", "closed_at", "closed_ledger", "closed_parts", "closed_counted_at"]
    proposal.save(update_fields=written)
