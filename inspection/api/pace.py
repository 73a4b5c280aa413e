"""Verdicts are answered on a beat, so that the clock does not tell what followed from them.

Evidence, its count and a second person cost some milliseconds; whoever measured them knew where the AI disagreed. The
beat has to be longer than any verdict takes, and how long one takes is known on no machine beforehand: on 20 ms a
counted verdict came a beat later than the others as soon as the machine was busy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

SHORTEST, LONGEST = 0.06, 0.96
FULL, EMPTY = 0.7, 0.25
"""The beat doubles with a verdict that fills this share of it, and is halved when none of the last fills this one."""
LAST = 200


@dataclass
class Pace:
    """The beat of one process, in seconds; it follows the slowest of the last verdicts in powers of two."""

    beat: float = SHORTEST
    _slowest: float = 0.0
    _heard: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def rest(self, took: float) -> float:
        """Seconds to wait, after work of `took` seconds, until the next beat."""
        with self._lock:
            self._hear(took)
            return -took % self.beat

    def _hear(self, took: float) -> None:
        self._slowest, self._heard = max(self._slowest, took), self._heard + 1
        while took > FULL * self.beat and self.beat < LONGEST:
            self.beat *= 2
        if self._heard < LAST:
            return
        if self._slowest < EMPTY * self.beat:
            self.beat = max(SHORTEST, self.beat / 2)
        self._slowest, self._heard = 0.0, 0
