"""When the shifts of a job begin, and by which clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from inspection.policy.answers import Flaw
from inspection.sentences import Sentence
from inspection.vocabulary import Gate

MOST_SHIFTS = 6
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Calendar:
    """Beginnings of shifts as local times, HH:MM. `captured_time`: evidence counts by when a part was pictured."""

    time_zone: str
    shifts: tuple[str, ...]
    captured_time: bool = False


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every time zone that this machine knows."""
    return frozenset(available_timezones())


def check_calendar(wanted: Calendar, *, gate: Gate) -> Flaw | None:
    """The first flaw of a calendar, or None."""
    if wanted.time_zone not in zones():
        return Flaw("bad_time_zone", Sentence("There is no time zone {name}.", name=wanted.time_zone[:64]))
    if flaw := _shifts(wanted.shifts):
        return flaw
    if wanted.captured_time and gate == Gate.ENFORCED:
        return Flaw(
            "bad_captured_time",
            "An enforced gate counts by the server's clock: a camera's clock could make five days out of one.",
        )
    return None


def _shifts(shifts: Sequence[str]) -> Flaw | None:
    if not 1 <= len(shifts) <= MOST_SHIFTS:
        return Flaw("bad_shifts", Sentence("A day has 1 to {most} shifts.", most=MOST_SHIFTS))
    wrong = [shift for shift in shifts if not TIME.fullmatch(shift)]
    if wrong:
        return Flaw("bad_shifts", Sentence("A shift begins at a time like 06:00, not at {text}.", text=wrong[0][:20]))
    if list(shifts) != sorted(set(shifts)):
        return Flaw("bad_shifts", "Shifts stand in the order of the day, each once.")
    return None
