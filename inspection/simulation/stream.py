"""The stream of simulated parts: which are bad and what the AI says of each, drawn from the seed and nothing else."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from inspection.acts.simulate import SimulatedPart
from inspection.simulation.plan import Plan, Rates
from inspection.vocabulary import Verdict

ACCEPT_AT, REJECT_AT = 0.2, 0.8
_BANDS = {
    Verdict.OK: (0.0, ACCEPT_AT),
    Verdict.UNSURE: (ACCEPT_AT + 0.01, REJECT_AT - 0.01),
    Verdict.NG: (REJECT_AT, 1),
}


@dataclass(frozen=True)
class Made:
    """One part as only the simulation knows it."""

    number: int
    part: SimulatedPart
    bad: bool
    opinion: Verdict
    score: float


def stream(plan: Plan, *, seed: int, begins: datetime) -> Iterator[Made]:
    """All parts in the order in which they come; the same seed always gives the same ones, ids included."""
    for number in range(plan.parts):
        chance = random.Random(f"{seed}:part:{number}")
        lot = number // plan.lot
        bad = chance.random() < plan.defects
        opinion = _opinion(chance, bad, _in_lot(plan, plan.rates(number), seed, lot))
        part = SimulatedPart(
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            serial=f"S{number:06d}",
            lot=f"L{lot:05d}",
            captured_at=begins + timedelta(days=number / plan.per_day),
        )
        yield Made(number=number, part=part, bad=bad, opinion=opinion, score=round(chance.uniform(*_BANDS[opinion]), 4))


def _in_lot(plan: Plan, rates: Rates, seed: int, lot: int) -> Rates:
    """The AI's rates in one lot: where errors come in bad lots the good ones have none, and the mean stays."""
    if plan.bad_lots >= 1:
        return rates
    if random.Random(f"{seed}:lot:{lot}").random() >= plan.bad_lots:
        return Rates(miss=0.0, overkill=0.0, unsure=0.0)
    share = plan.bad_lots
    return Rates(miss=rates.miss / share, overkill=rates.overkill / share, unsure=rates.unsure / share)


def _opinion(chance: random.Random, bad: bool, rates: Rates) -> Verdict:
    if chance.random() < rates.unsure:
        return Verdict.UNSURE
    slip = chance.random() < (rates.miss if bad else rates.overkill)
    return Verdict.NG if bad != slip else Verdict.OK
