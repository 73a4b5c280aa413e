"""Requests that one person judges an item, and who was handed them."""

from __future__ import annotations

import uuid

from django.db import models

from inspection.vocabulary import HandOutEnd, Look, ReviewState


class Review(models.Model):
    """A request that one person judges one item. Its id is random and leads nowhere but to this review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="reviews")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="reviews")
    routing = models.ForeignKey("Routing", on_delete=models.PROTECT, related_name="reviews")
    look = models.CharField(max_length=16, choices=Look.choices, default=Look.FIRST)
    probability = models.FloatField(default=1.0, help_text="With which probability this look came to be asked for.")
    note = models.TextField(blank=True, help_text="Why a person asked for it; read by adjudicators alone.")
    known = models.ForeignKey("KnownPart", null=True, on_delete=models.PROTECT, related_name="reviews")
    wears = models.ForeignKey(
        "Item",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The part of the running stream whose serial and lot a known part wears.",
    )
    state = models.CharField(max_length=16, choices=ReviewState.choices, default=ReviewState.OPEN)
    created_at = models.DateTimeField()
    holder = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="held_reviews")
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Retried deliveries and two sweepers at once would otherwise ask for the same look twice.
            models.UniqueConstraint(
                fields=["item", "look"],
                condition=models.Q(state=ReviewState.OPEN) & ~models.Q(look=Look.SEEDED),
                name="one_open_review",
            ),
        ]
        indexes = [
            models.Index(
                fields=["job", "created_at", "id"], condition=models.Q(state=ReviewState.OPEN), name="review_queue"
            ),
            models.Index(fields=["holder"], condition=models.Q(state=ReviewState.OPEN), name="review_held"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class HandOut(models.Model):
    """One person was handed one review: when, what was shown, how it ended."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="hand_outs")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="hand_outs")
    lease = models.UUIDField(unique=True)
    at = models.DateTimeField()
    shown = models.JSONField(null=True, help_text="The hint as it was shown; null when none was.")
    shown_at = models.DateTimeField(null=True)
    committed = models.JSONField(null=True, help_text="The answer given before anything was shown.")
    committed_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=HandOutEnd.choices, default=HandOutEnd.HELD)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="Why it was skipped.")

    class Meta:
        indexes = [
            models.Index(fields=["person", "end"], name="hand_out_of_person"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(end__in=[HandOutEnd.SKIPPED, HandOutEnd.ESCALATED, HandOutEnd.EXPIRED]),
                name="hand_out_lost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review} to {self.person}"
