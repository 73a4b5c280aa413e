"""What went wrong, in the words of whoever saw it."""

from __future__ import annotations

from django.db import models


class Incident(models.Model):
    """Something that a person reports: what happened, on which part, and what was done about it."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="incidents")
    item = models.ForeignKey("Item", null=True, on_delete=models.PROTECT, related_name="incidents")
    words = models.TextField()
    client_key = models.CharField(max_length=200)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True, help_text="What was found and done.")
    defects = models.JSONField(default=list, help_text="Codes of the defects that were confirmed on the part.")
    closed_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "client_key"], name="incident_once")]
        indexes = [models.Index(fields=["job", "-at"], name="incident_newest")]

    def __str__(self) -> str:
        return f"{self.job}: {self.words[:60]}"
