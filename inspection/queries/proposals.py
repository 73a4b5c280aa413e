"""Proposals to climb: which one stands, and what has changed since it was made."""

from __future__ import annotations

from datetime import datetime

from inspection.models import Job, LevelChange, Proposal
from inspection.policy import ladder
from inspection.queries import epochs
from inspection.sentences import Sentence
from inspection.vocabulary import Level, Proof, ProposalState

STANDING = (ProposalState.OPEN, ProposalState.SIGNED)


def standing(job: Job) -> Proposal | None:
    """The proposal of a job that waits for signatures or for the switch."""
    found = Proposal.objects.filter(job=job, state__in=STANDING).select_related("epoch__model")
    return found.prefetch_related("signatures__person").first()


def signed(job: Job, *, new: Level) -> Proposal | None:
    """The proposal that has all its signatures, if it is for this level."""
    found = Proposal.objects.filter(job=job, state=ProposalState.SIGNED, old=job.level, new=new)
    return found.select_related("epoch__model").first()


def signatures_missing(proposal: Proposal) -> int:
    return max(0, ladder.signatures(Level(proposal.new)) - proposal.signatures.count())


def what_changed(proposal: Proposal, *, job: Job, now: datetime) -> list[str]:
    """Why a proposal does not stand any more, as sentences; nothing where it does."""
    if job.level != proposal.old:
        return [Sentence("The job stands on {level} now.", level=Level(job.level).label)]
    epoch = proposal.epoch
    if not epochs.is_in_force(epoch, job):
        return [Sentence("Model, thresholds, labels or bars are others now; their evidence is a new one.")]
    # By the ledger, not by the clock: a job that counts by the time of capture proposes in its own past.
    if LevelChange.objects.filter(job=job, ledger__gte=proposal.ledger).exists():
        return [Sentence("The level has been changed since, and counting has begun anew.")]
    found = epochs.ready(job, epoch, to=Level(proposal.new), now=now)
    return [finding.sentence for finding in found.findings if finding.proof != Proof.PROVEN]
