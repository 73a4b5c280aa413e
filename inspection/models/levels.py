"""Every change of a job's level, and the proposals to climb."""

from __future__ import annotations

from typing import Any

from django.db import models

from inspection.sentences import Moment, Quoted, Sentence, told
from inspection.vocabulary import Cause, Gate, Level, ProposalState


class LevelChange(models.Model):
    """A job went from one level to another."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="level_changes")
    old = models.CharField(max_length=16, choices=Level.choices, blank=True, help_text="Blank: the job was created.")
    new = models.CharField(max_length=16, choices=Level.choices)
    reason = models.TextField(help_text="In English where a rule gave it.")
    said = models.JSONField(null=True, help_text="The reason as a sentence of any language; null: the text is all.")
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    gate = models.CharField(max_length=16, choices=Gate.choices)
    evidence = models.JSONField(default=dict, help_text="What was known when it was switched, frozen.")
    cause = models.CharField(max_length=16, choices=Cause.choices, default=Cause.PERSON)
    proposal = models.ForeignKey("Proposal", null=True, on_delete=models.PROTECT, related_name="+")
    epoch = models.ForeignKey("Epoch", null=True, on_delete=models.PROTECT, related_name="+")
    ledger = models.BigIntegerField(default=0, help_text="Key of the last ledger entry that was counted before it.")
    counted_at = models.DateTimeField(null=True, help_text="When it counts; null: at `at`.")
    rerouted = models.PositiveIntegerField(default=0, help_text="Undecided items that were sent again.")
    item = models.ForeignKey(
        "Item",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The part whose critical defect came to light outside the count; null: the ledger entry names it.",
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["job", "-at"], name="level_change_newest")]

    def __str__(self) -> str:
        return f"{self.job}: {self.old or 'new'} to {self.new}"

    @property
    def words(self) -> str:
        """The reason, as `spoken` takes it."""
        by_a_person = self.cause == Cause.PERSON and self.old
        return Quoted(self.reason) if by_a_person else told(self.reason, self.said)

    @property
    def note(self) -> str:
        """What else is to be known of it; else nothing."""
        if not self.evidence.get("switched_by_signer"):
            return ""
        return Sentence("Signed and switched by the same person: the job had no other admin.")

    @property
    def words_of_a_rule(self) -> str:
        """The same where no person gave it, for places that have no room for more; else nothing."""
        return "" if self.cause == Cause.PERSON else self.words


class Proposal(models.Model):
    """The system's proposal that a job may climb one level, with the evidence as it stood when it was proven."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="proposals")
    epoch = models.ForeignKey("Epoch", on_delete=models.PROTECT, related_name="proposals")
    old = models.CharField(max_length=16, choices=Level.choices)
    new = models.CharField(max_length=16, choices=Level.choices)
    state = models.CharField(max_length=16, choices=ProposalState.choices, default=ProposalState.OPEN)
    evidence = models.JSONField(help_text="Criteria with their counts, frozen.")
    ledger = models.BigIntegerField(help_text="Key of the ledger entry that completed the proof.")
    after_change = models.BigIntegerField(
        null=True, help_text="Key of the last change of the level before it; null: not known of an older row."
    )
    why = models.TextField(blank=True, help_text="Why it was refused or overtaken.")
    said = models.JSONField(null=True, help_text="The same as a sentence of any language; null: the text is all.")
    closed_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_ledger = models.BigIntegerField(null=True, help_text="Key of the last ledger entry before it was closed.")
    closed_counted_at = models.DateTimeField(null=True, help_text="When its end counts; null: at `closed_at`.")
    closed_parts = models.PositiveIntegerField(null=True, help_text="How many parts counted for it when it was closed.")
    asked_by = models.ForeignKey(
        "Person",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who asked for it after a refusal; null: the evidence brought it.",
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(state__in=[ProposalState.OPEN, ProposalState.SIGNED]),
                name="one_proposal_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["job", "-at"], name="proposal_newest")]

    def __str__(self) -> str:
        return f"{self.job} to {self.new}: {self.state}"

    @property
    def words(self) -> str:
        """Why it was closed, as `spoken` takes it."""
        return Quoted(self.why) if self.state == ProposalState.REFUSED else told(self.why, self.said)


class Signature(models.Model):
    """One person has signed a proposal, having entered the password again."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.person} on {self.proposal}"


class BarsChange(models.Model):
    """The bars of a job were changed, with the reason on record. A lower bar begins a new epoch."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="bars_changes")
    old = models.JSONField()
    new = models.JSONField()
    version = models.PositiveIntegerField(help_text="Of the bars after it.")
    reason = models.TextField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job}: bars version {self.version}"


class CalendarChange(models.Model):
    """The clock by which a job counts days and shifts was changed: what counts from then on counts by another one."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="calendar_changes")
    old = models.JSONField(help_text="Time zone, shifts, and whether captured time counts.")
    new = models.JSONField()
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    ledger = models.BigIntegerField(default=0, help_text="Key of the last ledger entry that counted by the old one.")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job}: {', '.join(self.new['shifts'])} {self.new['time_zone']}"

    @property
    def words(self) -> Sentence:
        """What was changed, for whoever signs what was counted meanwhile."""
        return Sentence(
            "{moment}: {who} changed the calendar from {old} to {new}.",
            moment=Moment(self.at, self.job.time_zone),
            who=Quoted(self.by.shown_name),
            old=Quoted(_calendar(self.old)),
            new=Quoted(_calendar(self.new)),
        )


def _calendar(kept: dict[str, Any]) -> str:
    return f"{' '.join(kept['shifts'])} {kept['time_zone']}".strip()
