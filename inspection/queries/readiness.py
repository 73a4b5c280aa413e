"""What a manager reads before a job climbs: the way of the proof so far, the pace, and what else has a say."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from inspection.models import (
    Epoch,
    Evidence,
    Job,
    LedgerEntry,
    LevelChange,
    ModelVersion,
    Person,
    Proposal,
    Release,
    VerdictGiven,
)
from inspection.policy import audit_price, counting, ladder
from inspection.policy.audit_price import Comparison, Price
from inspection.policy.bars import Bars, alpha_after
from inspection.policy.counting import POOLED
from inspection.policy.detectors import Watched
from inspection.policy.evalues import log_e_below
from inspection.policy.promotion import Facts, Finding, Readiness, readiness
from inspection.policy.stepping_down import Pair
from inspection.queries import epochs, lots
from inspection.sentences import Sentence
from inspection.vocabulary import UNBIASED, Gate, Level

POINTS = 300
"""More points than these are closer together than a line is wide."""
LATEST = 2_000
"""So many of the latest entries tell the present pace."""
LOTS = 20
"""So many of the latest lots tell how large a lot usually is."""


@dataclass(frozen=True)
class Point:
    """Where a counter stood: `k` errors in `n`, and the natural logarithm of the e-value they make."""

    n: int
    k: int
    log_e: float
    at: datetime


@dataclass(frozen=True)
class Mark:
    """Something that changed when a counter stood at `n`."""

    n: int
    words: str
    why: str = ""
    """Where a rule changed it."""


@dataclass(frozen=True)
class Stretch:
    """An epoch's ledger since its counting began: the entries that moved a figure, at most `POINTS` of them."""

    began: int
    """Key of the ledger entry after which it counts."""
    entries: tuple[tuple[int, Mapping[str, Sequence[int]], datetime], ...]
    """Key, counter to [errors, items], moment."""

    def path(self, counter: str, bar: float) -> list[Point]:
        """How the proof of one counter went; from (0, 0) on."""
        points: list[Point] = []
        for _, counts, at in self.entries:
            k, n = counts.get(counter, (0, 0))
            if n and not (points and (points[-1].k, points[-1].n) == (k, n)):
                points.append(Point(n=n, k=k, log_e=log_e_below(k, n, bar), at=at))
        return points

    def at(self, counter: str, key: int) -> int:
        """How many items the counter had when the ledger had come to this entry."""
        counts = next((counts for pk, counts, _ in reversed(self.entries) if pk <= key), {})
        return int(counts.get(counter, (0, 0))[1])


def stretch(epoch: Epoch, *, most: int = POINTS) -> Stretch:
    """The entries that moved a figure, thinned out evenly in the database; the newest is always among them."""
    start = epochs.began(epoch)
    moved = LedgerEntry.objects.filter(epoch=epoch, id__gt=start, counts__isnull=False)
    every = math.ceil(moved.count() / most) or 1
    # Counted from the newest on, so that the path ends where the figures stand. Keys alone are looked through, which is
    # what the index holds: with the figures of each entry a long epoch took hundreds of megabytes.
    placed = moved.annotate(odd=(Window(RowNumber(), order_by=F("id").desc()) - 1) % every).filter(odd=0)
    kept = LedgerEntry.objects.filter(pk__in=list(placed.values_list("id", flat=True)))
    rows = kept.order_by("id").values_list("id", "counts", "at")
    return Stretch(began=start, entries=tuple((key, counts or {}, at) for key, counts, at in rows))


def marks(epoch: Epoch, found: Stretch, counter: str) -> list[Mark]:
    """Switches of the level and returns of the model while the epoch counted, in the order in which they came."""
    job = epoch.job
    switched = LevelChange.objects.filter(job=job, ledger__gt=found.began).exclude(old="").order_by("at", "id")
    told = [
        Mark(
            n=found.at(counter, row.ledger),
            words=Sentence("level {level}", level=Level(row.new).label),
            why=row.words_of_a_rule,
        )
        for row in switched
    ]
    if not job.captured_time:
        told += [Mark(n=_until(found, counter, row.at), words=_model(row)) for row in _released(epoch)]
    return sorted((mark for mark in told if mark.n), key=lambda mark: mark.n)


def _released(epoch: Epoch) -> QuerySet[Release]:
    rows = Release.objects.filter(job=epoch.job, at__gt=epoch.counting_since, at__lte=epoch.last_at)
    return rows.select_related("model").order_by("at", "id")


def _model(row: Release) -> Sentence:
    return Sentence("model {digest}", digest=row.model.digest[:8])


def _until(found: Stretch, counter: str, moment: datetime) -> int:
    counts = next((counts for _, counts, at in reversed(found.entries) if at <= moment), {})
    return int(counts.get(counter, (0, 0))[1])


