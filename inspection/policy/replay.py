"""Replay a ledger by the rules alone: the same counts, proposals and demotions, or something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inspection.policy import counting, ladder, stepping_down
from inspection.policy.bars import Bars
from inspection.policy.counting import POOLED, Counter, Entry, Row, Tally
from inspection.policy.promotion import COOL_ITEMS, COOL_TIME, Facts, readiness
from inspection.policy.stepping_down import Alarm, Pair
from inspection.vocabulary import Level


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


@dataclass(frozen=True)
class Switched:
    """The level was switched after the ledger entry `key`, by people or by a rule that goes by no evidence."""

    key: int
    new: Level
    moment: datetime
    thrown_back: int | None = None
    """The epoch in which counting begins anew with it, as after each demotion."""


@dataclass(frozen=True)
class Closed:
    """Nobody is asked any more after the ledger entry `key`: the proposal was refused, or overtaken."""

    key: int


@dataclass(frozen=True)
class Step:
    """One thing that the rules do at a ledger entry: propose a level, or lower the job to one."""

    key: int
    what: str
    level: Level


@dataclass
class _Epoch:
    """What counting has come to in one epoch."""

    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    lots: dict[str, dict[str, tuple[Entry, ...]]] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    told: dict[int, list[Row]] = field(default_factory=dict)
    """By draw, what the detectors were told of it."""
    seen: set[int] = field(default_factory=set)
    detectors: Mapping[str, Pair] = field(default_factory=dict)
    level: Level | None = None
    demotions: int = 0
    cool_until: datetime | None = None
    cool_items: int = 0
    last_at: datetime | None = None

    def begin_anew(self, moment: datetime) -> None:
        """What a demotion does: counting starts anew, with a cool-down."""
        self.demotions += 1
        self.rows, self.lots, self.tallies, self.level = {}, {}, {}, None
        self.cool_until, self.cool_items = moment + COOL_TIME, COOL_ITEMS


class Replay:
    """The rules at work on a ledger, entry by entry."""

    def __init__(self, *, start: Level) -> None:
        self.level = start
        self.steps: list[Step] = []
        self._epochs: dict[int, _Epoch] = {}
        self._asked: int | None = None
        """The epoch with a proposal that waits for people."""
        self._partial_since: datetime | None = None

    def tallies(self, epoch: int) -> Mapping[str, Tally]:
        return self._epochs[epoch].tallies

    def switch(self, switched: Switched) -> None:
        self.level, self._asked = switched.new, None
        self._partial_since = switched.moment if switched.new == Level.PARTIAL else None
        if switched.thrown_back is not None:
            self._epochs.setdefault(switched.thrown_back, _Epoch()).begin_anew(switched.moment)

    def close(self) -> None:
        self._asked = None

    def count(self, line: Line) -> None:
        """Take one entry in, and do what it leads to."""
        epoch = self._epochs.setdefault(line.epoch, _Epoch())
        epoch.last_at = max(epoch.last_at or line.moment, line.moment)
        changed = _tally(epoch, line.row, counting.counters(line.critical))
        alarms = self._watch(epoch, line) if line.in_force else []
        _cool(epoch, line.row)
        alarm = stepping_down.worst(alarms)
        if alarm is not None and alarm.down is not None:
            self._step_down(epoch, line, alarm.down)
        elif changed and line.in_force and not line.row.left_out:
            self._propose(epoch, line)

    def _watch(self, epoch: _Epoch, line: Line) -> list[Alarm]:
        row = line.row
        if row.reference is None or (row.left_out and not row.old):
            return []
        told = epoch.told.setdefault(row.draw, [])
        critical = stepping_down.critical_escape(row, level=self.level, critical=frozenset(line.critical), told=told)
        alarms: list[Alarm] = []
        if not row.left_out:
            if epoch.level != self.level:
                epoch.level = self.level
                epoch.detectors = stepping_down.fresh(level=self.level, tallies=epoch.tallies, bars=line.bars)
            epoch.detectors = stepping_down.at_bars(epoch.detectors, level=self.level, bars=line.bars)
            epoch.detectors, alarms = stepping_down.observe(epoch.detectors, row, level=self.level, told=told)
        told.append(row)
        return [*alarms, critical] if critical else alarms

    def _step_down(self, epoch: _Epoch, line: Line, down: Level) -> None:
        epoch.begin_anew(line.moment)
        self.level = stepping_down.lands_on(down, demotions=epoch.demotions)
        self.steps.append(Step(line.key, "lowered", self.level))
        self._asked, self._partial_since = None, line.moment if self.level == Level.PARTIAL else None

    def _propose(self, epoch: _Epoch, line: Line) -> None:
        to = ladder.above(self.level)
        if self._asked == line.epoch or to is None or not ladder.needs_proof(to):
            return
        now = epoch.last_at or line.moment
        partial = (now - self._partial_since).total_seconds() / 86_400 if self._partial_since else 0.0
        facts = Facts(
            now=now,
            demotions=epoch.demotions,
            cool_until=epoch.cool_until,
            cool_items=epoch.cool_items,
            days_in_partial=partial,
            critical=line.critical,
        )
        if readiness(to=to, tallies=epoch.tallies, bars=line.bars, facts=facts).proven:
            self._asked = line.epoch
            self.steps.append(Step(line.key, "proposed", to))


def replay(events: Iterable[Line | Switched | Closed], *, start: Level) -> list[Step]:
    """All that the rules do on a ledger whose switches by people stand between its entries, in order."""
    at_work = Replay(start=start)
    for event in events:
        if isinstance(event, Switched):
            at_work.switch(event)
        elif isinstance(event, Closed):
            at_work.close()
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
    if fresh and epoch.cool_items and not row.left_out and row.drawn in POOLED:
        epoch.cool_items -= 1
