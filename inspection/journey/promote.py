"""Count what is known of a piece of evidence, watch what it says of the AI, and propose a climb where it is proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.utils import timezone

from inspection.models import Epoch, Evidence, Job, LedgerEntry, LotCount, Person, Proposal
from inspection.policy import counting, ladder, stepping_down
from inspection.policy.bars import Bars, alpha_after
from inspection.policy.counting import POOLED, Counter, Row, Tally
from inspection.policy.detectors import Watched
from inspection.policy.promotion import COOL_ITEMS, COOL_TIME
from inspection.policy.stepping_down import Alarm
from inspection.queries import epochs, escapes, proposals
from inspection.refused import recorded
from inspection.sentences import Sentence
from inspection.vocabulary import Drawn, Level, ProposalState


@dataclass(frozen=True)
class Counted:
    """What counting has come to: whether evidence that counts has changed any figure, and what was set off."""

    epoch: Epoch
    changed: bool = False
    alarms: tuple[Alarm, ...] = field(default=())


def count(touched: Sequence[Evidence], *, job: Job, now: datetime) -> Counted | None:
    """Count rows that are new or have changed, each in its own epoch, with one ledger entry each. None for no rows.

    Call it in the transaction that changed them, with the row of the job locked: what it sets off belongs to the same
    transaction, and of two verdicts at once the second has to see what the first one counted.
    """
    found = [_count_one(evidence, job, now) for evidence in touched]
    if not found:
        return None
    return Counted(
        epoch=found[-1].epoch,
        changed=any(one.changed for one in found),
        alarms=tuple(alarm for one in found for alarm in one.alarms),
    )


def _count_one(evidence: Evidence, job: Job, now: datetime) -> Counted:
    epoch = _epoch_of(evidence, job, now)
    _heed_the_clock(epoch, job)
    row = epochs.row_of(evidence, epoch)
    # Classes are told apart in what was drawn where the AI is in view; in shadow nobody asks for them yet.
    critical = () if row.drawn == Drawn.SHADOW else epochs.critical_codes(job)
    changed = _tally(epoch, evidence, row, counting.counters(critical))
    in_force = epochs.is_in_force(epoch, job)
    alarms = _watch(epoch, evidence, row, job, frozenset(critical)) if in_force else []
    _cool(epoch, evidence, row)
    evidence.save(update_fields=["epoch", "watched"])
    # Though no figure has changed: a lot that lasts for months counts three parts, and its epoch is not over.
    epoch.last_at = max(epoch.last_at, now)
    epoch.save(update_fields=["tallies", "detectors", "last_at", "cool_items", "counting_since", "cool_until"])
    LedgerEntry.objects.create(
        job=job,
        epoch=epoch,
        evidence=evidence,
        level=job.level,
        reference=evidence.reference,
        labels=evidence.labels,
        left_out=row.left_out,
        in_force=in_force,
        counts={name: [data["k"], data["n"]] for name, data in epoch.tallies.items()} if changed else None,
        alarms=[alarm.name for alarm in alarms],
        at=now,
    )
    return Counted(epoch=epoch, changed=changed and not row.left_out, alarms=tuple(alarms))


def _epoch_of(evidence: Evidence, job: Job, now: datetime) -> Epoch:
    """The epoch of a row, and from now on the same one whatever becomes of the row."""
    if evidence.epoch_id is not None:
        return Epoch.objects.get(pk=evidence.epoch_id)
    thresholds = evidence.prediction.thresholds_id
    found = epochs.latest(job, fingerprint=evidence.fingerprint, thresholds=thresholds, bars_version=job.bars_version)
    if found is None or not epochs.is_open(found, now):
        found = _open(evidence, job, now, after=found)
    evidence.epoch = found
    return found


def _open(evidence: Evidence, job: Job, now: datetime, *, after: Epoch | None) -> Epoch:
    """A new epoch. What a model was thrown back for stays with it, under whatever lock or bars it returns, and what
    the detectors have seen of this setting: under other bars they go on."""
    thresholds = evidence.prediction.thresholds
    before = epochs.before(job, evidence.model)
    same = epochs.same_setting(job, fingerprint=evidence.fingerprint, thresholds=evidence.prediction.thresholds_id)
    watched = same.values_list("detectors", flat=True).first()
    return Epoch.objects.create(
        job=job,
        fingerprint=evidence.fingerprint,
        thresholds=thresholds,
        threshold_version=thresholds.version if thresholds else 0,
        bars_version=job.bars_version,
        number=after.number + 1 if after else 1,
        model=evidence.model,
        label_set_version=job.label_set_version,
        bars=asdict(epochs.bars_of(job)),
        opened_at=now,
        last_at=now,
        counting_since=evidence.drawn_at if after else epochs.counts_from(job, evidence.model, thresholds),
        demotions=before.demotions if before else 0,
        cool_until=before.cool_until if before else None,
        cool_items=before.cool_items if before else 0,
        detectors=watched or {},
    )


def _heed_the_clock(epoch: Epoch, job: Job) -> None:
    """Where the clock was ahead for a while, counting began in a time that is still to come: until then no part would
    count, and nobody was told."""
    now = timezone.now()
    epoch.counting_since = min(epoch.counting_since, now)
    if epoch.cool_until is not None and not job.captured_time:
        epoch.cool_until = min(epoch.cool_until, now + COOL_TIME)


def _tally(epoch: Epoch, evidence: Evidence, row: Row, which: tuple[Counter, ...]) -> bool:
    """Count a row among those of its lot; whether any figure of the epoch has changed."""
    lot = epochs.lot_of(evidence, epoch)
    spelt = sorted({*lot.spelt, evidence.lot_or_slot})
    before = counting.from_json(lot.counted)
    after = counting.count(before, row, which=which, first=lambda one: epochs.first_rows(epoch, spelt, one))
    if after != before or (lot.pk is not None and spelt != lot.spelt):
        lot.entries = {**counting.as_json(after), LotCount.SPELT: spelt}
        lot.save()
    if after == before:
        return False
    tallies = counting.moved(epochs.tallies_of(epoch), before, after, which=which)
    epoch.tallies = {name: tally.as_json() for name, tally in tallies.items()}
    return True


def _watch(epoch: Epoch, evidence: Evidence, row: Row, job: Job, critical: frozenset[str]) -> list[Alarm]:
    """Show a settled row to the detectors of the level, and let it move the audit plan: a part once, and once more
    where it turns out to be worse than it was taken for."""
    if row.reference is None or (row.left_out and not row.old):
        return []
    # No detector and no audit asks about a shadow draw; looking up what they were told of each cost every verdict 10 %.
    told = epochs.told(evidence) if row.drawn != Drawn.SHADOW else []
    level = Level(job.level)
    alarms: list[Alarm] = []
    if not row.left_out:
        evidence.watched = True
        watched = Watched.from_json(epoch.detectors)
        before = watched.on(level, tallies=epochs.tallies_of(epoch), bars=Bars().changed(epoch.bars))
        after, alarms = stepping_down.observe(before, row, level=level, told=told)
        epoch.detectors = watched.after(level, after).as_json()
    critical_escape = stepping_down.critical_escape(row, level=level, critical=critical, told=told)
    if critical_escape is not None and not escapes.has_stopped(job, evidence.item_id):
        alarms.append(critical_escape)
    _audit(epoch, evidence, row, job, told=told, warned=bool(alarms))
    return alarms


def _audit(epoch: Epoch, evidence: Evidence, row: Row, job: Job, *, told: Sequence[Row], warned: bool) -> None:
    plan = job.audit
    error = stepping_down.news(counting.ESCAPE_AUDIT, row, told)
    if error is not None:
        bars = Bars().changed(epoch.bars)
        tally = epochs.tallies_of(epoch).get(counting.ESCAPE_AUDIT.name, Tally())
        plan = plan.after(
            error=error,
            lot=row.lot,
            probability=evidence.probability,
            k=tally.k,
            n=tally.n,
            bar=bars.escape,
            alpha=alpha_after(bars, epoch.demotions),
        )
    if warned:
        plan = plan.tightened()
    if plan != job.audit:
        job.audit_state = plan.as_json()
        job.save(update_fields=["audit_state"])


def _cool(epoch: Epoch, evidence: Evidence, row: Row) -> None:
    """Each blind part that comes in after a demotion brings the end of the cool-down nearer; what becomes of it later
    does not."""
    if not epoch.cool_items or row.left_out or row.late or row.drawn not in POOLED:
        return
    before = LedgerEntry.objects.filter(
        evidence__epoch=epoch, evidence__lot_or_slot=evidence.lot_or_slot, evidence__draw=row.draw
    )
    if not before.exists():
        epoch.cool_items -= 1


def propose(epoch: Epoch, *, job: Job, now: datetime, asked_by: Person | None = None) -> Proposal | None:
    """Propose the next level where its evidence is complete and nobody has been asked yet; after a refusal only where
    there is something new, or where a person has `asked_by` name for it.

    Call it in the transaction that counted, with the row of the job locked.
    """
    to = ladder.above(Level(job.level))
    if to is None or not ladder.needs_proof(to) or not epochs.is_in_force(epoch, job):
        return None
    # Most often the counts alone say no, and nothing else has to be looked up then.
    if not epochs.counts_suffice(epoch, to=to):
        return None
    standing = Proposal.objects.filter(job=job, state__in=proposals.STANDING)
    if standing.filter(epoch=epoch).exists():
        return None
    refused = proposals.coming_back(job, epoch, to=to, now=now) if asked_by is None else None
    if refused is not None and refused.returns is not None:
        return None
    found = epochs.ready(job, epoch, to=to, now=now)
    if not found.proven:
        return None
    # One of another model or other thresholds can neither be signed nor switched any more, and stood in the way.
    why, said = recorded(Sentence("Another proposal has come since."))
    standing.update(state=ProposalState.STALE, why=why, said=said, closed_at=now)
    return Proposal.objects.create(
        job=job,
        epoch=epoch,
        old=job.level,
        new=to,
        evidence=epochs.frozen(epoch, found),
        ledger=epochs.ledger_of(job),
        after_change=epochs.last_change(job),
        asked_by=asked_by,
        at=now,
    )


def begin_anew(epoch: Epoch, *, to: Level, counted: datetime, now: datetime) -> None:
    """What a demotion does to its epoch: counting starts at `now`, with a cool-down from when the evidence `counted`,
    and what was proven above the level it lands on is proven no more."""
    LotCount.objects.filter(epoch=epoch).delete()
    epoch.tallies, epoch.detectors = {}, Watched.from_json(epoch.detectors).anew().as_json()
    epoch.counting_since = now
    epoch.demotions += 1
    epoch.cool_until = counted + COOL_TIME
    epoch.cool_items = COOL_ITEMS
    epoch.proven = ladder.lower(Level(epoch.proven), to)
    epoch.save()
    # Under other bars it was proven too; by that proof the job would have kept the level it was just thrown off.
    same = epochs.same_setting(epoch.job, fingerprint=epoch.fingerprint, thresholds=epoch.thresholds_id)
    same.filter(proven__in=ladder.levels_above(to)).update(proven=to)
