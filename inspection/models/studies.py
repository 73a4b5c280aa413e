"""Attribute agreement studies: which parts, who judges them how often, and what everybody said.

Tables of their own, beside reviews: a reading in a study decides nothing, is no evidence and counts in no figure of the
production. As reviews of a further look each of a dozen queries would have to leave them out, and the first one to
forget it would spoil a figure without a sound.
"""

from __future__ import annotations

import secrets
import uuid

from django.db import models

from inspection.vocabulary import StandardBy, StudyState, Verdict


def new_salt() -> str:
    return secrets.token_hex(16)


class Study(models.Model):
    """One attribute agreement study of a job. Its parts and appraisers are set when it is made."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="studies")
    name = models.CharField(max_length=200)
    trials = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=StudyState.choices, default=StudyState.DRAFT)
    seed = models.CharField(max_length=64, blank=True, help_text="Of the draw of its parts; blank: picked by hand.")
    salt = models.CharField(max_length=64, default=new_salt, help_text="Of the order in which parts are shown.")
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    rung_at = models.DateTimeField(null=True, help_text="When the workers were last told of readings of the AI.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Why it was cancelled, or closed with readings missing.")
    lower_limit = models.FloatField(null=True, help_text="Of the measured values; null: no limit on this side.")
    upper_limit = models.FloatField(null=True)
    unit = models.CharField(max_length=20, blank=True, help_text="Of limits and values; as it is written behind them.")
    measured_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    measured_at = models.DateTimeField(null=True, help_text="When limits and values were given.")

    class Meta:
        indexes = [models.Index(fields=["job", "-at", "-id"], name="study_newest")]

    def __str__(self) -> str:
        return self.name


class StudyPart(models.Model):
    """A part of a study with its standard verdict, frozen when the study was made."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(help_text="In reports. Nobody who judges sees it.")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="in_studies")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, help_text="The standard: OK or NG.")
    labels = models.JSONField(default=list)
    standard_by = models.CharField(max_length=16, choices=StandardBy.choices)
    vouched_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField(null=True, help_text="As it was measured on the part; null: not measured.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "item"], name="study_part_once"),
            models.UniqueConstraint(fields=["study", "number"], name="study_part_number_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.study}"


class StudyAppraiser(models.Model):
    """Who judges the parts of a study: a person, or one model version."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="appraisers")
    person = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="in_studies")
    model = models.ForeignKey("ModelVersion", null=True, on_delete=models.PROTECT, related_name="in_studies")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "person"], name="appraiser_once"),
            models.UniqueConstraint(fields=["study"], condition=models.Q(person=None), name="one_model_per_study"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(model__isnull=True), name="person_or_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.model} in {self.study}"


class StudyTurn(models.Model):
    """One appraiser looks at one part in one trial. Its id is random and leads nowhere but to this turn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    appraiser = models.ForeignKey(StudyAppraiser, on_delete=models.CASCADE, related_name="turns")
    part = models.ForeignKey(StudyPart, on_delete=models.CASCADE, related_name="turns")
    trial = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(help_text="In the order of its trial: the one number that is shown.")
    lease = models.UUIDField(default=uuid.uuid4, help_text="A new one when the reading is taken back.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker set out to ask the AI.")
    claim = models.UUIDField(null=True, help_text="Of the worker that asks the AI.")
    claimed_until = models.DateTimeField(null=True, help_text="From then on another worker may ask.")

    class Meta:
        ordering = ["trial", "place"]
        constraints = [
            models.UniqueConstraint(fields=["appraiser", "part", "trial"], name="one_turn_per_trial"),
            models.UniqueConstraint(fields=["appraiser", "trial", "place"], name="one_turn_per_place"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StudyReading(models.Model):
    """What an appraiser said in one turn; never a verdict of the production. One that is taken back stays as a row."""

    turn = models.ForeignKey(StudyTurn, on_delete=models.CASCADE, related_name="readings")
    appraiser = models.ForeignKey(StudyAppraiser, on_delete=models.CASCADE, related_name="readings")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = models.JSONField(default=list)
    regions = models.JSONField(default=list, help_text="0 to 1 of the upright picture.")
    note = models.TextField(blank=True)
    score = models.FloatField(null=True, help_text="Of the AI.")
    fault = models.TextField(blank=True, help_text="Why the AI gave no score; it then counts as UNSURE.")
    seconds = models.FloatField(null=True, help_text="As the browser measured it.")
    client_key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, help_text="When the person took it back; it counts for nothing since.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraiser", "client_key"], name="study_client_key_once"),
            models.UniqueConstraint(
                fields=["turn"], condition=models.Q(undone_at__isnull=True), name="one_reading_per_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} at {self.turn_id}"
