"""Moments as people read them: by the clock of the place that they are about, in the order of the reader's language."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from inspection.vocabulary import Language

MINUTES = {Language.VIETNAMESE: "%d/%m/%Y %H:%M"}
SORTABLE = "%Y-%m-%d %H:%M"

readers_zone: ContextVar[str] = ContextVar("readers_zone", default="")
"""Where the reader's own clock stands, as the browser says it; blank where nobody knows."""


def form(*, seconds: bool = True) -> str:
    """How a moment is written in the active language, for `strftime`."""
    minutes = MINUTES.get(get_language() or "", SORTABLE)  # type: ignore[call-overload]
    return f"{minutes}:%S" if seconds else minutes


def clock_time(at: datetime, *, zone: str, seconds: bool = False) -> str:
    """A moment by the clock of `zone`, which is named unless the reader's own clock shows the same."""
    there = at.astimezone(ZoneInfo(zone))
    text = there.strftime(form(seconds=seconds))
    return text if is_readers(zone, at=at) else f"{text} {zone}"


def own_time(at: datetime) -> str:
    """The time of the day by the reader's own clock, for what happened in no place of its own; by UTC, and said so,
    where nobody knows that clock."""
    mine = readers_zone.get()
    return f"{at.astimezone(ZoneInfo(mine)):%H:%M:%S}" if mine else f"{at.astimezone(UTC):%H:%M:%S} UTC"


def is_readers(zone: str, *, at: datetime) -> bool:
    """Whether the reader's clock shows the same time then. Not by its name: browsers still say Asia/Saigon."""
    mine = readers_zone.get()
    return bool(mine) and at.astimezone(ZoneInfo(mine)).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()
