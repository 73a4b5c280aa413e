"""Replay a ledger by the rules alone: the same counts, proposals and demotions, or something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from inspection.policy import counting, ladder, stepping_down
from inspection.policy.asking_again import Refusal, rested_on, waits_for
from inspection.policy.bars import Bars, alpha_after
from inspection.policy.counting import POOLED, Counter, Entry, Row, Tally
from inspection.policy.detectors import Watched
from inspection.policy.promotion import COOL_ITEMS, COOL_TIME, Ceiling, Facts, readiness
from inspection.policy.routing import LEVELS
from inspection.policy.sampling import Audit
from inspection.policy.stepping_down import Alarm
from inspection.vocabulary import AuditPlan, Level


@dataclass(frozen=True)
class Line:
    """One ledger entry: the row as it stood after it, and what was in force. `key` is its place in the ledger."""

    key: int
    epoch: int
    row: Row
    bars: Bars
    critical: tuple[str, ...]
    moment: datetime
    in_force: bool = True
    probability: float = 1.0
    """With which the part had to be drawn."""
    model: str = ""
    """Whose epoch it is; what it was thrown back for goes with it into its next epoch."""
    setting: str = ""
    """Model, labels and thresholds; under other bars of the same setting the detectors go on."""


@dataclass(frozen=True)
class Switched:
    """The level was switched after the ledger entry `key`, by people or by a rule that goes by no evidence."""

    key: int
    new: Level
    moment: datetime
    thrown_back: int | None = None
    """The epoch in which counting begins anew with it, as after each demotion."""
    draw: int | None = None
    """Of the part whose critical defect came to light outside the count; a part stops its job once."""
    looked_closely: bool = False
    """What is in force had become another one, and where the AI decided the audit was tightened before."""


@dataclass(frozen=True)
class Meanwhile:
    """What became known after the ledger entry `key` that a climb goes by and that is no evidence."""

    key: int
    incidents: int = 0
    """Reported, less those that were closed."""
    pairs: int = 0
    """Parts that two people judged blind, and on how many of them they agreed; less those that were taken back."""
    agree: int = 0
    new_in_force: bool = False
    """Another model, or other thresholds: where the AI decides, the audit is tightened."""


@dataclass(frozen=True)
class Closed:
    """Nobody is asked any more after the ledger entry `key`: the proposal was overtaken, or refused at a moment."""

    key: int
    refused_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """A person asked after the ledger entry `key` for a proposal that had been refused."""

    key: int
    epoch: int
    moment: datetime


@dataclass(frozen=True)
class Step:
    """One thing that the rules do at a ledger entry: propose a level, or lower the job to one."""

    key: int
    what: str
    level: Level


@dataclass
class _Epoch:
    """What counting has come to in one epoch."""

    model: str = ""
    setting: str = ""
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    lots: dict[str, dict[str, tuple[Entry, ...]]] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    told: dict[int, list[Row]] = field(default_factory=dict)
    """By draw, what the detectors were told of it."""
    seen: set[int] = field(default_factory=set)
    watched: Watched = field(default_factory=Watched)
    demotions: int = 0
    cool_until: datetime | None = None
    cool_items: int = 0
    last_at: datetime | None = None
    moved: tuple[datetime, datetime] | None = None
    """The earliest and the latest moment at which a figure moved since counting began, in whatever order."""
    last: Line | None = None
    refused: dict[Level, Refusal] = field(default_factory=dict)
    """By level, the last proposal of that climb where it was refused."""

    def begin_anew(self, moment: datetime) -> None:
        """What a demotion does: counting starts anew, with a cool-down."""
        self.demotions += 1
        self.rows, self.lots, self.tallies, self.watched = {}, {}, {}, self.watched.anew()
        self.cool_until, self.cool_items, self.moved = moment + COOL_TIME, COOL_ITEMS, None


@dataclass(frozen=True)
class _Standing:
    """A proposal that waits for people, and what it rests on."""

    epoch: int
    to: Level
    bars: Bars
    demotions: int


class Replay:
    """The rules at work on a ledger, entry by entry. The job has stood on the level `start` `since` then."""

    def __init__(self, *, start: Level, since: datetime | None = None) -> None:
        self.level = start
        self.steps: list[Step] = []
        self._epochs: dict[int, _Epoch] = {}
        self._standing: _Standing | None = None
        self._stopped_by: set[int] = set()
        """Draws of the parts whose critical defect has stopped the job."""
        self._partial_since = since if start == Level.PARTIAL else None
        self._incidents = 0
        self._pairs = Ceiling()
        self._audit = Audit()

    def tallies(self, epoch: int) -> Mapping[str, Tally]:
        return self._epochs[epoch].tallies

    def switch(self, switched: Switched) -> None:
        if switched.looked_closely:
            self._look_closely()
        old, self.level, self._standing = self.level, switched.new, None
        if ladder.is_climb(old=old, new=self.level):
            self._look_closely()
        if switched.draw is not None:
            self._stopped_by.add(switched.draw)
        self._partial_since = switched.moment if switched.new == Level.PARTIAL else None
        if switched.thrown_back is not None:
            self._epochs.setdefault(switched.thrown_back, _Epoch()).begin_anew(switched.moment)

    def hear(self, meanwhile: Meanwhile) -> None:
        self._incidents += meanwhile.incidents
        heard = self._pairs
        self._pairs = Ceiling(agree=heard.agree + meanwhile.agree, pairs=heard.pairs + meanwhile.pairs)
        if meanwhile.new_in_force:
            self._look_closely()

    def _look_closely(self) -> None:
        if LEVELS[self.level].ai_decides:
            self._audit = self._audit.tightened()

    def close(self, closed: Closed) -> None:
        standing, self._standing = self._standing, None
        if standing is not None and closed.refused_at is not None:
            epoch = self._epochs[standing.epoch]
            parts = rested_on(epoch.tallies, to=standing.to)
            epoch.refused[standing.to] = Refusal(closed.refused_at, parts, standing.bars, standing.demotions)

    def ask(self, asked: Asked) -> None:
        """Propose what a person asked for, refused or not."""
        epoch = self._epochs.get(asked.epoch)
        if epoch is not None and epoch.last is not None:
            self._propose(epoch, replace(epoch.last, key=asked.key, moment=asked.moment), asked=True)

    def count(self, line: Line) -> None:
        """Take one entry in, and do what it leads to."""
        epoch = self._epoch(line)
        epoch.last_at, epoch.last = max(epoch.last_at or line.moment, line.moment), line
        changed = _tally(epoch, line.row, counting.counters(line.critical))
        if changed:
            first, last = epoch.moved or (line.moment, line.moment)
            epoch.moved = min(first, line.moment), max(last, line.moment)
        alarms = self._watch(epoch, line) if line.in_force else []
        _cool(epoch, line.row)
        alarm = stepping_down.worst(alarms)
        if alarm is not None and alarm.down is not None:
            self._step_down(epoch, line, alarm.down)
        elif changed and line.in_force and not line.row.left_out:
            self._propose(epoch, line)

    def _epoch(self, line: Line) -> _Epoch:
        """The epoch of a line; a new one begins with what is known of its model and its setting."""
        if line.epoch not in self._epochs:
            known = list(self._epochs.values())[::-1]
            of_model = [one for one in known if one.model == line.model]
            same = [one.watched for one in known if one.setting == line.setting]
            new = _Epoch(model=line.model, setting=line.setting, watched=same[0] if same else Watched())
            if of_model:
                # Of two that counted something at one moment, the later one.
                before = max(of_model, key=lambda one: one.last_at or line.moment)
                new.demotions, new.cool_until, new.cool_items = before.demotions, before.cool_until, before.cool_items
            self._epochs[line.epoch] = new
        return self._epochs[line.epoch]

    def _watch(self, epoch: _Epoch, line: Line) -> list[Alarm]:
        row = line.row
        if row.reference is None or (row.left_out and not row.old):
            return []
        told = epoch.told.setdefault(row.draw, [])
        critical = stepping_down.critical_escape(row, level=self.level, critical=frozenset(line.critical), told=told)
        alarms: list[Alarm] = []
        if not row.left_out:
            before = epoch.watched.on(self.level, tallies=epoch.tallies, bars=line.bars)
            after, alarms = stepping_down.observe(before, row, level=self.level, told=told)
            epoch.watched = epoch.watched.after(self.level, after)
        if critical is not None and row.draw not in self._stopped_by:
            self._stopped_by.add(row.draw)
            alarms = [*alarms, critical]
        self._move_audit(epoch, line, told=told, warned=bool(alarms))
        told.append(row)
        return alarms

    def _move_audit(self, epoch: _Epoch, line: Line, *, told: list[Row], warned: bool) -> None:
        error = stepping_down.news(counting.ESCAPE_AUDIT, line.row, told)
        if error is not None:
            tally = epoch.tallies.get(counting.ESCAPE_AUDIT.name, Tally())
            self._audit = self._audit.after(
                error=error,
                lot=line.row.lot,
                probability=line.probability,
                k=tally.k,
                n=tally.n,
                bar=line.bars.escape,
                alpha=alpha_after(line.bars, epoch.demotions),
            )
        if warned:
            self._audit = self._audit.tightened()

    def _step_down(self, epoch: _Epoch, line: Line, down: Level) -> None:
        epoch.begin_anew(line.moment)
        self.level = stepping_down.lands_on(down, demotions=epoch.demotions)
        self.steps.append(Step(line.key, "lowered", self.level))
        self._standing, self._partial_since = None, line.moment if self.level == Level.PARTIAL else None

    def _propose(self, epoch: _Epoch, line: Line, *, asked: bool = False) -> None:
        to = ladder.above(self.level)
        waits = self._standing is not None and self._standing.epoch == line.epoch
        if waits or to is None or not ladder.needs_proof(to):
            return
        now = max(epoch.last_at or line.moment, line.moment)
        parts = rested_on(epoch.tallies, to=to)
        refused = None if asked else epoch.refused.get(to)
        if refused and waits_for(refused, parts=parts, bars=line.bars, demotions=epoch.demotions, now=now):
            return
        facts = self._facts(epoch, line, now)
        if readiness(to=to, tallies=epoch.tallies, bars=line.bars, facts=facts).proven:
            epoch.refused.pop(to, None)
            self._standing = _Standing(line.epoch, to, bars=line.bars, demotions=epoch.demotions)
            self.steps.append(Step(line.key, "proposed", to))

    def _facts(self, epoch: _Epoch, line: Line, now: datetime) -> Facts:
        partial = (now - self._partial_since).total_seconds() / 86_400 if self._partial_since else 0.0
        return Facts(
            now=now,
            demotions=epoch.demotions,
            cool_until=epoch.cool_until,
            cool_items=epoch.cool_items,
            ceiling=self._pairs,
            days_in_partial=partial,
            open_alarms=self._incidents + (self._audit.plan == AuditPlan.TIGHTENED),
            critical=line.critical,
            spread=epoch.moved[1] - epoch.moved[0] if epoch.moved else None,
        )


Event = Line | Switched | Meanwhile | Closed | Asked


def replay(events: Iterable[Event], *, start: Level, since: datetime | None = None) -> list[Step]:
    """All that the rules do on a ledger whose switches by people stand between its entries, in order; and what else
    they go by, reports and how well people agree, where it became known."""
    at_work = Replay(start=start, since=since)
    for event in events:
        if isinstance(event, Meanwhile):
            at_work.hear(event)
        elif isinstance(event, Switched):
            at_work.switch(event)
        elif isinstance(event, Closed):
            at_work.close(event)
        elif isinstance(event, Asked):
            at_work.ask(event)
        else:
            at_work.count(event)
    return at_work.steps


def _tally(epoch: _Epoch, row: Row, which: tuple[Counter, ...]) -> bool:
    rows = epoch.rows.setdefault(row.lot, {})
    rows[row.draw] = row
    before = epoch.lots.get(row.lot, {})
    in_order = sorted(rows.values(), key=lambda one: one.draw)
    after = counting.count(before, row, which=which, first=lambda _counter: in_order)
    epoch.lots[row.lot] = after
    epoch.tallies = counting.moved(epoch.tallies, before, after, which=which)
    return after != before


def _cool(epoch: _Epoch, row: Row) -> None:
    fresh = row.draw not in epoch.seen
    epoch.seen.add(row.draw)
    if fresh and epoch.cool_items and not row.left_out and not row.late and row.drawn in POOLED:
        epoch.cool_items -= 1
