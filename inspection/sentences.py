"""A sentence for people that rules may say: English, with what it takes to say it again in another language.

Rules know no framework and so no language. They hand out a `Sentence`, which is its own English text wherever a text
is wanted (logs, rows, answers to programs), and whoever shows it to a person asks `inspection.refused.spoken` for it.
What is kept in a row is its English text and, beside it, what `as_json` makes of it: a row that held the text alone
spoke English to everybody for ever.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


class Sentence(str):
    """`Sentence("At most {n} regions.", n=200)`: the text with its values filled in, both kept apart as well."""

    text: str
    values: dict[str, Any]

    def __new__(cls, text: str, /, **values: Any) -> Sentence:
        made = super().__new__(cls, text.format(**values) if values else text)
        made.text = text
        made.values = values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """For the copies that caches and queues make."""
        return (self.text,), self.values


class Percent(float):
    """A share, 0 to 1, that a sentence says in per cent; as many digits as it takes to tell it from its neighbours."""

    def __format__(self, spec: str, /) -> str:
        return f"{100 * float(self):.{self.places}f}\N{NO-BREAK SPACE}%"

    def __str__(self) -> str:
        return format(self, "")

    @property
    def places(self) -> int:
        """Two below 1 %, one below 10 % and where the share is not whole, none else."""
        if 0 < self < 0.01:
            return 2
        return 0 if abs(100 * self - round(100 * self)) < 1e-9 else 1


class Count(int):
    """A number of things, with its thousands kept apart."""

    def __format__(self, spec: str, /) -> str:
        return f"{int(self):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")

    def __str__(self) -> str:
        return format(self, "")


class Number(float):
    """A figure that is no share, such as a coefficient or a score: with as many places as are asked for, else with as
    many as it has."""

    decimals: int | None

    def __new__(cls, value: float, /, *, places: int | None = None) -> Number:
        made = super().__new__(cls, value)
        made.decimals = places
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, int | None]]:
        """For the copies that caches and queues make."""
        return (float(self),), {"places": self.decimals}

    def __format__(self, spec: str, /) -> str:
        return f"{float(self):.12g}" if self.decimals is None else f"{float(self):.{self.decimals}f}"

    def __str__(self) -> str:
        return format(self, "")


@dataclass(frozen=True)
class Moment:
    """A moment, told to the minute by the clock of the place that a sentence is about; `at` knows its own zone."""

    at: datetime
    zone: str
    """Name in the IANA list."""

    @property
    def there(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.zone))

    def __format__(self, spec: str, /) -> str:
        return f"{self.there:%Y-%m-%d %H:%M} {self.zone}"

    def __str__(self) -> str:
        return format(self, "")


class Quoted(str):
    """What a person wrote: it is shown as it stands, even where a list of words holds the same text."""


def together(sentences: Iterable[str]) -> Sentence:
    """Several sentences, one after the other, as one."""
    named = {f"s{place}": one for place, one in enumerate(sentences)}
    return Sentence(" ".join(f"{{{name}}}" for name in named), **named)


def as_json(sentence: Sentence) -> dict[str, Any]:
    """A sentence as JSON, from which `from_json` makes it again, figures and sentences among its values included.

    Words that speak the language of the moment, such as the labels of choices, are kept as they read then; ask for it
    in English (`inspection.refused.recorded` does).
    """
    return {"text": sentence.text, "values": {name: _kept(value) for name, value in sentence.values.items()}}


def from_json(kept: Mapping[str, Any]) -> Sentence:
    """The sentence that `as_json` has kept."""
    return Sentence(kept["text"], **{name: _made(value) for name, value in kept["values"].items()})


def told(text: str, kept: Mapping[str, Any] | None) -> str:
    """What a row holds of a sentence, made again; the text alone where the row is older than this, or a person's."""
    return text if kept is None else from_json(kept)


def _kept(value: Any) -> Any:
    """Each kind under its own name: as bare numbers a share and a count would come back alike."""
    if isinstance(value, Moment):
        return {"moment": value.at.astimezone(UTC).isoformat(), "zone": value.zone}
    if value is None or isinstance(value, (int, float)):
        return _kept_number(value)
    if isinstance(value, Sentence) or not isinstance(value, str):
        return as_json(value if isinstance(value, Sentence) else Sentence(str(value)))
    return str(value)


def _kept_number(value: float | None) -> Any:
    if isinstance(value, Percent):
        return {"percent": _finite(value)}
    if isinstance(value, Number):
        return {"number": _finite(value), "places": value.decimals}
    if isinstance(value, Count):
        return {"count": int(value)}
    # A database may give a whole float back as an integer.
    return {"float": _finite(value)} if isinstance(value, float) else value


def _finite(value: float) -> float | str:
    """JSON has no infinity."""
    return float(value) if math.isfinite(value) else repr(float(value))


def _made(kept: Any) -> Any:
    if not isinstance(kept, Mapping):
        return kept
    if "text" in kept:
        return from_json(kept)
    if "moment" in kept:
        return Moment(datetime.fromisoformat(kept["moment"]), kept["zone"])
    if "number" in kept:
        return Number(float(kept["number"]), places=kept["places"])
    if "count" in kept:
        return Count(kept["count"])
    return Percent(float(kept["percent"])) if "percent" in kept else float(kept["float"])