@dataclass(frozen=True)
class Pace:
    """What a worked shift brings at present, by the latest entries of an epoch."""

    shifts: int = 0
    parts: float = 0.0
    """Parts that pass the camera; what was drawn with probability p stands for 1/p of them."""
    counted: Mapping[str, float] = field(default_factory=dict)
    """Counter to items that count in it."""

    def shifts_for(self, counter: str, items: int | None) -> int | None:
        """About how many shifts bring so many more items; None where nobody can tell."""
        pace = self.counted.get(counter, 0.0)
        return math.ceil(items / pace) if items and pace > 0 else None


def pace(epoch: Epoch, *, latest: int = LATEST) -> Pace:
    """The pace of the latest entries since counting began: a job that got faster climbs faster."""
    rows = LedgerEntry.objects.filter(epoch=epoch, id__gt=epochs.began(epoch)).order_by("-id")
    wanted = ("id", "evidence_id", "evidence__worked", "evidence__drawn", "evidence__probability")
    found = list(rows.values_list(*wanted)[:latest])
    shifts = len({worked for _, _, worked, _, _ in found})
    if not shifts:
        return Pace()
    # A part that was settled later has a second entry; it passed the camera once.
    passed = {one: 1 / probability for _, one, _, drawn, probability in found if drawn in POOLED and probability > 0}
    before = rows.filter(id__lt=found[-1][0], counts__isnull=False).values_list("counts", flat=True).first() or {}
    counted = {name: max(0, tally["n"] - before.get(name, (0, 0))[1]) / shifts for name, tally in epoch.tallies.items()}
    return Pace(shifts=shifts, parts=sum(passed.values()) / shifts, counted=counted)


COUNTED_IN = {
    (Level.ASSISTANCE, "items"): counting.AI_ERROR.name,
    (Level.ASSISTANCE, "defects"): counting.MISS.name,
    (Level.PARTIAL, "items"): counting.ESCAPE.name,
}
"""Which counter a minimum waits for."""


@dataclass(frozen=True)
class Look:
    """A job as it stands before its next climb. `ready` is None where nothing has to be proven for it."""

    job: Job
    epoch: Epoch | None
    bars: Bars
    facts: Facts
    ready: Readiness | None
    pace: Pace
    repeats: int = 0
    """Parts whose picture had come before, since counting began."""

    @property
    def tallies(self) -> dict[str, counting.Tally]:
        return epochs.tallies_of(self.epoch) if self.epoch else {}

    def shifts(self, finding: Finding) -> int | None:
        """About how many shifts a criterion still takes at the present pace; None where nobody can tell."""
        to = self.ready.to if self.ready else Level.FULL
        counter = finding.counter or COUNTED_IN.get((to, finding.name), "")
        return self.pace.shifts_for(counter, finding.needed_rate if finding.counter else finding.needed_best)

    @property
    def alpha(self) -> float:
        """The chance of a wrong proof that is allowed now."""
        return alpha_after(self.bars, self.facts.demotions)

    @property
    def ai_share(self) -> float | None:
        """The share of the parts that the AI would pass by itself."""
        tally = self.tallies.get(counting.NOT_ACCEPTED.name, counting.NONE)
        return 1 - tally.k / tally.n if tally.n else None

    def prices(self) -> tuple[Price, ...]:
        tally = self.tallies.get(counting.ESCAPE.name, counting.NONE)
        rate = audit_price.planned_rate(k=tally.k, n=tally.n, bar=self.bars.escape)
        decided = self.pace.parts * self.ai_share if self.pace.shifts and self.ai_share is not None else None
        return audit_price.prices(rate=rate, decided=decided)

    def detectors(self) -> dict[str, Pair]:
        """The detectors of the present level as they stand; fresh ones where the job has just come to it."""
        kept = self.epoch.detectors if self.epoch is not None else {}
        return Watched.from_json(kept).on(Level(self.job.level), tallies=self.tallies, bars=self.bars)


def look(job: Job, *, now: datetime) -> Look:
    """What is known of a job before its next climb."""
    epoch = epochs.current(job, now)
    bars = Bars().changed(epoch.bars) if epoch else epochs.bars_of(job)
    facts = epochs.facts_of(job, epoch, now=now)
    to = ladder.above(Level(job.level))
    tallies = epochs.tallies_of(epoch) if epoch else {}
    ready = readiness(to=to, tallies=tallies, bars=bars, facts=facts) if to and ladder.needs_proof(to) else None
    known = {"pace": pace(epoch), "repeats": repeats(epoch)} if epoch else {"pace": Pace()}
    return Look(job=job, epoch=epoch, bars=bars, facts=facts, ready=ready, **known)


