"""Model versions and when which of them was live."""

from __future__ import annotations

from django.db import models


class ModelVersion(models.Model):
    """One bundle registered for one job."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="models")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bundle's manifest.")
    core = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what its answers come from; blank: not known of an older row."
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    labels = models.JSONField(help_text="Label codes in the order of the model's outputs.")
    suggested = models.JSONField(default=dict, help_text="Thresholds that the bundle suggests.")
    report = models.JSONField(default=dict, help_text="Hold-out report.")
    taken_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "digest"], name="bundle_once_per_job")]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"


class Release(models.Model):
    """A model version went live in its job."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="releases")
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="releases")
    replaced = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.model} live since {self.at}"
