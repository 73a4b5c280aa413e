"""What is simulated: an AI and people with given rates of error, the parts they see, and what is asked of the AI."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from inspection.policy.bars import Bars
from inspection.refused import Refused
from inspection.sentences import Sentence
from inspection.vocabulary import Level

MOST_DAYS = 28
"""Evidence is resumed within thirty days; a simulation that began earlier would lose its own."""
MOST_INSPECTORS = 50


@dataclass(frozen=True)
class Rates:
    """How the AI errs, 0 to 1: misses of bad parts and rejects of good ones where it is sure; how often it is not."""

    miss: float = 0.02
    overkill: float = 0.005
    unsure: float = 0.01

    def error(self, defects: float) -> float:
        """Share of all parts of which it says something else than the truth, or nothing."""
        return self.unsure + (1 - self.unsure) * (defects * self.miss + (1 - defects) * self.overkill)

    def missed(self) -> float:
        """Share of the defects that it passes."""
        return (1 - self.unsure) * self.miss

    def escapes(self, defects: float) -> float:
        """Share of all parts that are bad and that it passes."""
        return defects * self.missed()

    def accepted(self, defects: float) -> float:
        """Share of all parts that it passes."""
        return (1 - self.unsure) * (defects * self.miss + (1 - defects) * (1 - self.overkill))


@dataclass(frozen=True)
class Drift:
    """From one part on the AI errs otherwise."""

    at: int
    rates: Rates


@dataclass(frozen=True)
class Plan:
    """One simulation. `late`: second looks and adjudications come so many parts after the part itself; `follow`: how
    often people who are shown that the AI differs give way; `bad_lots`: the share of lots that all of the AI's errors
    fall into, 1 for errors that know nothing of lots."""

    parts: int = 3000
    per_day: int = 200
    lot: int = 5
    bad_lots: float = 1.0
    defects: float = 0.1
    ai: Rates = field(default_factory=Rates)
    drift: Drift | None = None
    inspectors: int = 3
    miss: float = 0.0
    overkill: float = 0.0
    follow: float = 0.4
    late: int = 0
    blind: float = 0.10
    audit: float = 0.05
    bars: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """What `dataclasses.asdict` has made of a plan."""
        drift = data["drift"] and Drift(at=data["drift"]["at"], rates=Rates(**data["drift"]["rates"]))
        return cls(**{**data, "ai": Rates(**data["ai"]), "drift": drift})

    def rates(self, number: int) -> Rates:
        """How the AI errs on part `number`."""
        return self.drift.rates if self.drift is not None and number >= self.drift.at else self.ai

    def deserves(self, level: Level, number: int) -> bool:
        """Whether the AI that sees part `number` is truly better than all bars of the climb to a level."""
        bars, rates = Bars().changed(self.bars), self.rates(number)
        if level == Level.ASSISTANCE:
            return rates.error(self.defects) < bars.ai_error and rates.missed() < bars.miss
        if level == Level.PARTIAL:
            return rates.escapes(self.defects) < bars.escape and rates.accepted(self.defects) >= bars.ai_share
        return level in {Level.HUMAN_ONLY, Level.SHADOW}


def check(plan: Plan) -> None:
    """Raises `Refused` `bad_simulation` with the first thing that cannot be simulated."""
    shares = {one.name: getattr(plan, one.name) for one in fields(plan) if one.type == "float"}
    for rates in (plan.ai, *([plan.drift.rates] if plan.drift else [])):
        shares |= {f"AI {one.name}": getattr(rates, one.name) for one in fields(rates)}
        if plan.bad_lots < max(rates.miss, rates.overkill, rates.unsure):
            raise _no("So many errors do not fit into a share of {share} bad lots.", share=plan.bad_lots)
    for name, share in shares.items():
        if not (math.isfinite(share) and 0 <= share <= 1):
            raise _no("{name} is a share between 0 and 1, not {share}.", name=name, share=share)
    if not 1 <= plan.inspectors <= MOST_INSPECTORS:
        raise _no("Between 1 and {most} inspectors are simulated.", most=MOST_INSPECTORS)
    if min(plan.parts, plan.per_day, plan.lot) < 1 or plan.late < 0:
        raise _no("Parts, parts a day and parts a lot are at least 1.")
    if plan.parts > MOST_DAYS * plan.per_day:
        raise _no("At most {days} days are simulated: let more parts come a day.", days=MOST_DAYS)


def _no(text: str, **values: object) -> Refused:
    return Refused("bad_simulation", Sentence(text, **values))
