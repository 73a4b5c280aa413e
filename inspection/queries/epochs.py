"""The stretch of work under one fingerprint: which one is open, what counts in it, what it has proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from inspection.models import (
    BarsChange,
    CalendarChange,
    Epoch,
    Evidence,
    Incident,
    Item,
    Job,
    Label,
    LedgerEntry,
    LevelChange,
    LotCount,
    ModelVersion,
    ThresholdSet,
    VerdictGiven,
)
from inspection.policy import counting, ladder, routing
from inspection.policy.bars import Bars, alpha_after
from inspection.policy.counting import Counter, Of, Row, lot_key
from inspection.policy.evalues import proven
from inspection.policy.fingerprint import Setting, fingerprint
from inspection.policy.promotion import CRITERIA, Ceiling, Facts, Readiness, readiness
from inspection.refused import recorded
from inspection.vocabulary import UNBIASED, AuditPlan, Cause, Drawn, Gate, Level, Look, Verdict

NARROWED: dict[Of, dict[str, Any]] = {
    Of.ITEMS: {},
    Of.DEFECTS: {"reference__in": ["", Verdict.NG]},
    Of.GOOD: {"reference__in": ["", Verdict.OK]},
    Of.PASSED: {"opinion": Verdict.OK},
}
BEGAN_ANEW = (Cause.BAR, Cause.CRITICAL, Cause.NO_ANSWERS, Cause.UNAUDITED)
LONG_ENOUGH = 1_000_000.0
RESUMED_WITHIN = timedelta(days=30)
"""After so long the camera, the parts and the people are others, whatever the settings say."""


def bars_of(job: Job) -> Bars:
    """The bars and minimums in force in a job."""
    return Bars().changed(job.bars)


def setting_of(job: Job, model: ModelVersion, thresholds: ThresholdSet | None) -> str:
    """The fingerprint under which a model would work in a job now."""
    rule = thresholds.rule if thresholds else routing.Thresholds(accept_at=None, reject_at=None)
    return fingerprint(
        Setting(
            job=job.slug,
            model=model.digest,
            label_set_version=job.label_set_version,
            accept_at=rule.accept_at,
            reject_at=rule.reject_at,
        )
    )


def latest(job: Job, *, fingerprint: str, thresholds: int | None, bars_version: int) -> Epoch | None:
    """The newest epoch under this setting, however old."""
    found = Epoch.objects.filter(job=job, fingerprint=fingerprint, thresholds=thresholds, bars_version=bars_version)
    return found.order_by("-number").first()


def current(job: Job, now: datetime) -> Epoch | None:
    """The epoch of what is in force in a job, if anything has been counted in it; None too where it is too old to be
    resumed."""
    if job.champion is None:
        return None
    found = latest(
        job,
        fingerprint=setting_of(job, job.champion, job.thresholds),
        thresholds=job.thresholds_id,
        bars_version=job.bars_version,
    )
    # Where captured time counts, a replay may lie years back.
    return found if found is not None and (job.captured_time or is_open(found, now)) else None


def is_open(epoch: Epoch, now: datetime) -> bool:
    return now - epoch.last_at <= RESUMED_WITHIN


def is_in_force(epoch: Epoch, job: Job) -> bool:
    """Whether an epoch is that of what is in force in a job now; what arrives late for another one changes nothing."""
    if job.champion is None or (epoch.thresholds_id, epoch.bars_version) != (job.thresholds_id, job.bars_version):
        return False
    return epoch.fingerprint == setting_of(job, job.champion, job.thresholds)


def before(job: Job, model: ModelVersion) -> Epoch | None:
    """The last epoch of a model, whatever its thresholds, bars or lock, however long ago and under whatever name. What
    it was thrown back for stays with the model: a threshold moved by a hair, a month of rest, or the same weights in a
    bundle of another name would else wipe it out."""
    return _of_model(job, model).order_by("-last_at", "-pk").first()


def _of_model(job: Job, model: ModelVersion) -> QuerySet[Epoch]:
    same = Q(model=model) | Q(model__core=model.core) if model.core else Q(model=model)
    return Epoch.objects.filter(same, job=job)


def same_setting(job: Job, *, fingerprint: str, thresholds: int | None) -> QuerySet[Epoch]:
    """All epochs under a fingerprint and a lock of the thresholds, under whatever bars, the newest first."""
    return Epoch.objects.filter(job=job, fingerprint=fingerprint, thresholds=thresholds).order_by("-pk")


def answerable(job: Job, now: datetime) -> Epoch | None:
    """The epoch that bears what happens to a job now: the current one, or where nothing has been counted in it yet,
    the last one of the same setting. A bar that was eased before a stop would else have made the stop cost nothing."""
    if job.champion is None:
        return None
    setting = setting_of(job, job.champion, job.thresholds)
    return current(job, now) or same_setting(job, fingerprint=setting, thresholds=job.thresholds_id).first()


def counts_from(job: Job, model: ModelVersion, thresholds: ThresholdSet | None) -> datetime:
    """From when on draws count in a new epoch: since model, thresholds and bars were all in force."""
    moments = [model.at, *([thresholds.at] if thresholds else [])]
    changed = BarsChange.objects.filter(job=job, version=job.bars_version).order_by("-at").first()
    return max([*moments, changed.at] if changed else moments)


def critical_codes(job: Job) -> tuple[str, ...]:
    """The critical classes in force. One that was dropped in the middle of an epoch has no bar any more."""
    found = Label.objects.filter(job=job, critical=True, effective_to=None)
    return tuple(found.order_by("code").values_list("code", flat=True))


def row_of(evidence: Evidence, epoch: Epoch) -> Row:
    """A piece of evidence as the rules see it."""
    old, out = evidence.drawn_at < epoch.counting_since, _is_out(evidence)
    return Row(
        draw=evidence.draw,
        lot=lot_key(evidence.lot_or_slot),
        drawn=Drawn(evidence.drawn),
        opinion=Verdict(evidence.opinion),
        reference=Verdict(evidence.reference) if evidence.reference else None,
        labels=frozenset(evidence.labels),
        **_worked(evidence),
        late=evidence.late,
        unanswered=evidence.score is None,
        left_out=out or old,
        old=old and not out,
    )


def _is_out(evidence: Evidence) -> bool:
    """Whether a row counts for nothing, whenever it was drawn.

    What chance drew stays in the count though somebody who knew the AI's opinion answered it: left out, one person who
    looks first took every error of the AI away.
    """
    known = evidence.hint_shown and evidence.drawn not in UNBIASED
    return evidence.undone or evidence.repeated or known


def _worked(evidence: Evidence) -> dict[str, str]:
    """Who answered, and when; a part that was lost was nobody's work, on no shift and no day, and the answer of
    somebody who knew the AI's opinion is no evidence of people's work either."""
    if evidence.person_id is None or evidence.hint_shown:
        return {}
    day = evidence.day.isoformat() if evidence.day else ""
    return {"shift": evidence.worked, "day": day, "person": str(evidence.person_id)}


def row_then(entry: LedgerEntry) -> Row:
    """A piece of evidence as the rules saw it when an entry of the ledger was made."""
    evidence = entry.evidence
    return Row(
        draw=evidence.draw,
        lot=lot_key(evidence.lot_or_slot),
        drawn=Drawn(evidence.drawn),
        opinion=Verdict(evidence.opinion),
        reference=Verdict(entry.reference) if entry.reference else None,
        labels=frozenset(entry.labels),
        **_worked(evidence),
        late=evidence.late,
        unanswered=evidence.score is None,
        left_out=entry.left_out,
        old=entry.left_out and not _is_out(evidence),
    )


def lot_of(evidence: Evidence, epoch: Epoch) -> LotCount:
    """What counts so far of the lot of a row; a new one, not saved, where nothing does. One that was kept under the
    spelling of its first part goes on under the one for all spellings."""
    key, spelling = lot_key(evidence.lot_or_slot), evidence.lot_or_slot
    found = {one.lot_or_slot: one for one in LotCount.objects.filter(epoch=epoch, lot_or_slot__in={key, spelling})}
    older = found.get(spelling)
    # Two spellings may have been counted apart before; a row stays where it counts, or it counted twice.
    if older is not None and (key not in found or _holds(older, evidence.draw)):
        if key not in found:
            older.entries = {**older.entries, LotCount.SPELT: older.spelt}
            older.lot_or_slot = key
        return older
    return found.get(key) or LotCount(epoch=epoch, lot_or_slot=key, entries={LotCount.SPELT: []})


def _holds(lot: LotCount, draw: int) -> bool:
    return any(one.draw == draw for entries in counting.from_json(lot.counted).values() for one in entries)


def told(evidence: Evidence) -> list[Row]:
    """What the detectors have been told of the same part before: of this row, and of others that were taken back."""
    entries = LedgerEntry.objects.filter(
        evidence__epoch=evidence.epoch_id, evidence__lot_or_slot=evidence.lot_or_slot, evidence__draw=evidence.draw
    )
    settled = entries.filter(in_force=True).exclude(reference="").select_related("evidence").order_by("id")
    return [row_then(entry) for entry in settled]


def first_rows(epoch: Epoch, spelt: Sequence[str], counter: Counter) -> Sequence[Row]:
    """The first rows of a lot that came under these spellings, in the order of their draws, that may belong to a
    counter: enough of them for three."""
    found = Evidence.objects.filter(epoch=epoch, lot_or_slot__in=spelt, undone=False, repeated=False)
    found = found.filter(drawn__in=counter.drawn, drawn_at__gte=epoch.counting_since).order_by("draw")
    # A lot may be the whole year; most of its parts are good.
    found = found.filter(**NARROWED[counter.of])
    rows: list[Row] = []
    for evidence in found.iterator(chunk_size=200):
        row = row_of(evidence, epoch)
        if counting.is_error(counter, row) is not None:
            rows.append(row)
        if len(rows) == counting.PER_LOT:
            break
    return rows


def tallies_of(epoch: Epoch) -> dict[str, counting.Tally]:
    return {name: counting.Tally.from_json(data) for name, data in epoch.tallies.items()}


def ready(job: Job, epoch: Epoch, *, to: Level, now: datetime) -> Readiness:
    """What the epoch's evidence says of a climb to `to`, now or, where captured time counts, at its latest part."""
    facts = facts_of(job, epoch, now=epoch.last_at if job.captured_time else now)
    return readiness(to=to, tallies=tallies_of(epoch), bars=Bars().changed(epoch.bars), facts=facts)


