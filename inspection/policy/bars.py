"""How good an AI has to be, and how sure one wants to be of it: a job's bars, minimums and error probability."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from inspection.policy.answers import Flaw
from inspection.sentences import Sentence


@dataclass(frozen=True)
class Bars:
    """Bars are shares, 0 to 1, that the AI's errors have to be below; `ai_share` is one that it has to reach."""

    alpha: float = 0.05
    ai_error: float = 0.05
    miss: float = 0.20
    escape: float = 0.005
    ai_share: float = 0.20
    miss_full: float = 0.10
    critical: float = 0.10
    overkill: float = 0.03
    unsettled: float = 0.05
    items: int = 200
    defects: int = 20
    lots: int = 67
    shifts: int = 3
    people: int = 2
    items_partial: int = 901
    days: int = 5
    days_in_partial: int = 14

    def changed(self, changes: Mapping[str, Any]) -> Bars:
        return Bars(**{**asdict(self), **changes})

    def __getitem__(self, name: str) -> float:
        return float(getattr(self, name))


LIMITS: dict[str, tuple[float, float]] = {
    "alpha": (0.001, 0.1),
    "ai_error": (0.001, 0.2),
    "miss": (0.001, 0.5),
    "escape": (0.0001, 0.05),
    "ai_share": (0.01, 0.99),
    "miss_full": (0.001, 0.3),
    "critical": (0.001, 0.3),
    "overkill": (0.001, 0.3),
    "unsettled": (0.001, 0.2),
    "items": (50, 100_000),
    "defects": (5, 100_000),
    "lots": (10, 100_000),
    "shifts": (1, 100),
    "people": (2, 100),
    "items_partial": (50, 1_000_000),
    "days": (1, 100),
    "days_in_partial": (1, 365),
}
"""From the least to the most that a job may ask for; both included."""
WHOLE = frozenset(name for name in LIMITS if isinstance(getattr(Bars(), name), int))
HIGHER_IS_HARDER = frozenset(
    {"ai_share", "items", "defects", "lots", "shifts", "people", "items_partial", "days", "days_in_partial"}
)


def check_bars(bars: Bars) -> Flaw | None:
    """The first flaw of a job's bars, or None."""
    for name, (least, most) in LIMITS.items():
        if not (_is_number(name, getattr(bars, name)) and least <= bars[name] <= most):
            return Flaw(
                "bad_bar", Sentence("{name} lies between {least} and {most}.", name=name, least=least, most=most)
            )
    return None


def _is_number(name: str, value: object) -> bool:
    """A text that looks like a number was kept as it came, and no verdict could be counted any more."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return name not in WHOLE or value == int(value)


def is_lowered(*, old: Bars, new: Bars) -> bool:
    """Whether anything is easier to prove under the new bars; then what was counted under the old ones does not
    count for them."""
    return any(new[name] < old[name] if name in HIGHER_IS_HARDER else new[name] > old[name] for name in LIMITS)


def alpha_after(bars: Bars, demotions: int) -> float:
    """Halved with each demotion of the epoch: who was thrown back has to prove more."""
    return bars.alpha / float(2**demotions)
