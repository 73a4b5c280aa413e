"""What has to be proven before a job may climb, said as sentences; nothing is proven by looking often enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inspection.policy import counting, ladder
from inspection.policy.bars import LIMITS, Bars, alpha_after
from inspection.policy.counting import NONE, Counter, Tallies, Tally
from inspection.policy.evalues import disproven, log_e_below, present_rate, still_needed, upper_limit
from inspection.policy.evalues import proven as is_proven
from inspection.sentences import Count, Moment, Percent, Sentence, as_json
from inspection.vocabulary import UNBIASED, Level, Proof

MOST_DEMOTIONS = 3
"""After so many demotions in one epoch the job stays in shadow until another model comes."""
COOL_TIME = timedelta(hours=24)
COOL_ITEMS = 500
LEAST_SHIFT = timedelta(hours=4)
"""Shorter than this nobody works a shift; beginning one at every hour made three of a morning."""
DAY = timedelta(hours=24)
LEAST_PAIRS = 100
"""With fewer parts judged by two blind people nobody knows how well people agree."""


@dataclass(frozen=True)
class Ceiling:
    """How well people agree with one another: parts that two of them judged blind, and on how many they agreed."""

    agree: int = 0
    pairs: int = 0

    @property
    def error(self) -> float | None:
        """Error of one label, where two people err equally often and independently: agreement A = (1 - e)^2 + e^2, so
        e = (1 - sqrt(2 A - 1)) / 2. None where too few pairs or an agreement below one half leave it unknown."""
        if self.pairs < LEAST_PAIRS or 2 * self.agree < self.pairs:
            return None
        return (1 - math.sqrt(2 * self.agree / self.pairs - 1)) / 2


@dataclass(frozen=True)
class Facts:
    """What a promotion goes by besides counts."""

    now: datetime
    demotions: int = 0
    cool_until: datetime | None = None
    cool_items: int = 0
    ceiling: Ceiling = field(default_factory=Ceiling)
    days_in_partial: float = 0.0
    open_alarms: int = 0
    critical: tuple[str, ...] = ()
    """Codes of the critical classes."""
    zone: str = "UTC"
    """On whose clock moments are told, by its name in the IANA list."""
    spread: timedelta | None = None
    """From the first part that counted to the last one; None where that is not known."""


@dataclass(frozen=True)
class Finding:
    """What the evidence says of one criterion. Figures are None where the criterion has none."""

    name: str
    proof: Proof
    sentence: Sentence
    counter: str = ""
    k: int | None = None
    n: int | None = None
    bar: float | None = None
    upper: float | None = None
    """Upper confidence limit of the share, valid however often one looks."""
    log_e: float | None = None
    needed_best: int | None = None
    """How many more if no further error comes; None where that is never."""
    needed_rate: int | None = None

    def as_json(self) -> dict[str, Any]:
        found = {
            **asdict(self),
            "proof": self.proof.value,
            "sentence": str(self.sentence),
            "said": as_json(self.sentence),
        }
        if self.log_e is not None and not math.isfinite(self.log_e):
            found["log_e"] = None
        return found


@dataclass(frozen=True)
class Readiness:
    """All criteria of one climb, and whether all of them hold at the same look."""

    to: Level
    alpha: float
    findings: tuple[Finding, ...]

    @property
    def proven(self) -> bool:
        return all(finding.proof == Proof.PROVEN for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {"to": self.to.value, "alpha": self.alpha, "findings": [one.as_json() for one in self.findings]}


@dataclass(frozen=True)
class Criterion:
    """A share that has to be proven below a bar: what is counted, and what the share is said to be."""

    counter: Counter
    bar: str
    claim: Sentence
    """With {confidence}, {upper}, {k}, {n}."""


SAYS_ELSE = Sentence("With {confidence} confidence the AI says something else than people in at most {upper}")
LETS_THROUGH = Sentence("With {confidence} confidence the AI lets through at most {upper} of all parts")
MISSES = Sentence("With {confidence} confidence the AI misses at most {upper} of the defects")
OVERKILLS = Sentence("With {confidence} confidence the AI rejects at most {upper} of the good parts")
BLIND_THROUGH = Sentence("With {confidence} confidence the AI would let through at most {upper} of the blind share")
AUDIT_THROUGH = Sentence("With {confidence} confidence at most {upper} of what the AI passed is bad")
CLASS_MISSES = Sentence("With {confidence} confidence the AI misses at most {upper} of the class {label}")

CRITERIA: dict[Level, tuple[Criterion, ...]] = {
    Level.ASSISTANCE: (
        Criterion(counting.AI_ERROR, "ai_error", SAYS_ELSE),
        Criterion(counting.MISS, "miss", MISSES),
    ),
    Level.PARTIAL: (Criterion(counting.ESCAPE, "escape", LETS_THROUGH),),
    Level.FULL: (
        Criterion(counting.ESCAPE_BLIND, "escape", BLIND_THROUGH),
        Criterion(counting.ESCAPE_AUDIT, "escape", AUDIT_THROUGH),
        Criterion(counting.MISS_BLIND, "miss_full", MISSES),
        Criterion(counting.OVERKILL_BLIND, "overkill", OVERKILLS),
    ),
}
"""By the level that a job climbs to."""


def readiness(*, to: Level, tallies: Tallies, bars: Bars, facts: Facts) -> Readiness:
    """What the evidence says of every criterion of a climb to `to`; nothing stands against the levels below proof."""
    alpha = alpha_after(bars, facts.demotions)
    found = [_below(one, tallies.get(one.counter.name, NONE), bars, alpha, facts) for one in _criteria(to, facts)]
    if to in LEAST:
        found += [*LEAST[to](tallies, bars, facts), *_settled(tallies, bars), *_after_demotions(facts)]
    return Readiness(to=to, alpha=alpha, findings=tuple(found))


def _criteria(to: Level, facts: Facts) -> tuple[Criterion, ...]:
    declared = CRITERIA.get(to, ())
    if to != Level.FULL:
        return declared
    return declared + tuple(
        Criterion(counting.class_miss(label), "critical", CLASS_MISSES) for label in sorted(facts.critical)
    )


def _below(one: Criterion, tally: Tally, bars: Bars, alpha: float, facts: Facts) -> Finding:
    bar, k, n = bars[one.bar], tally.k, tally.n
    upper = upper_limit(k, n, alpha)
    claim = Sentence(one.claim.text, confidence=Percent(1 - alpha), upper=Percent(upper), label=one.counter.label)
    seen = Sentence("{claim} (seen: {k} of {n}); bar {bar}", claim=claim, k=Count(k), n=Count(n), bar=Percent(bar))
    best = still_needed(k, n, bar, alpha, rate=0.0)
    at_rate = still_needed(k, n, bar, alpha, rate=present_rate(k, n))
    proof, sentence = _judged(seen, k, n, bar, alpha, best, at_rate)
    ceiling = facts.ceiling.error
    if one.counter.error == counting.Error.DIFFERS and ceiling is not None and bar < ceiling:
        proof, sentence = Proof.NOT_MET, below_people(bar, ceiling)
    return Finding(
        name=one.counter.name,
        counter=one.counter.name,
        proof=proof,
        sentence=sentence,
        k=k,
        n=n,
        bar=bar,
        upper=upper,
        log_e=log_e_below(k, n, bar),
        needed_best=best,
        needed_rate=at_rate,
    )


def _judged(
    seen: Sentence, k: int, n: int, bar: float, alpha: float, best: int | None, at_rate: int | None
) -> tuple[Proof, Sentence]:
    if is_proven(k, n, bar, alpha):
        return Proof.PROVEN, Sentence("{seen}: proven.", seen=seen)
    if disproven(k, n, bar, alpha):
        return Proof.NOT_MET, Sentence("{seen}: not met.", seen=seen)
    if n == 0:
        return Proof.NOT_YET, Sentence("{seen}. Nothing has been counted yet.", seen=seen)
    if at_rate is None:
        return Proof.NOT_YET, Sentence(
            "{seen}. {best} more needed if no further error comes; never at the present rate.",
            seen=seen,
            best=Count(best or 0),
        )
    return Proof.NOT_YET, Sentence(
        "{seen}. {best} more needed if no further error comes, about {rate} at the present rate.",
        seen=seen,
        best=Count(best or 0),
        rate=Count(at_rate),
    )


def below_people(bar: float, ceiling: float) -> Sentence:
    """Why a bar is refused that lies below the error of people's own verdicts."""
    return Sentence(
        "The bar of {bar} lies below what people themselves reach ({ceiling} of their verdicts are wrong): "
        "nobody can prove it against them.",
        bar=Percent(bar),
        ceiling=Percent(ceiling),
    )


