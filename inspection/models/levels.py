"""Every change of a job's level."""

from __future__ import annotations

from django.db import models

from inspection.vocabulary import Gate, Level


class LevelChange(models.Model):
    """A job went from one level to another."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="level_changes")
    old = models.CharField(max_length=16, choices=Level.choices, blank=True, help_text="Blank: the job was created.")
    new = models.CharField(max_length=16, choices=Level.choices)
    reason = models.TextField()
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    gate = models.CharField(max_length=16, choices=Gate.choices)
    evidence = models.JSONField(default=dict, help_text="What was known when it was switched, frozen.")
    rerouted = models.PositiveIntegerField(default=0, help_text="Undecided items that were sent again.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["job", "-at"], name="level_change_newest")]

    def __str__(self) -> str:
        return f"{self.job}: {self.old or 'new'} to {self.new}"
