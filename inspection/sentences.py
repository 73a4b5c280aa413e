"""A sentence for people that rules may say: English, with what it takes to say it again in another language.

Rules know no framework and so no language. They hand out a `Sentence`, which is its own English text wherever a text
is wanted (logs, rows, answers to programs), and whoever shows it to a person asks `inspection.refused.spoken` for it.
"""

from __future__ import annotations

from typing import Any


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
