"""When a proposal that people refused comes back: not before there is something new to say for it.

It came back with the very next counted part once, and a manager who had given a reason had to give it again and again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from inspection.policy.bars import Bars
from inspection.policy.counting import NONE, Tallies
from inspection.policy.promotion import CRITERIA
from inspection.vocabulary import Level

PAUSE = timedelta(hours=24)
LEAST_MORE = 50
MORE_SHARE = 0.1
"""So many more parts than it rested on, but at least fifty: fewer change no figure that anybody would look at again."""


@dataclass(frozen=True)
class Refusal:
    """A proposal that was refused when so many `parts` counted for it, and its epoch had so many `demotions`."""

    at: datetime
    parts: int
    bars: Bars
    demotions: int = 0


@dataclass(frozen=True)
class Return:
    """What a refused proposal still waits for: a moment, and so many parts that have to be counted (0: enough)."""

    not_before: datetime
    parts: int


def rested_on(tallies: Tallies, *, to: Level) -> int:
    """How many counted parts a proof for a climb rests on: those of its largest denominator."""
    return max((tallies.get(one.counter.name, NONE).n for one in CRITERIA.get(to, ())), default=0)


def more_needed(parts: int) -> int:
    """How many more parts than counted for it bring a refused proposal back."""
    return max(LEAST_MORE, math.ceil(MORE_SHARE * parts))


def waits_for(refused: Refusal, *, parts: int, bars: Bars, demotions: int, now: datetime) -> Return | None:
    """What a refused proposal waits for now that `parts` are counted; None where it may come back.

    Other bars, and a count that began anew with a demotion, are something new in themselves. Another model, other
    thresholds or labels are another epoch, in which nothing has been refused.
    """
    if bars != refused.bars or demotions != refused.demotions:
        return None
    left = max(0, refused.parts + more_needed(refused.parts) - parts)
    not_before = refused.at + PAUSE
    return Return(not_before=not_before, parts=left) if left or now < not_before else None
