"""Pairs of AI opinion and human verdict, with how they were drawn."""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import Drawn, Role, Settled, Verdict


class Evidence(models.Model):
    """One pair (AI opinion, human verdict). What counts for a gate is decided when it is counted, not here."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="evidence")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="evidence")
    prediction = models.ForeignKey("Prediction", on_delete=models.PROTECT, related_name="evidence")
    verdict_given = models.ForeignKey("VerdictGiven", on_delete=models.PROTECT, related_name="evidence")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("ModelVersion", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    fingerprint = models.CharField(max_length=64)
    lot_or_slot = models.CharField(max_length=100)
    shift = models.CharField(max_length=100, blank=True)
    opinion = models.CharField(max_length=8, choices=Verdict.choices)
    score = models.FloatField()
    drawn = models.CharField(max_length=16, choices=Drawn.choices)
    probability = models.FloatField(help_text="Inclusion probability of the draw.")
    drawn_at = models.DateTimeField()
    hint_shown = models.BooleanField(help_text="The person knew the AI's opinion when answering.")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, help_text="Unaided, where there is one.")
    final_verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reference = models.CharField(max_length=8, choices=Verdict.choices, blank=True, help_text="Blank: none yet.")
    reference_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=16, choices=Settled.choices, blank=True)
    undone = models.BooleanField(default=False, help_text="The verdict was taken back; the row counts for nothing.")
    at = models.DateTimeField(help_text="Server time of the verdict.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verdict_given", "prediction"], name="one_evidence_per_pair"),
        ]
        indexes = [models.Index(fields=["job", "at"], name="evidence_of_job")]

    def __str__(self) -> str:
        return f"{self.item}: AI {self.opinion}, person {self.verdict} ({self.drawn})"
