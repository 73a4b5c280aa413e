"""What people said of items, and the verdicts in force."""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import DecidedBy, Level, Verdict


class VerdictGiven(models.Model):
    """What one person said of one item in one review, with exactly what the person had been shown."""

    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="verdicts")
    review = models.ForeignKey("Review", on_delete=models.PROTECT, related_name="verdicts")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = models.JSONField(default=list)
    regions = models.JSONField(default=list, help_text="0 to 1 of the upright picture.")
    note = models.TextField(blank=True)
    seconds = models.FloatField(null=True, help_text="As the browser measured it.")
    first = models.JSONField(null=True, help_text="The answer before the AI was shown, where one was asked for.")
    shown = models.JSONField(null=True, help_text="The hint as it was shown before this verdict.")
    client_key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    late = models.BooleanField(default=False, help_text="Came when somebody else had the review; decides nothing.")
    undone_at = models.DateTimeField(null=True, help_text="When the person took it back; it decides nothing since.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "client_key"], name="client_key_once"),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(late=False, undone_at__isnull=True),
                name="one_verdict_per_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.verdict} on {self.item}"


class Decision(models.Model):
    """The verdict in force for an item until another row names this one as superseded."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = models.JSONField(default=list)
    by = models.CharField(max_length=16, choices=DecidedBy.choices)
    person = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    verdict_given = models.ForeignKey(VerdictGiven, null=True, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("ModelVersion", null=True, on_delete=models.PROTECT, related_name="+")
    routing = models.ForeignKey("Routing", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16, choices=Level.choices)
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    undone = models.BooleanField(default=False, help_text="Its verdict was taken back before anybody built on it.")
    code_version = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Double delivery must not decide an item twice; a correction names what it supersedes.
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(supersedes__isnull=True, undone=False),
                name="one_first_decision",
            ),
            models.UniqueConstraint(fields=["supersedes"], condition=models.Q(undone=False), name="superseded_once"),
        ]
        indexes = [models.Index(fields=["job", "at"], name="decision_of_job")]

    def __str__(self) -> str:
        return f"{self.item}: {self.verdict} by {self.by}"