def _at_least(name: str, have: float, want: float, said: Sentence, **more: Any) -> Finding:
    """A minimum: reached, or how much is there and how much is asked for; `more` are further values of the sentence."""
    reached = have >= want
    return Finding(
        name=name,
        proof=Proof.PROVEN if reached else Proof.NOT_YET,
        sentence=Sentence(said.text, have=Count(have), want=Count(want), **more),
        k=int(have),
        n=int(want),
        needed_best=max(0, math.ceil(want - have)),
    )


def _too_close(name: str, have: int, want: int, least: timedelta, facts: Facts) -> list[Finding]:
    """Nothing where as many shifts or days as are asked for fit between the first counted part and the last one.

    Shifts and days count by the calendar in force, and whoever changes the calendar or the time zone made five shifts
    and two days of one minute. Whatever the calendar says, n shifts take (n - 1) x 4 hours and n days, of which the
    first and the last may be cut short, (n - 2) x 24 hours.
    """
    if have < want or facts.spread is None or facts.spread >= least:
        return []
    within, hours = math.ceil(facts.spread / timedelta(hours=1)), math.ceil(least / timedelta(hours=1))
    said = {"shifts": CLOSE_SHIFTS, "days": CLOSE_DAYS}[name]
    sentence = Sentence(said.text, n=Count(have), within=Count(within), want=Count(want), hours=Count(hours))
    return [Finding(name=f"{name}_apart", proof=Proof.NOT_YET, sentence=sentence)]


