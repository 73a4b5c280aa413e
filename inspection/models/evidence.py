"""Pairs of AI opinion and human verdict, the stretches they belong to, and the ledger of all that became of them."""

from __future__ import annotations

from typing import Any

from django.db import models

from inspection.vocabulary import Drawn, Level, Role, Settled, Verdict


class Epoch(models.Model):
    """The stretch of a job's work under one fingerprint, one lock of the thresholds and one set of bars.

    What is counted in it is kept here as it stands, so that no look at the evidence has to count it again; the ledger
    says how it came about.
    """

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="epochs")
    fingerprint = models.CharField(max_length=64)
    thresholds = models.ForeignKey("ThresholdSet", null=True, on_delete=models.PROTECT, related_name="+")
    threshold_version = models.PositiveIntegerField(help_text="0 where there are none.")
    bars_version = models.PositiveIntegerField()
    number = models.PositiveIntegerField(help_text="Counts the returns to one fingerprint that came too late.")
    model = models.ForeignKey("ModelVersion", on_delete=models.PROTECT, related_name="epochs")
    label_set_version = models.PositiveIntegerField()
    bars = models.JSONField(help_text="The bars and minimums that count in it.")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="When something last counted in it.")
    counting_since = models.DateTimeField(help_text="A demotion moves it; what was drawn before counts no more.")
    demotions = models.PositiveSmallIntegerField(default=0)
    cool_until = models.DateTimeField(null=True, help_text="No promotion is proposed before.")
    cool_items = models.PositiveIntegerField(default=0, help_text="Blind items still to come before one is.")
    proven = models.CharField(max_length=16, choices=Level.choices, default=Level.SHADOW, help_text="And signed.")
    tallies = models.JSONField(default=dict, help_text="Counter to what has been counted.")
    detectors = models.JSONField(default=dict, help_text="Watch to the state of its detectors.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "fingerprint", "threshold_version", "bars_version", "number"], name="epoch_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.fingerprint[:8]}"


class LotCount(models.Model):
    """What counts of one lot or slot in an epoch: the first three of each counter's own denominator, in draw order.

    `lot_or_slot` is the one spelling under which it counts (`counting.lot_key`); `entries` hold beside the counters how
    it was spelt, under `SPELT`. Rows of before are called as the lot was.
    """

    SPELT = "spelt"

    epoch = models.ForeignKey(Epoch, on_delete=models.CASCADE, related_name="lots")
    lot_or_slot = models.CharField(max_length=100)
    entries = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["epoch", "lot_or_slot"], name="lot_count_once")]

    def __str__(self) -> str:
        return f"{self.lot_or_slot} in {self.epoch}"

    @property
    def spelt(self) -> list[str]:
        """All spellings of the lot that came."""
        return list(self.entries.get(self.SPELT, [self.lot_or_slot]))

    @property
    def counted(self) -> dict[str, Any]:
        """Counter to its entries."""
        return {name: found for name, found in self.entries.items() if name != self.SPELT}


class Evidence(models.Model):
    """One pair (AI opinion, human verdict), or a drawn item that was lost without one.

    What counts for a gate is decided when it is counted, not here.
    """

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="evidence")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="evidence")
    prediction = models.ForeignKey("Prediction", on_delete=models.PROTECT, related_name="evidence")
    epoch = models.ForeignKey(Epoch, null=True, on_delete=models.CASCADE, related_name="evidence")
    verdict_given = models.ForeignKey("VerdictGiven", null=True, on_delete=models.PROTECT, related_name="evidence")
    person = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("ModelVersion", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    fingerprint = models.CharField(max_length=64)
    lot_or_slot = models.CharField(max_length=100)
    shift = models.CharField(max_length=100, blank=True, help_text="As the line named it.")
    worked = models.CharField(max_length=16, blank=True, help_text="Shift by the calendar: day and start, local.")
    day = models.DateField(null=True, help_text="In the time zone of the job.")
    opinion = models.CharField(max_length=8, choices=Verdict.choices)
    score = models.FloatField(null=True, help_text="Null: the AI gave no answer, which counts as UNSURE.")
    drawn = models.CharField(max_length=16, choices=Drawn.choices)
    probability = models.FloatField(help_text="Inclusion probability of the draw.")
    drawn_at = models.DateTimeField()
    draw = models.BigIntegerField(default=0, help_text="Place in the order of the draws: the key of the routing.")
    hint_shown = models.BooleanField(help_text="The person knew the AI's opinion when answering.")
    verdict = models.CharField(
        max_length=8, choices=Verdict.choices, blank=True, help_text="Unaided, where there is one."
    )
    final_verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    reference = models.CharField(max_length=8, choices=Verdict.choices, blank=True, help_text="Blank: none yet.")
    reference_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=16, choices=Settled.choices, blank=True)
    labels = models.JSONField(default=list, help_text="Of the reference.")
    watched = models.BooleanField(default=False, help_text="The detectors have taken it in.")
    late = models.BooleanField(
        default=False, help_text="No answer came in time; the row tells only of the share that the AI passes."
    )
    repeated = models.BooleanField(default=False, help_text="The picture had come before; the row proves nothing.")
    undone = models.BooleanField(default=False, help_text="The verdict was taken back; the row counts for nothing.")
    at = models.DateTimeField(help_text="Server time of the verdict.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verdict_given", "prediction"], name="one_evidence_per_pair"),
        ]
        indexes = [
            models.Index(fields=["job", "at"], name="evidence_of_job"),
            models.Index(fields=["epoch", "lot_or_slot", "draw"], name="evidence_of_lot"),
            models.Index(
                fields=["prediction"],
                condition=models.Q(verdict_given__isnull=True, undone=False),
                name="evidence_lost",
            ),
            models.Index(fields=["epoch"], condition=models.Q(repeated=True), name="evidence_repeated"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: AI {self.opinion}, person {self.verdict} ({self.drawn})"


class LedgerEntry(models.Model):
    """One change of what is known of a piece of evidence, in the order in which it was counted; never changed again.

    Replayed from the first entry, the rules come to the same counts, detectors and demotions.
    """

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="ledger")
    epoch = models.ForeignKey(Epoch, on_delete=models.CASCADE, related_name="ledger")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="ledger")
    level = models.CharField(max_length=16, choices=Level.choices, help_text="Of the job when it was counted.")
    reference = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    labels = models.JSONField(default=list)
    left_out = models.BooleanField(default=False, help_text="Taken back, or judged with the AI in view.")
    in_force = models.BooleanField(default=True, help_text="Of what was in force then, and so watched.")
    counts = models.JSONField(null=True, help_text="Counter to [errors, items] after it; null where none changed.")
    alarms = models.JSONField(default=list, help_text="What it set off.")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["epoch", "id"], name="ledger_of_epoch"),
            models.Index(fields=["epoch", "id"], condition=models.Q(counts__isnull=False), name="ledger_path"),
            models.Index(fields=["job", "id"], name="ledger_of_job"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.reference or 'open'}"
