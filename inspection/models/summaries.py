"""Counts of evidence and decisions by day, so that a report costs the same however much there is to count.

Nothing here is the truth: every row can be counted again from evidence and decisions, and the sweeper does so in the
order in which the ledger and the decisions came. What it has not reached yet a report counts for itself.
"""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import DecidedBy, Drawn, Level, Settled, Verdict


class SummaryMark(models.Model):
    """How far the counts of a job have come."""

    job = models.OneToOneField("Job", primary_key=True, on_delete=models.CASCADE, related_name="summary_mark")
    ledger = models.BigIntegerField(default=0, help_text="Key of the last ledger entry that is counted.")
    decision = models.BigIntegerField(default=0, help_text="Key of the last decision that is counted.")
    verdict = models.BigIntegerField(default=0, help_text="Key of the last verdict that is counted.")

    def __str__(self) -> str:
        return f"{self.job}: {self.ledger}"


class EvidenceCell(models.Model):
    """How much evidence of a job is alike in everything that a report tells apart."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="Digest of the columns below: finds a cell in one look-up.")
    day = models.DateField(help_text="As the evidence has it.")
    model = models.ForeignKey("ModelVersion", on_delete=models.CASCADE, related_name="+")
    drawn = models.CharField(max_length=16, choices=Drawn.choices)
    hint_shown = models.BooleanField()
    probability = models.FloatField(help_text="Inclusion probability of the draw.")
    person = models.ForeignKey("Person", null=True, on_delete=models.CASCADE, related_name="+")
    station = models.CharField(max_length=100, blank=True)
    shift = models.CharField(max_length=100, blank=True)
    opinion = models.CharField(max_length=8, choices=Verdict.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, help_text="Unaided; blank: lost.")
    final_verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    reference = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    settled_by = models.CharField(max_length=16, choices=Settled.choices, blank=True)
    labels = models.TextField(blank=True, help_text="Of the reference, codes in order, one space between.")
    blamed = models.TextField(blank=True, help_text="Labels for which the AI rejects, in the same form.")
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="evidence_cell_once")]
        indexes = [models.Index(fields=["job", "day"], name="evidence_cell_of_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.n}"


class LotCell(models.Model):
    """How much of a cell is of one lot or slot."""

    cell = models.ForeignKey(EvidenceCell, on_delete=models.CASCADE, related_name="lots")
    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="That of the cell.")
    lot_or_slot = models.CharField(max_length=100)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "lot_or_slot"], name="lot_cell_once")]
        indexes = [
            models.Index(fields=["job", "day", "id"], name="lot_cell_newest"),
            models.Index(fields=["job", "lot_or_slot", "day"], name="lot_cell_of_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_or_slot}: {self.n}"


class EvidencePlace(models.Model):
    """In which cell a piece of evidence was counted, so that it is taken out of that one when it changes."""

    evidence = models.OneToOneField("Evidence", primary_key=True, on_delete=models.CASCADE, related_name="place")
    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="+")
    lot = models.ForeignKey(
        LotCell, null=True, on_delete=models.CASCADE, related_name="placed", help_text="Null: in none."
    )
    rank = models.FloatField(null=True, help_text="How bad the difference is, for those that differ: worst highest.")

    class Meta:
        indexes = [
            models.Index(
                fields=["job", "-rank", "-evidence"],
                condition=models.Q(rank__isnull=False),
                name="evidence_worst",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} in {self.lot_id}"


class DecisionCell(models.Model):
    """How many verdicts in force are alike; one that was superseded is taken out again."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    day = models.DateField()
    station = models.CharField(max_length=100, blank=True)
    shift = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=16, choices=Level.choices)
    by = models.CharField(max_length=16, choices=DecidedBy.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = models.TextField(blank=True)
    first_pass = models.BooleanField(help_text="The part came for the first time.")
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="decision_cell_once")]
        indexes = [models.Index(fields=["job", "day"], name="decision_cell_of_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.n}"


class PairCell(models.Model):
    """How often two people, each alone with a part that chance had picked, said these two things of it."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    day = models.DateField()
    first = models.CharField(max_length=8, choices=Verdict.choices)
    second = models.CharField(max_length=8, choices=Verdict.choices)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="pair_cell_once")]
        indexes = [models.Index(fields=["job", "day"], name="pair_cell_of_day")]

    def __str__(self) -> str:
        return f"{self.first}, {self.second}: {self.n}"
