"""The detectors of a stretch of work through its turns: up and down again, at other bars, thrown back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from inspection.policy import stepping_down
from inspection.policy.bars import Bars
from inspection.policy.counting import Tallies
from inspection.policy.evalues import Detector
from inspection.policy.stepping_down import Detectors, Pair
from inspection.vocabulary import Level

Rates = Mapping[str, float]


@dataclass(frozen=True)
class Watched:
    """By level, the detectors of that level as they stand, and the rates seen at the promotion that has ended since.

    Each level keeps its own. A manager who lowered a job by hand and let it climb again by the proof that still stood
    had wiped out an alarm that was coming, as often as he liked.
    """

    pairs: Mapping[Level, Detectors] = field(default_factory=dict)
    seen: Mapping[Level, Rates] = field(default_factory=dict)

    def on(self, level: Level, *, tallies: Tallies, bars: Bars) -> dict[str, Pair]:
        """The detectors of a level: as they stand where it was watched before, else fresh ones."""
        found = self.pairs.get(level)
        if found is None:
            return self._fresh(level, tallies, bars)
        return stepping_down.at_bars(found, level=level, bars=bars)

    def _fresh(self, level: Level, tallies: Tallies, bars: Bars) -> dict[str, Pair]:
        """Of a rate that has not been counted anew since a demotion, what was seen at the promotion before stands."""
        found = stepping_down.fresh(level=level, tallies=tallies, bars=bars)
        for watch in stepping_down.WATCHES.get(level, ()):
            rate = self.seen.get(level, {}).get(watch.name)
            if rate is not None and watch.proven_by not in tallies:
                change = Detector.fresh(min(rate, bars[watch.bar]))
                found[watch.name] = replace(found[watch.name], change=change)
        return found

    def after(self, level: Level, pairs: Detectors) -> Watched:
        return replace(self, pairs={**self.pairs, level: pairs})

    def anew(self) -> Watched:
        """What a demotion does to them: all begin anew, and the rates seen at the promotions stay known."""
        told = {level: {name: pair.change.p0 for name, pair in pairs.items()} for level, pairs in self.pairs.items()}
        return Watched(seen={**self.seen, **told})

    def as_json(self) -> dict[str, Any]:
        return {
            "levels": {
                level.value: {name: pair.as_json() for name, pair in pairs.items()}
                for level, pairs in self.pairs.items()
            },
            "seen": {level.value: dict(rates) for level, rates in self.seen.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Watched:
        """Reads also what was kept before each level had its own: the level, and its pairs."""
        levels = data.get("levels") or ({data["level"]: data["pairs"]} if data.get("level") else {})
        return cls(
            pairs={Level(level): _pairs(pairs) for level, pairs in levels.items()},
            seen={Level(level): rates for level, rates in data.get("seen", {}).items()},
        )


def _pairs(data: Mapping[str, Any]) -> dict[str, Pair]:
    return {name: Pair.from_json(pair) for name, pair in data.items()}
