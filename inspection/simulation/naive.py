"""The naive rule, to compare with: who agreed with people in 95 % of the last 200 parts may climb; below, down again.

Looked at after every answer, as such rules are in practice, with whatever people said, hint or no hint. A change of
level begins a new window.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from inspection.vocabulary import Level

WINDOW, AGREE = 200, 0.95
_LEVELS = (Level.SHADOW, Level.ASSISTANCE, Level.PARTIAL)


@dataclass(frozen=True)
class Change:
    """A level that a rule has gone to: `number` is the latest part that had come in by then."""

    number: int
    old: Level
    new: Level

    @property
    def climb(self) -> bool:
        order = list(Level)
        return order.index(self.new) > order.index(self.old)


@dataclass
class Naive:
    """The rule as it stands in one run."""

    level: Level = Level.SHADOW
    changes: list[Change] = field(default_factory=list)
    _window: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def hear(self, *, agree: bool, number: int) -> None:
        """One answer of a person, set beside what the AI said."""
        self._window.append(agree)
        if len(self._window) < WINDOW:
            return
        place = _LEVELS.index(self.level) + (1 if sum(self._window) >= AGREE * WINDOW else -1)
        if 0 <= place < len(_LEVELS):
            self.changes.append(Change(number=number, old=self.level, new=_LEVELS[place]))
            self.level = _LEVELS[place]
            self._window.clear()
