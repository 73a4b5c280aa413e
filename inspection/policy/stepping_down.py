"""When a job has to step down: detectors that notice at once what the promotion's evidence did not see coming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inspection.policy import counting
from inspection.policy.bars import Bars
from inspection.policy.counting import NONE, Counter, Error, Of, Row, Tallies, is_error
from inspection.policy.evalues import Detector
from inspection.policy.ladder import STOPPED, below, is_climb
from inspection.policy.promotion import MOST_DEMOTIONS
from inspection.sentences import Percent, Sentence
from inspection.vocabulary import Cause, Drawn, Level, Verdict

LEAST_RATE = 0.1
"""The change detector begins at the rate seen at the promotion, but not below a tenth of the bar: where no error was
seen at all the first one would else be an alarm."""
MOST_NO_ANSWERS = 0.02
LEAST_ASKED = 100
LEAST_RESOLVED = 0.8
LEAST_DRAWN = 10
"""Of fewer parts than this no share is worth a demotion."""


@dataclass(frozen=True)
class Watch:
    """One stream of evidence that is watched while a job stands on a level.

    `proven_by` names the counter whose rate at the promotion the change detector begins with.
    """

    counter: Counter
    bar: str
    proven_by: str

    @property
    def name(self) -> str:
        return self.counter.name


BLIND = frozenset({Drawn.BLIND})
AUDITED = frozenset({Drawn.AUDIT_RANDOM, Drawn.AUDIT_RISK})
_ESCAPES = (
    Watch(counting.ESCAPE_BLIND, "escape", proven_by="escape"),
    Watch(counting.ESCAPE_AUDIT, "escape", proven_by="escape"),
)
WATCHES: dict[Level, tuple[Watch, ...]] = {
    Level.ASSISTANCE: (
        Watch(Counter("ai_error_blind", BLIND, Of.ITEMS, Error.DIFFERS), "ai_error", proven_by="ai_error"),
        Watch(counting.MISS_BLIND, "miss", proven_by="miss"),
    ),
    Level.PARTIAL: _ESCAPES,
    Level.FULL: (
        *_ESCAPES,
        Watch(counting.MISS_BLIND, "miss_full", proven_by="miss_blind"),
        Watch(counting.OVERKILL_BLIND, "overkill", proven_by="overkill_blind"),
    ),
}
"""By the level that the job stands on; below assistance the AI does nothing that would have to be stopped."""


FIGURES = {
    "ai_error_blind": Sentence("AI error in the blind share"),
    "escape_blind": Sentence("escapes in the blind share"),
    "escape_audit": Sentence("escapes in the random audit"),
    "miss_blind": Sentence("misses in the blind share"),
    "overkill_blind": Sentence("overkill in the blind share"),
}


FOUND = Sentence("a critical defect was let through: {labels}, on part {serial}")
REPORTED = Sentence("a critical defect was let through: {labels}, reported on part {serial}")


@dataclass(frozen=True)
class Pair:
    """The two detectors of one watch: against the bar, and against what was seen at the promotion."""

    bar: Detector
    change: Detector

    def as_json(self) -> dict[str, Any]:
        return {"bar": self.bar.as_json(), "change": self.change.as_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pair:
        return cls(bar=Detector.from_json(data["bar"]), change=Detector.from_json(data["change"]))


Detectors = Mapping[str, Pair]


def fresh(*, level: Level, tallies: Tallies, bars: Bars) -> dict[str, Pair]:
    """The detectors with which a job begins on a level; none where nothing is watched."""
    found = {}
    for watch in WATCHES.get(level, ()):
        bar, tally = bars[watch.bar], tallies.get(watch.proven_by, NONE)
        rate = (tally.k + 1) / (tally.n + 1)
        seen = min(bar, max(rate, bar * LEAST_RATE))
        found[watch.name] = Pair(bar=Detector.fresh(bar), change=Detector.fresh(seen))
    return found


def at_bars(detectors: Detectors, *, level: Level, bars: Bars) -> dict[str, Pair]:
    """The detectors where a bar has become stricter since: they go on from where they stand, as what they have seen
    speaks against the stricter bar no less. Beginning anew would let a manager wipe out an alarm that is coming."""
    found = dict(detectors)
    for watch in WATCHES.get(level, ()):
        pair, bar = found.get(watch.name), bars[watch.bar]
        if pair is not None and pair.bar.p0 != bar:
            change = replace(pair.change, p0=min(pair.change.p0, bar))
            found[watch.name] = Pair(bar=replace(pair.bar, p0=bar), change=change)
    return found


@dataclass(frozen=True)
class Alarm:
    """One thing that a row has set off: `down` to a level, or a warning where it is None."""

    name: str
    cause: Cause
    words: Sentence
    down: Level | None = None


def news(counter: Counter, row: Row, told: Iterable[Row] = ()) -> bool | None:
    """Whether a row is an error in a counter, where it has not been `told` so before; None for nothing new.

    Each part counts once, but a part that passed for right may turn out to be wrong: looked at again, or answered
    anew after the first answer was taken back. Were it told only once, that escape would never be heard of.
    """
    error = is_error(counter, row)
    heard = [one for before in told if (one := is_error(counter, before)) is not None]
    return (True if error and not any(heard) else None) if heard else error


def observe(
    detectors: Detectors, row: Row, *, level: Level, told: Sequence[Row] = ()
) -> tuple[dict[str, Pair], list[Alarm]]:
    """The detectors after one settled row, and what it set off; `told` is what they were told of the same part before.
    Rows without a reference, and those on which people could not agree, say nothing here. Nor do those on which the AI
    gave no answer: five dark pictures in a row, with the lamp off, would throw back the best of models. Against too
    many of them stands `too_few_answers`.

    A change detector that has warned begins anew, or it would warn with every part from then on.
    """
    if row.left_out or row.unanswered or row.reference in {None, Verdict.UNSURE}:
        return dict(detectors), []
    after, alarms = dict(detectors), []
    for watch in WATCHES.get(level, ()):
        error = news(watch.counter, row, told)
        before = after.get(watch.name)
        if error is None or before is None:
            continue
        pair = Pair(bar=before.bar.after(error), change=before.change.after(error))
        if pair.bar.alarmed:
            words = Sentence(
                "{figure}: the evidence speaks against the bar of {bar}",
                figure=FIGURES[watch.name],
                bar=Percent(before.bar.p0),
            )
            alarms.append(Alarm(name=f"bar:{watch.name}", cause=Cause.BAR, words=words, down=below(level)))
        if pair.change.alarmed:
            words = Sentence(
                "{figure}: more than the {rate} seen at the promotion",
                figure=FIGURES[watch.name],
                rate=Percent(before.change.p0),
            )
            alarms.append(Alarm(name=f"change:{watch.name}", cause=Cause.BAR, words=words))
            pair = Pair(bar=pair.bar, change=Detector.fresh(pair.change.p0))
        after[watch.name] = pair
    return after, alarms


def critical_escape(row: Row, *, level: Level, critical: frozenset[str], told: Sequence[Row] = ()) -> Alarm | None:
    """A part that the AI has passed and in which people then found a critical defect: no statistics are waited for,
    and it need not have been drawn since counting began anew."""
    if not is_climb(old=STOPPED, new=level) or any(_is_critical(one, critical) for one in told):
        return None
    if not _is_critical(row, critical):
        return None
    words = Sentence("a critical defect was let through: {labels}", labels=", ".join(sorted(row.labels & critical)))
    return Alarm(name="critical", cause=Cause.CRITICAL, words=words, down=STOPPED)


def _is_critical(row: Row, critical: frozenset[str]) -> bool:
    heard = not row.left_out or row.old
    passed = row.drawn in AUDITED and row.opinion == Verdict.OK
    return heard and passed and row.reference == Verdict.NG and bool(row.labels & critical)


@dataclass(frozen=True)
class Escaped:
    """A part that the AI had passed by itself and on which people have confirmed defects, whether or not it counts.

    `passed_again` says that what is in force now would pass it again, `stopped` that it has stopped the job before.
    """

    serial: str
    labels: frozenset[str]
    passed_again: bool
    stopped: bool = False


def come_to_light(part: Escaped, *, level: Level, critical: frozenset[str], reported: bool = False) -> Alarm | None:
    """A critical escape that no count has heard of: opened again, `reported`, or found by somebody who knew the AI's
    opinion. It stops the AI as one that an audit found."""
    named = part.labels & critical
    if not named or not part.passed_again or part.stopped or not is_climb(old=STOPPED, new=level):
        return None
    text = REPORTED if reported else FOUND
    words = Sentence(text, labels=", ".join(sorted(named)), serial=part.serial)
    return Alarm(name="critical", cause=Cause.CRITICAL, words=words, down=STOPPED)


def worst(alarms: Sequence[Alarm]) -> Alarm | None:
    """The alarm that leads furthest down; None where there are only warnings."""
    order = list(Level)
    downs = [alarm for alarm in alarms if alarm.down is not None]
    return min(downs, key=lambda alarm: order.index(alarm.down or Level.FULL), default=None)


def lands_on(down: Level, *, demotions: int) -> Level:
    """Where a job lands that has been thrown back `demotions` times in this epoch, this time included."""
    return Level.SHADOW if demotions >= MOST_DEMOTIONS else down


def too_few_answers(*, faults: int, asked: int) -> bool:
    """Whether more than 2 % of the latest parts got no answer of the AI."""
    return asked > 0 and faults > MOST_NO_ANSWERS * asked


def too_few_resolved(*, resolved: int, drawn: int) -> bool:
    """Whether less than 80 % of the audits drawn in a shift have been resolved."""
    return drawn > 0 and resolved < LEAST_RESOLVED * drawn