def counts_suffice(epoch: Epoch, *, to: Level) -> bool:
    """Whether the counts of the epoch alone would carry a climb; without a query, since most often they do not."""
    bars, tallies = Bars().changed(epoch.bars), tallies_of(epoch)
    alpha = alpha_after(bars, epoch.demotions)
    counted = [(tallies.get(one.counter.name, counting.NONE), bars[one.bar]) for one in CRITERIA[to]]
    if not all(proven(tally.k, tally.n, bar, alpha) for tally, bar in counted):
        return False
    at_best = Facts(now=epoch.last_at, days_in_partial=LONG_ENOUGH)
    return readiness(to=to, tallies=tallies, bars=bars, facts=at_best).proven


def facts_of(job: Job, epoch: Epoch | None, *, now: datetime) -> Facts:
    """What a promotion goes by besides counts."""
    return Facts(
        now=now,
        demotions=epoch.demotions if epoch else 0,
        cool_until=epoch.cool_until if epoch else None,
        cool_items=epoch.cool_items if epoch else 0,
        ceiling=ceiling(job),
        days_in_partial=_days_in_partial(job, now),
        open_alarms=Incident.objects.filter(job=job, closed_at=None).count()
        # Tightened: a warning, a bad lot or a promotion lies back less than a thousand parts.
        + (job.audit.plan == AuditPlan.TIGHTENED),
        critical=critical_codes(job),
        zone=job.time_zone,
        spread=_spread(epoch) if epoch else None,
    )