JUDGES = Sentence("People who judged {least} or more of the counted parts: {have}; at least {want}.")
CLOSE_SHIFTS = Sentence(
    "These {n} shifts lie within {within} h; {want} shifts take at least {hours} h: a change of the calendar?"
)
CLOSE_DAYS = Sentence(
    "These {n} days lie within {within} h; {want} days take at least {hours} h: a change of the time zone?"
)


def parts_of_a_judge(bars: Bars) -> int:
    """From how many counted parts on somebody counts among the people who judged: a tenth of a fair share of the parts
    that are asked for, and never one part alone.

    Two people stand for two pairs of eyes; one stray part, judged by the very manager who signs, made a second person.
    """
    return max(2, math.ceil(bars.items / bars.people / 10))


def _least_for_assistance(tallies: Tallies, bars: Bars, facts: Facts) -> list[Finding]:
    items, defects = tallies.get("ai_error", NONE), tallies.get("miss", NONE)
    shifts, least = items.distinct("shift"), parts_of_a_judge(bars)
    people = items.distinct("person", least=least)
    return [
        _at_least("items", items.n, bars.items, Sentence("Parts counted: {have}; at least {want}.")),
        _at_least("defects", defects.n, bars.defects, Sentence("Defects counted: {have}; at least {want}.")),
        _at_least("lots", items.lots, bars.lots, Sentence("Lots or ten-minute slots: {have}; at least {want}.")),
        _at_least("shifts", shifts, bars.shifts, Sentence("Shifts: {have}; at least {want}.")),
        *_too_close("shifts", shifts, bars.shifts, (bars.shifts - 1) * LEAST_SHIFT, facts),
        _at_least("people", people, bars.people, JUDGES, least=Count(least)),
    ]


def _least_for_partial(tallies: Tallies, bars: Bars, facts: Facts) -> list[Finding]:
    escape = tallies.get("escape", NONE)
    days = escape.distinct("day")
    return [
        _share_of_ai(tallies.get("not_accepted", NONE), bars),
        _at_least("items", escape.n, bars.items_partial, Sentence("Parts counted: {have}; at least {want}.")),
        _at_least("days", days, bars.days, Sentence("Days: {have}; at least {want}.")),
        *_too_close("days", days, bars.days, (bars.days - 2) * DAY, facts),
    ]


