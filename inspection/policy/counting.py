"""What counts as evidence: of each lot the first three of each counter's own denominator, in the order of the draws.

Errors come in bad lots; fifty parts of one lot are hardly more evidence than three. And a drawn part without a
reference yet counts as the AI's error: disagreements resolve later than agreements, and leaving them out would let
an AI be proven by the parts that happened to be easy.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from inspection.vocabulary import UNBIASED, Drawn, Verdict

PER_LOT = 3
LONGEST_LOT = 100
"""Characters of the column in which lots are counted."""
POOLED = frozenset({Drawn.SHADOW, Drawn.BLIND})


@dataclass(frozen=True)
class Row:
    """One drawn item as it stands: when it was drawn and how, what the AI said, and the reference if there is one.

    `draw` is its place in the order of the draws, `lot` its lot as `lot_key` spells it. `reference` is `UNSURE` where
    people could not tell and the adjudicator neither: such a row is left out of every count of errors. `left_out` says
    that it counts for nothing: taken back, judged with the AI in view, or `old`: drawn before counting began anew.
    `late` says that the AI did not answer in time: it has passed nothing, and shown neither skill nor the want of it.
    `unanswered` says that it gave no answer at all; that is an error for a climb, and nothing that a detector hears.
    """

    draw: int
    lot: str
    drawn: Drawn
    opinion: Verdict
    reference: Verdict | None = None
    labels: frozenset[str] = frozenset()
    shift: str = ""
    day: str = ""
    person: str = ""
    left_out: bool = False
    old: bool = False
    late: bool = False
    unanswered: bool = False


def lot_key(name: str) -> str:
    """The one spelling under which a lot counts: compatible forms of Unicode (NFKC), case, blanks at the ends, runs of
    blanks and signs that nobody sees make no other lot of it. LOT1, lot1 and a LOT1 with a blank behind it were three
    lots, and three times three parts counted. What stands between its parts, a hyphen or a blank, tells lots apart."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    key = " ".join("".join(sign for sign in folded if unicodedata.category(sign) != "Cf").split())
    # One sign may fold to eighteen.
    return key if len(key) <= LONGEST_LOT else hashlib.sha256(key.encode()).hexdigest()


class Of(Enum):
    """Denominators."""

    ITEMS = "items"
    DEFECTS = "defects"
    GOOD = "good"
    PASSED = "passed"
    """What the AI passes; an audit of what it rejects shows no escape and would thin them out."""


class Error(Enum):
    """What counts as an error."""

    DIFFERS = "differs"
    """The AI says something else, or nothing: UNSURE is an error here."""
    ACCEPTED = "accepted"
    """The AI passes a bad part; UNSURE passes nothing."""
    REJECTED = "rejected"
    """The AI rejects a good part."""
    NOT_ACCEPTED = "not_accepted"
    """The AI does not pass the part by itself, whatever it is."""
    UNSETTLED = "unsettled"
    """People could not tell, and the adjudicator neither."""


@dataclass(frozen=True)
class Counter:
    """One figure that is counted: of which draws, over which denominator, and what is an error in it.

    `label` narrows the defects to one class. `spread` names what is told apart besides, of
    `shift`, `day` and `person`.
    """

    name: str
    drawn: frozenset[Drawn]
    of: Of
    error: Error
    label: str = ""
    spread: tuple[str, ...] = ()


AI_ERROR = Counter("ai_error", frozenset({Drawn.SHADOW}), Of.ITEMS, Error.DIFFERS, spread=("shift", "person"))
MISS = Counter("miss", frozenset({Drawn.SHADOW}), Of.DEFECTS, Error.ACCEPTED)
ESCAPE = Counter("escape", POOLED, Of.ITEMS, Error.ACCEPTED, spread=("day",))
NOT_ACCEPTED = Counter("not_accepted", POOLED, Of.ITEMS, Error.NOT_ACCEPTED)
UNSETTLED = Counter("unsettled", frozenset(UNBIASED), Of.ITEMS, Error.UNSETTLED)
ESCAPE_BLIND = Counter("escape_blind", frozenset({Drawn.BLIND}), Of.ITEMS, Error.ACCEPTED)
ESCAPE_AUDIT = Counter("escape_audit", frozenset({Drawn.AUDIT_RANDOM}), Of.PASSED, Error.ACCEPTED)
MISS_BLIND = Counter("miss_blind", frozenset({Drawn.BLIND}), Of.DEFECTS, Error.ACCEPTED)
OVERKILL_BLIND = Counter("overkill_blind", frozenset({Drawn.BLIND}), Of.GOOD, Error.REJECTED)
ALWAYS = (
    AI_ERROR,
    MISS,
    ESCAPE,
    NOT_ACCEPTED,
    UNSETTLED,
    ESCAPE_BLIND,
    ESCAPE_AUDIT,
    MISS_BLIND,
    OVERKILL_BLIND,
)


def class_miss(label: str) -> Counter:
    """Misses of one critical class, in the blind share."""
    return Counter(f"miss_blind:{label}", frozenset({Drawn.BLIND}), Of.DEFECTS, Error.ACCEPTED, label=label)


def counters(critical: Iterable[str]) -> tuple[Counter, ...]:
    """All that is counted in a job with these critical classes."""
    return (*ALWAYS, *(class_miss(label) for label in sorted(critical)))