def began(epoch: Epoch) -> int:
    """Key of the last ledger entry before an epoch's counting began: its last demotion, or none."""
    thrown = LevelChange.objects.filter(epoch=epoch, cause__in=BEGAN_ANEW)
    return int(thrown.aggregate(last=Max("ledger"))["last"] or 0)


def _counted(epoch: Epoch) -> QuerySet[LedgerEntry]:
    """The entries since counting began that moved a figure, in their order."""
    return LedgerEntry.objects.filter(epoch=epoch, id__gt=began(epoch), counts__isnull=False).order_by("id")


def _spread(epoch: Epoch) -> timedelta | None:
    # By the clock, not by the order of the ledger: with captured time the oldest part may be answered last.
    found = _counted(epoch).order_by().aggregate(first=Min("at"), last=Max("at"))
    return found["last"] - found["first"] if found["first"] is not None else None


def calendar_changes(epoch: Epoch) -> list[CalendarChange]:
    """Changes of the job's calendar since the first part counted; what came before made no shift of any part."""
    first = _counted(epoch).values_list("id", flat=True).first()
    if first is None:
        return []
    changes = CalendarChange.objects.filter(job=epoch.job, ledger__gte=first)
    return list(changes.select_related("by", "job").order_by("id"))


def _told(change: CalendarChange) -> dict[str, Any]:
    text, said = recorded(change.words)
    return {"sentence": text, "said": said}


