"""Jobs, their labels and their thresholds."""

from __future__ import annotations

import secrets

from django.db import models

from inspection.policy import routing
from inspection.policy.sampling import LEAST_SHARE, Audit
from inspection.vocabulary import Gate, HintMode, Level, Severity

PURPOSES = ("blind", "audit", "risk", "double", "recheck", "seed")


def new_salts() -> dict[str, str]:
    """One random salt for each purpose of chance."""
    return {purpose: secrets.token_hex(16) for purpose in PURPOSES}


def three_shifts() -> list[str]:
    """Early, late and night shift."""
    return ["06:00", "14:00", "22:00"]


class Job(models.Model):
    """One product at one station, with its automation level and policy."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.HUMAN_ONLY)
    gate = models.CharField(max_length=16, choices=Gate.choices, default=Gate.ENFORCED)
    blind_share = models.FloatField(default=0.10)
    audit_share = models.FloatField(default=0.05)
    double_share = models.FloatField(default=0.02)
    recheck_share = models.FloatField(default=0.10)
    seed_share = models.FloatField(default=0.01)
    hold = models.PositiveSmallIntegerField(default=3, help_text="How many parts an inspector holds ahead.")
    hint_mode = models.CharField(max_length=16, choices=HintMode.choices, default=HintMode.COMMIT_FIRST)
    lease_seconds = models.PositiveIntegerField(default=300)
    patience_seconds = models.PositiveIntegerField(default=30)
    time_zone = models.CharField(max_length=64, default="UTC")
    shifts = models.JSONField(default=three_shifts, help_text="When shifts begin, HH:MM in the job's time zone.")
    captured_time = models.BooleanField(
        default=False, help_text="Evidence counts by the time of capture; for replays, on an advisory gate alone."
    )
    bars = models.JSONField(default=dict, help_text="What differs from the bars and minimums by default.")
    bars_version = models.PositiveIntegerField(default=1, help_text="Grows with each bar that was lowered.")
    audit_state = models.JSONField(default=dict, help_text="The audit plan in force and what it goes by.")
    presets = models.JSONField(default=list, help_text="Ways to look at a picture: name, brightness, contrast, invert.")
    animations = models.BooleanField(default=False, help_text="Take an animation and judge its first frame.")
    salts = models.JSONField(default=new_salts)
    label_set_version = models.PositiveIntegerField(default=1)
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    champion = models.ForeignKey("ModelVersion", null=True, on_delete=models.PROTECT, related_name="+")
    demonstration = models.BooleanField(default=False)
    created_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug

    @property
    def shares(self) -> routing.Shares:
        """What is drawn now, also of a job that was saved with less than may be: the audit by its plan in force."""
        return routing.Shares(blind=max(LEAST_SHARE, self.blind_share), audit=self.audit.share(self.audit_share))

    @property
    def audit(self) -> Audit:
        return Audit.from_json(self.audit_state)

    @property
    def routing_salts(self) -> routing.Salts:
        return routing.Salts(blind=self.salts["blind"], audit=self.salts["audit"], risk=self.salts["risk"])

    @property
    def runs_model(self) -> bool:
        return routing.LEVELS[Level(self.level)].runs_model


class Label(models.Model):
    """A defect class of one job's catalogue."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="labels")
    code = models.SlugField(max_length=64)
    name = models.CharField(max_length=200)
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MAJOR)
    critical = models.BooleanField(default=False)
    definition = models.TextField(blank=True, help_text="What counts as this defect, in words of the shop floor.")
    translations = models.JSONField(default=dict, help_text="Language to name and definition.")
    position = models.PositiveIntegerField()
    effective_from = models.DateTimeField(auto_now_add=True)
    effective_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "code"], name="label_code_once_per_job")]

    def __str__(self) -> str:
        return self.code


class ThresholdSet(models.Model):
    """One version of a job's thresholds; never changed, only followed by the next."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="threshold_sets")
    version = models.PositiveIntegerField()
    accept_at = models.FloatField(null=True)
    reject_at = models.FloatField(null=True)
    by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "version"], name="threshold_version_once")]

    def __str__(self) -> str:
        return f"{self.job} thresholds v{self.version}"

    @property
    def rule(self) -> routing.Thresholds:
        return routing.Thresholds(accept_at=self.accept_at, reject_at=self.reject_at)
