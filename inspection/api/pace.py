"""Verdicts are answered on a beat, so that the clock does not tell what followed from them.

Evidence, its count and a second person cost some milliseconds; whoever measured them knew where the AI disagreed. The
beat has to be longer than any verdict takes, and how long one takes is known on no machine beforehand: on 20 ms a
counted verdict came a beat later than the others as soon as the machine was busy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

SHORTEST, LONGEST = 0.06, 0.24
"""Seconds. A thread of the server waits with its answer: a longer beat would keep a hall of inspectors waiting."""
FULL, EMPTY = 0.7, 0.25
"""The beat is doubled when verdicts fill this share of it, and halved when hardly any of the last fills this one."""
OFTEN, LAST = 3, 200
"""So many of so many verdicts double it: a single one may have waited for a disk, and nobody learns from one."""


@dataclass
class Pace:
    """The beat of one process, in seconds; it follows the slow ones of the last verdicts in powers of two."""

    beat: float = SHORTEST
    _full: int = 0
    _busy: int = 0
    _heard: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def rest(self, took: float) -> float:
        """Seconds to wait, after work of `took` seconds, until the next beat."""
        with self._lock:
            self._hear(took)
            return -took % self.beat

    def _hear(self, took: float) -> None:
        self._heard += 1
        self._full += took > FULL * self.beat
        self._busy += took > EMPTY * self.beat
        if self._full >= OFTEN and self.beat < LONGEST:
            self._begin(2 * self.beat)
        elif self._heard >= LAST:
            spare = self._busy < OFTEN
            self._begin(max(SHORTEST, self.beat / 2) if spare else self.beat)

    def _begin(self, beat: float) -> None:
        self.beat, self._full, self._busy, self._heard = beat, 0, 0, 0