def ceiling(job: Job) -> Ceiling:
    """Parts that two people judged blind because chance asked for it, and on how many of them they agreed."""
    double = VerdictGiven.objects.filter(review__job=job, review__look=Look.DOUBLE, late=False, undone_at=None)
    double = double.exclude(verdict=Verdict.UNSURE).filter(
        item__verdicts__review__look__in=[Look.FIRST, Look.AUDIT],
        item__verdicts__late=False,
        item__verdicts__undone_at=None,
        # Not `shown=None`: in a JSON column that asks for a stored null, of which there is none.
        item__verdicts__shown__isnull=True,
        # Of the pair alone: two who differ are often followed by one who is unsure, and leaving such pairs out made
        # people look more of one mind than they are.
        item__verdicts__verdict__in=[Verdict.OK, Verdict.NG],
    )
    found = double.aggregate(pairs=Count("id"), agree=Count("id", filter=Q(verdict=F("item__verdicts__verdict"))))
    return Ceiling(agree=found["agree"], pairs=found["pairs"])


def _days_in_partial(job: Job, now: datetime) -> float:
    if job.level != Level.PARTIAL:
        return 0.0
    since = LevelChange.objects.filter(job=job, new=Level.PARTIAL).order_by("-id").first()
    if since is None:
        return 0.0
    return max(0.0, (now - (since.counted_at or since.at)).total_seconds() / 86_400)


def moment_of(job: Job, item: Item, at: datetime) -> datetime:
    """When a verdict given at `at` counts: then, or where a job counts captured time, when the part was pictured."""
    return (item.captured_at or item.received_at) if job.captured_time else at


def proven_level(epoch: Epoch | None) -> Level:
    """How far what is in force has proven itself, and people have signed for it; without any proof it runs hidden."""
    return Level(epoch.proven) if epoch is not None else Level.SHADOW


def is_unproven(job: Job) -> bool:
    """Whether an enforced job stands above what has been proven with what is in force, under whatever bars and however
    long ago."""
    level = Level(job.level)
    if job.gate != Gate.ENFORCED or not ladder.needs_proof(level) or job.champion is None:
        return False
    setting = setting_of(job, job.champion, job.thresholds)
    found = Epoch.objects.filter(job=job, fingerprint=setting, thresholds=job.thresholds_id)
    return not any(ladder.lower(level, proven_level(epoch)) == level for epoch in found)


def kept_level(job: Job, *, now: datetime) -> Level:
    """The level that a job keeps with what is in force now: where the gate is enforced, no more than has been proven
    with it. People and a hidden AI need no proof."""
    level = Level(job.level)
    if job.gate != Gate.ENFORCED or not ladder.needs_proof(level):
        return level
    return ladder.lower(level, proven_level(current(job, now)))


def frozen(epoch: Epoch, found: Readiness) -> dict[str, object]:
    """The evidence of a proposal as it stands, for the record."""
    return {
        **found.as_json(),
        "fingerprint": epoch.fingerprint,
        "model": epoch.model.digest,
        "bars": asdict(Bars().changed(epoch.bars)),
        "tallies": epoch.tallies,
        "demotions": epoch.demotions,
        "counting_since": epoch.counting_since.isoformat(),
        "stretches": stretches(epoch),
        "calendar": [_told(change) for change in calendar_changes(epoch)],
    }


def stretches(epoch: Epoch) -> int:
    """How many times this model's counting has begun in its job, this time included. With every new beginning chance
    gets another try; whoever signs is to know how many there were."""
    return _of_model(epoch.job, epoch.model).count() + epoch.demotions


def ledger_of(job: Job) -> int:
    """Key of the last ledger entry of a job; 0 where there is none."""
    return job.ledger.order_by("-id").values_list("id", flat=True).first() or 0


def last_change(job: Job) -> int:
    """Key of the last change of a job's level; 0 where there is none."""
    return LevelChange.objects.filter(job=job).order_by("-id").values_list("id", flat=True).first() or 0


def open_epochs(job: Job, now: datetime) -> QuerySet[Epoch]:
    """Epochs that could still be resumed, newest first."""
    return Epoch.objects.filter(job=job, last_at__gte=now - RESUMED_WITHIN).select_related("model").order_by("-last_at")