def is_error(counter: Counter, row: Row) -> bool | None:
    """Whether a row is an error in a counter; None where it does not belong to its denominator.

    Without a reference the worst that the AI's opinion leaves open is assumed: an accepted part may be a defect that
    slipped through, a rejected one may be good.
    """
    if row.left_out or row.drawn not in counter.drawn or (counter.of == Of.PASSED and row.opinion != Verdict.OK):
        return None
    if counter.error == Error.UNSETTLED:
        return row.reference == Verdict.UNSURE
    if row.reference == Verdict.UNSURE:
        return None
    if counter.error == Error.NOT_ACCEPTED:
        return row.opinion != Verdict.OK
    if row.late:
        # Of a night without workers a hundred errors would have been held against the best of models, and five hundred
        # parts that nobody passed would have proven that a bad one lets nothing slip through.
        return None
    if row.reference is None:
        return _worst(counter, row)
    return _judged(counter, row, row.reference)


def _worst(counter: Counter, row: Row) -> bool | None:
    if counter.error == Error.DIFFERS:
        return True
    wrong = {Error.ACCEPTED: Verdict.OK, Error.REJECTED: Verdict.NG}[counter.error]
    if row.opinion == wrong:
        return True
    return False if counter.of == Of.ITEMS else None


def _judged(counter: Counter, row: Row, reference: Verdict) -> bool | None:
    if counter.of == Of.DEFECTS and (reference != Verdict.NG or (counter.label and counter.label not in row.labels)):
        return None
    if counter.of == Of.GOOD and reference != Verdict.OK:
        return None
    if counter.error == Error.DIFFERS:
        return row.opinion != reference
    if counter.error == Error.ACCEPTED:
        return reference == Verdict.NG and row.opinion == Verdict.OK
    return reference == Verdict.OK and row.opinion == Verdict.NG


@dataclass(frozen=True, order=True)
class Entry:
    """One row as it counts in one counter."""

    draw: int
    error: bool
    spread: tuple[str, ...] = ()


Lot = Mapping[str, tuple[Entry, ...]]
"""Counter name to the entries of one lot that count, at most three, in the order of their draws."""
First = Callable[[Counter], Sequence[Row]]
"""Gives the first rows of a lot, as they stand now, that belong to a counter's denominator; at least three if there
are as many."""


def entry(counter: Counter, row: Row) -> Entry | None:
    error = is_error(counter, row)
    if error is None:
        return None
    return Entry(draw=row.draw, error=error, spread=tuple(getattr(row, name) for name in counter.spread))


def first_entries(counter: Counter, rows: Iterable[Row]) -> tuple[Entry, ...]:
    """What counts of a lot, out of any of its rows that hold the first three of the denominator."""
    found = sorted(made for row in rows if (made := entry(counter, row)) is not None)
    return tuple(found[:PER_LOT])


def count(lot: Lot, row: Row, *, which: Iterable[Counter], first: First) -> dict[str, tuple[Entry, ...]]:
    """A lot after one of its rows has come or changed.

    `first` is asked only where a row that counted has left its denominator, so that the next one moves up.
    """
    after = dict(lot)
    for counter in which:
        before = lot.get(counter.name, ())
        others = tuple(kept for kept in before if kept.draw != row.draw)
        made = entry(counter, row)
        if len(others) < len(before) == PER_LOT and made is None:
            entries = first_entries(counter, first(counter))
        elif made is not None:
            entries = tuple(sorted((*others, made))[:PER_LOT])
        else:
            entries = others
        if entries:
            after[counter.name] = entries
        else:
            after.pop(counter.name, None)
    return after


@dataclass(frozen=True)
class Tally:
    """One counter over all lots: `k` errors in `n`, from how many lots, and how it spreads over shifts and people."""

    k: int = 0
    n: int = 0
    lots: int = 0
    spread: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def distinct(self, name: str, *, least: int = 1) -> int:
        """How many different shifts, days or people have at least so many parts; nobody, of a part that was lost, is no
        person."""
        return sum(bool(value) and n >= least for value, n in self.spread.get(name, {}).items())

    def moved(self, counter: Counter, before: Sequence[Entry], after: Sequence[Entry]) -> Tally:
        """The tally after one lot has gone from `before` to `after`."""
        spread = {name: dict(self.spread.get(name, {})) for name in counter.spread}
        for entries, by in ((before, -1), (after, 1)):
            for one in entries:
                for name, value in zip(counter.spread, one.spread, strict=True):
                    spread[name][value] = spread[name].get(value, 0) + by
        return Tally(
            k=self.k + sum(one.error for one in after) - sum(one.error for one in before),
            n=self.n + len(after) - len(before),
            lots=self.lots + bool(after) - bool(before),
            spread={name: {value: n for value, n in found.items() if n} for name, found in spread.items()},
        )

    def as_json(self) -> dict[str, Any]:
        plain = {"k": self.k, "n": self.n, "lots": self.lots}
        return {**plain, "spread": self.spread} if self.spread else plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        return cls(k=data["k"], n=data["n"], lots=data["lots"], spread=data.get("spread", {}))


Tallies = Mapping[str, Tally]
NONE = Tally()


def moved(tallies: Tallies, before: Lot, after: Lot, *, which: Iterable[Counter]) -> dict[str, Tally]:
    """The tallies after one lot has changed."""
    found = dict(tallies)
    for counter in which:
        was, now = before.get(counter.name, ()), after.get(counter.name, ())
        if was != now:
            found[counter.name] = found.get(counter.name, NONE).moved(counter, was, now)
    return found


def as_json(lot: Lot) -> dict[str, list[list[Any]]]:
    return {name: [[one.draw, int(one.error), *one.spread] for one in entries] for name, entries in lot.items()}


def from_json(data: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, tuple[Entry, ...]]:
    return {
        name: tuple(Entry(draw=draw, error=bool(error), spread=tuple(rest)) for draw, error, *rest in entries)
        for name, entries in data.items()
    }
