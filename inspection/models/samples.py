"""Pictures that people compare with: golden and limit samples, and known parts that are sent round again."""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import SampleKind, Verdict


class Sample(models.Model):
    """A picture in a job's label book: how a part should look, or where a defect begins to count."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="samples")
    kind = models.CharField(max_length=16, choices=SampleKind.choices)
    label = models.ForeignKey("Label", null=True, on_delete=models.CASCADE, related_name="samples")
    picture = models.ForeignKey("Picture", on_delete=models.PROTECT, related_name="samples")
    words = models.CharField(max_length=500, blank=True, help_text="What to see on it.")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.job}"


class KnownPart(models.Model):
    """A part whose verdict is beyond doubt. It is sent round again under the serial of another part, to measure people.

    Never among production figures.
    """

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="known_parts")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="known_as")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = models.JSONField(default=list)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=models.Q(retired_at__isnull=True), name="known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} is {self.verdict}"
