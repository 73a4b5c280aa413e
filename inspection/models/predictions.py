"""What models said of items, and where items were sent because of it."""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, Reason, Role, Verdict


class Prediction(models.Model):
    """What one model version said of one item in one role. Without a score it says which fault kept it from one."""

    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="predictions")
    model = models.ForeignKey("ModelVersion", on_delete=models.PROTECT, related_name="predictions")
    role = models.CharField(max_length=16, choices=Role.choices)
    score = models.FloatField(null=True, help_text="Probability, 0 to 1, that the part is NG.")
    opinion = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    labels = models.JSONField(default=dict, help_text="Label code to probability.")
    heatmap = models.JSONField(null=True, help_text="Rows of 0 to 1 on the one scale of the model version.")
    nearest = models.JSONField(default=list)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, help_text="Of the fault.")
    fault = models.TextField(blank=True)
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    steps_ms = models.JSONField(default=dict, help_text="Milliseconds a step.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "model", "role"], name="one_prediction_per_role"),
            models.CheckConstraint(condition=models.Q(score__isnull=True) ^ models.Q(fault=""), name="score_or_fault"),
        ]
        indexes = [models.Index(fields=["model", "-at"], name="prediction_newest")]

    def __str__(self) -> str:
        return f"{self.model} on {self.item}: {self.opinion or self.fault}"


class Routing(models.Model):
    """Where an item was sent, under which level and thresholds, and why. A new row when it is sent again."""

    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="routings")
    level = models.CharField(max_length=16, choices=Level.choices)
    level_change = models.ForeignKey("LevelChange", null=True, on_delete=models.PROTECT, related_name="+")
    prediction = models.ForeignKey(Prediction, null=True, on_delete=models.PROTECT, related_name="+")
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=16, choices=DecidedBy.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    drawn = models.CharField(max_length=16, choices=Drawn.choices, blank=True)
    probability = models.FloatField()
    hint = models.CharField(max_length=16, choices=HintMode.choices)
    commit_first = models.BooleanField()
    audited = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item} to {self.by}: {self.reason}"
