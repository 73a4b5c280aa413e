"""Signs of life, faults, and who has seen what."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a part of the system last showed that it works."""

    part = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.part} at {self.at}"


class ModelFault(models.Model):
    """A model version could not be loaded or failed at work."""

    model = models.ForeignKey("ModelVersion", on_delete=models.CASCADE, related_name="faults")
    code = models.CharField(max_length=64)
    detail = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["model", "-at"], name="model_fault_newest")]

    def __str__(self) -> str:
        return f"{self.model}: {self.code}"


class Exposure(models.Model):
    """A person has seen what the AI said of an item, and is no blind judge of it any more.

    Seen of the item itself, the person is asked last; seen of a twin, the person is asked like anybody, and the
    answer is no evidence all the same.
    """

    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="exposures")
    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="+")
    by_twin = models.BooleanField(default=False, help_text="Saw it of the same picture under another serial.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="exposed_once")]

    def __str__(self) -> str:
        return f"{self.person} saw {self.item}"