def _share_of_ai(tally: Tally, bars: Bars) -> Finding:
    """How much would be decided by the AI: a promotion that hands it next to nothing is not worth its risk."""
    share = 1 - tally.k / tally.n if tally.n else 0.0
    return Finding(
        name="ai_share",
        proof=Proof.PROVEN if share >= bars.ai_share else Proof.NOT_MET if tally.n else Proof.NOT_YET,
        sentence=Sentence(
            "The AI would pass {share} of the parts by itself ({k} of {n}); at least {want}.",
            share=Percent(share),
            k=Count(tally.n - tally.k),
            n=Count(tally.n),
            want=Percent(bars.ai_share),
        ),
        k=tally.n - tally.k,
        n=tally.n,
        bar=bars.ai_share,
    )


def _least_for_full(_tallies: Tallies, bars: Bars, facts: Facts) -> list[Finding]:
    quiet = facts.open_alarms == 0
    return [
        _at_least(
            "days_in_partial",
            math.floor(facts.days_in_partial),
            bars.days_in_partial,
            Sentence("{have} days in partial automation; at least {want}."),
        ),
        Finding(
            name="alarms",
            proof=Proof.PROVEN if quiet else Proof.NOT_MET,
            sentence=Sentence("No alarm is open.")
            if quiet
            else Sentence("Open alarms and incidents: {n}.", n=Count(facts.open_alarms)),
        ),
    ]


LEAST: dict[Level, Callable[[Tallies, Bars, Facts], Sequence[Finding]]] = {
    Level.ASSISTANCE: _least_for_assistance,
    Level.PARTIAL: _least_for_partial,
    Level.FULL: _least_for_full,
}


def _settled(tallies: Tallies, bars: Bars) -> list[Finding]:
    """Where people themselves cannot tell too often, there is nothing to prove an AI against."""
    tally = tallies.get("unsettled", NONE)
    share = tally.k / tally.n if tally.n else 0.0
    return [
        Finding(
            name="unsettled",
            proof=Proof.PROVEN if share <= bars.unsettled else Proof.NOT_MET,
            sentence=Sentence(
                "People could not tell in {share} ({k} of {n}); at most {want}.",
                share=Percent(share),
                k=Count(tally.k),
                n=Count(tally.n),
                want=Percent(bars.unsettled),
            ),
            k=tally.k,
            n=tally.n,
            bar=bars.unsettled,
        )
    ]


def _after_demotions(facts: Facts) -> list[Finding]:
    """Nothing where the job has not been thrown back in this epoch."""
    if facts.demotions == 0:
        return []
    if facts.demotions >= MOST_DEMOTIONS:
        sentence = Sentence("Thrown back {n} times: another model has to come first.", n=facts.demotions)
        return [Finding(name="demotions", proof=Proof.NOT_MET, sentence=sentence)]
    waiting = facts.cool_until is not None and facts.now < facts.cool_until
    cooled = not waiting and facts.cool_items == 0
    sentence = Sentence("Cooled down since the last demotion.")
    if waiting or facts.cool_items:
        sentence = Sentence(
            "Cooling down after a demotion: until {moment} and for {n} more blind parts.",
            moment=Moment(facts.cool_until, facts.zone) if facts.cool_until else "",
            n=Count(facts.cool_items),
        )
    proof = Proof.PROVEN if cooled else Proof.NOT_YET
    return [Finding(name="cool_down", proof=proof, sentence=sentence, needed_best=facts.cool_items or None)]


def _refuse_a_wrong_table() -> None:
    """Each climb that needs proof has criteria, minimums and evidence of its own."""
    for level in ladder.LADDER:
        if (level in CRITERIA) != ladder.needs_proof(level) or (level in LEAST) != ladder.needs_proof(level):
            raise RuntimeError(f"what a climb to {level} asks for is not declared whole")
    for one in (one for level in CRITERIA for one in CRITERIA[level]):
        if one.bar not in LIMITS or not one.counter.drawn <= set(UNBIASED):
            raise RuntimeError(f"{one.counter.name} has no bar, or counts what proves nothing")


_refuse_a_wrong_table()
