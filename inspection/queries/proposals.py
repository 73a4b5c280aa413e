"""Proposals to climb: which one stands, what has changed since it was made, when a refused one comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from inspection.models import Epoch, Job, LevelChange, Membership, Proposal, Signature
from inspection.policy import ladder
from inspection.policy.asking_again import Refusal, Return, rested_on, waits_for
from inspection.policy.bars import Bars
from inspection.queries import epochs
from inspection.sentences import Sentence, told
from inspection.vocabulary import Level, MemberRole, Proof, ProposalState

STANDING = (ProposalState.OPEN, ProposalState.SIGNED)


def standing(job: Job) -> Proposal | None:
    """The proposal of a job that waits for signatures or for the switch."""
    found = Proposal.objects.filter(job=job, state__in=STANDING).select_related("epoch__model")
    return found.prefetch_related("signatures__person").first()


def signed(job: Job, *, new: Level) -> Proposal | None:
    """The proposal that has all its signatures, if it is for this level."""
    found = Proposal.objects.filter(job=job, state=ProposalState.SIGNED, old=job.level, new=new)
    return found.select_related("epoch__model").first()


def is_signed(job: Job, *, new: Level) -> bool:
    """Whether a climb has a proposal whose signatures all stand."""
    found = signed(job, new=new)
    return found is not None and not signatures_missing(found)


@dataclass(frozen=True)
class ComingBack:
    """A proposal that was refused; `returns` is what it waits for, None where the next counted part may bring it."""

    proposal: Proposal
    returns: Return | None


def coming_back(job: Job, epoch: Epoch, *, to: Level, now: datetime) -> ComingBack | None:
    """The last proposal of a climb in an epoch, where it was refused."""
    last = Proposal.objects.filter(job=job, epoch=epoch, new=to).select_related("closed_by").order_by("-id").first()
    if last is None or last.state != ProposalState.REFUSED or last.closed_parts is None:
        return None
    now = epoch.last_at if job.captured_time else now
    bars, parts = Bars().changed(epoch.bars), parts_counted(epoch, to=to)
    returns = waits_for(_refusal(last), parts=parts, bars=bars, demotions=epoch.demotions, now=now)
    return ComingBack(proposal=last, returns=returns)


def coming_back_of(job: Job, *, now: datetime) -> ComingBack | None:
    """The refused proposal of the next climb under what is in force, while nothing else is proposed."""
    to, epoch = ladder.above(Level(job.level)), epochs.current(job, now)
    if to is None or epoch is None or standing(job) is not None:
        return None
    return coming_back(job, epoch, to=to, now=now)


def parts_counted(epoch: Epoch, *, to: Level) -> int:
    """How many parts of an epoch count for a climb."""
    return rested_on(epochs.tallies_of(epoch), to=to)


def _refusal(row: Proposal) -> Refusal:
    """By what was frozen of it: its epoch has gone on since."""
    assert row.closed_at is not None
    assert row.closed_parts is not None
    return Refusal(
        at=row.closed_counted_at or row.closed_at,
        parts=row.closed_parts,
        bars=Bars().changed(row.evidence["bars"]),
        demotions=row.evidence["demotions"],
    )


def standing_signatures(proposal: Proposal) -> list[tuple[Signature, MemberRole]]:
    """The signatures whose people may still sign it, with their roles now. Somebody who was made a manager to sign, or
    has left the job since, had carried the switch all the same."""
    rows = sorted(proposal.signatures.all(), key=attrgetter("pk"))
    if not rows or proposal.state not in STANDING:
        return [(row, MemberRole.MANAGER) for row in rows]
    members = Membership.objects.filter(job=proposal.job_id, person__is_active=True)
    roles = {person: MemberRole(role) for person, role in members.values_list("person", "role")}
    may = {MemberRole.MANAGER, *([MemberRole.ADMIN] if ladder.signatures(Level(proposal.new)) > 1 else [])}
    return [(row, roles[row.person_id]) for row in rows if roles.get(row.person_id) in may]


def fallen(proposal: Proposal) -> list[Signature]:
    """Signatures that do not stand any more."""
    stand = {row.pk for row, _role in standing_signatures(proposal)}
    return [row for row in proposal.signatures.all() if row.pk not in stand]


def signatures_missing(proposal: Proposal) -> int:
    """How many people have still to sign; one of them at least as a manager."""
    stand = standing_signatures(proposal)
    by_a_manager = any(role == MemberRole.MANAGER for _row, role in stand)
    return max(ladder.signatures(Level(proposal.new)) - len(stand), int(not by_a_manager))


def roles_to_sign(proposal: Proposal) -> frozenset[MemberRole]:
    """Whose signature comes next: a manager's, after it an admin's too where the level asks for two."""
    by_a_manager = any(role == MemberRole.MANAGER for _row, role in standing_signatures(proposal))
    second = by_a_manager and ladder.signatures(Level(proposal.new)) > 1
    return frozenset({MemberRole.MANAGER, *([MemberRole.ADMIN] if second else [])})


def others_who_switch(proposal: Proposal) -> bool:
    """Whether the job has an admin who has not signed it."""
    signers = [row.person_id for row in proposal.signatures.all()]
    admins = Membership.objects.filter(job=proposal.job_id, role=MemberRole.ADMIN, person__is_active=True)
    return admins.exclude(person__in=signers).exists()


def criteria(proposal: Proposal) -> list[str]:
    """What was proven when it was made, as sentences; of an older row their English text."""
    return [told(one["sentence"], one.get("said")) for one in proposal.evidence.get("findings", [])]


def calendar_changes(proposal: Proposal) -> list[str]:
    """How the calendar was changed while its evidence was counted, as sentences."""
    return [told(one["sentence"], one["said"]) for one in proposal.evidence.get("calendar", [])]


def what_changed(proposal: Proposal, *, job: Job, now: datetime) -> list[str]:
    """Why a proposal does not stand any more, as sentences; nothing where it does."""
    if job.level != proposal.old:
        return [Sentence("The job stands on {level} now.", level=Level(job.level).label)]
    epoch = proposal.epoch
    if not epochs.is_in_force(epoch, job):
        return [Sentence("Model, thresholds, labels or bars are others now; their evidence is a new one.")]
    if _switched_since(proposal, job):
        return [Sentence("The level has been changed since, and counting has begun anew.")]
    found = epochs.ready(job, epoch, to=Level(proposal.new), now=now)
    return [finding.sentence for finding in found.findings if finding.proof != Proof.PROVEN]


def _switched_since(proposal: Proposal, job: Job) -> bool:
    """By the keys, not by the clock: a job that counts by the time of capture proposes in its own past."""
    changes = LevelChange.objects.filter(job=job)
    if proposal.after_change is None:
        return changes.filter(ledger__gte=proposal.ledger).exists()
    return changes.filter(pk__gt=proposal.after_change).exists()


def open_criteria(job: Job, *, now: datetime) -> list[str]:
    """What is not proven of the next climb, as sentences; nothing where nothing has been counted or has to be."""
    to, epoch = ladder.above(Level(job.level)), epochs.current(job, now)
    if to is None or epoch is None or not ladder.needs_proof(to):
        return []
    found = epochs.ready(job, epoch, to=to, now=now)
    return [finding.sentence for finding in found.findings if finding.proof != Proof.PROVEN]
