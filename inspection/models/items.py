"""Pictures and items."""

from __future__ import annotations

import uuid

from django.db import models

from inspection.sentences import told
from inspection.vocabulary import Level, Source, State


class Picture(models.Model):
    """Stored bytes of one picture, named by their digest, with what was measured on it."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, help_text="Name in the picture store.")
    format = models.CharField(max_length=8)
    size = models.PositiveIntegerField(help_text="Bytes stored.")
    width = models.PositiveIntegerField(help_text="Pixels of the upright picture.")
    height = models.PositiveIntegerField(help_text="Pixels of the upright picture.")
    facts = models.JSONField(help_text="Brightness, contrast, sharpness, clipped share.")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:12]


class Item(models.Model):
    """One pass of one part through one job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="items")
    serial = models.CharField(max_length=200)
    pass_number = models.PositiveIntegerField(default=1)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="items")
    received_digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes as they came.")
    idempotency_key = models.CharField(max_length=200, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="duplicates")
    lot = models.CharField(max_length=100, blank=True)
    station = models.CharField(max_length=100, blank=True)
    shift = models.CharField(max_length=100, blank=True)
    captured_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    metadata = models.JSONField(default=dict)
    source = models.CharField(max_length=16, choices=Source.choices)
    received_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    level = models.CharField(max_length=16, choices=Level.choices, help_text="At intake, then as routed.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often the AI has begun on it.")
    claim = models.UUIDField(null=True, help_text="Token of the worker that has it.")
    claimed_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True, help_text="When the bell last rang for it.")
    decision = models.ForeignKey("Decision", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "serial", "pass_number"], name="one_item_per_pass"),
            models.UniqueConstraint(
                fields=["job", "idempotency_key"], condition=~models.Q(idempotency_key=""), name="idempotency_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "-received_at", "-id"], name="item_newest"),
            # In the order of lists: left to sort by itself SQLite walked through a million parts to the oldest lot.
            models.Index(fields=["job", "lot", "-received_at", "-id"], name="item_lot_newest"),
            models.Index(fields=["job", "picture"], name="item_picture"),
            models.Index(
                fields=["state", "received_at"],
                condition=models.Q(state__in=[State.RECEIVED, State.PREDICTING, State.IN_REVIEW]),
                name="item_under_way",
            ),
            models.Index(fields=["job", "state", "-received_at", "-id"], name="item_state_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} pass {self.pass_number}"


class Refusal(models.Model):
    """Something that was not taken in, and why. Refused input is a measure too."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="refusals")
    code = models.CharField(max_length=64)
    detail = models.TextField()
    said = models.JSONField(null=True, help_text="The same as a sentence of any language; null: the text is all.")
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    received_digest = models.CharField(max_length=64, blank=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="refusals")
    source = models.CharField(max_length=16, choices=Source.choices)
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["job", "-at"], name="refusal_newest")]

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"

    @property
    def words(self) -> str:
        """Why, as `spoken` takes it."""
        return told(self.detail, self.said)