def repeats(epoch: Epoch) -> int:
    """Drawn parts of an epoch that prove nothing, since their picture had come before under another serial or pass."""
    rows = Evidence.objects.filter(epoch=epoch, repeated=True, undone=False, drawn__in=UNBIASED)
    return rows.filter(drawn_at__gte=epoch.counting_since).count()


def lot_sizes(job: Job, *, most: int = LOTS) -> list[int]:
    """Sizes of the latest lots that carry a name, newest first, every pass of a part counted; without the lot of the
    newest part, which may still be running, unless it is the only one."""
    found = lots.newest(job=job, most=most + 1)
    named = [lot.parts for lot in found if lot.name]
    return named[1:] if len(named) > 1 and found[0].name else named


def compared(found: Look) -> Comparison | None:
    """The audit in force beside a sampling plan for the usual lot; None where there is no lot to speak of."""
    job = found.job
    return audit_price.compare(
        sizes=lot_sizes(job),
        bar=found.bars.escape,
        share=job.audit.share(job.audit_share),
        ai_share=1.0 if found.ai_share is None else found.ai_share,
        audited=[not errors for _, errors in job.audit.lots],
    )


def warnings(epoch: Epoch, *, most: int = 5) -> list[LedgerEntry]:
    """The latest entries that set something off, newest first, among the latest of the epoch."""
    rows = LedgerEntry.objects.filter(epoch=epoch).order_by("-id").values_list("id", "alarms")[:LATEST]
    ids = [key for key, alarms in rows if alarms][:most]
    return list(LedgerEntry.objects.filter(pk__in=ids).select_related("evidence__item").order_by("-id"))


def earlier(job: Job, now: Epoch | None, *, most: int = 10) -> list[Epoch]:
    """Other stretches of the job with what was counted in them, newest first; they prove nothing for this one."""
    rows = Epoch.objects.filter(job=job).select_related("model", "thresholds").order_by("-last_at", "-id")
    return list((rows.exclude(pk=now.pk) if now else rows)[:most])


def trainers(epoch: Epoch) -> list[Person]:
    """Whose verdicts count in an epoch although they judged parts of the job before its model came: what they taught
    it, it may only have learnt from them."""
    counted = {person for tally in epoch.tallies.values() for person in tally.get("spread", {}).get("person", {})}
    keys = [int(person) for person in counted if person.isdecimal()]
    before = VerdictGiven.objects.filter(review__job=epoch.job, at__lt=epoch.model.at, person__in=keys)
    return list(Person.objects.filter(pk__in=before.values("person")).order_by("username"))


def would_keep(job: Job, *, model: ModelVersion, new_thresholds: bool, now: datetime) -> Level:
    """The level that a job would keep with this model, or with thresholds that it has not had before: those are
    another lock, under which nothing has been proven."""
    level = Level(job.level)
    if job.gate != Gate.ENFORCED or not ladder.needs_proof(level):
        return level
    if new_thresholds:
        return Level.SHADOW
    found = epochs.latest(
        job,
        fingerprint=epochs.setting_of(job, model, job.thresholds),
        thresholds=job.thresholds_id,
        bars_version=job.bars_version,
    )
    return ladder.lower(level, epochs.proven_level(found if found and epochs.is_open(found, now) else None))


def closed_proposals(job: Job, *, most: int = 10) -> list[Proposal]:
    """Proposals that were switched, refused or overtaken, newest first."""
    rows = Proposal.objects.filter(job=job, closed_at__isnull=False).select_related("closed_by")
    return list(rows.prefetch_related("signatures__person").order_by("-at", "-id")[:most])


def digest_of(proposal: Proposal) -> str:
    """SHA-256 in hex over the frozen evidence as canonical JSON: what a signature stands under."""
    return hashlib.sha256(json.dumps(proposal.evidence, sort_keys=True).encode()).hexdigest()


def counted_now(job: Job, *, now: datetime) -> int:
    """How many parts count towards the next climb under the bars in force: what a lower bar would throw away."""
    epoch = epochs.current(job, now)
    tallies = epochs.tallies_of(epoch).values() if epoch else ()
    return max((tally.n for tally in tallies), default=0)


def evidence_of(
    job: Job,
    *,
    model: str = "",
    epoch: int | None = None,
    drawn: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Evidence]:
    """The evidence of a job, narrowed by what is named; `model` is the beginning of a digest."""
    wanted = {"model__digest__startswith": model, "epoch": epoch, "drawn": drawn, "at__gte": since, "at__lt": until}
    rows = Evidence.objects.filter(job=job, **{name: value for name, value in wanted.items() if value})
    return rows.select_related("model", "person")


def ledger_rows(job: Job, *, epoch: int | None = None) -> QuerySet[LedgerEntry]:
    """The ledger of a job, or of one of its epochs."""
    rows = LedgerEntry.objects.filter(job=job)
    return rows if epoch is None else rows.filter(epoch=epoch)
