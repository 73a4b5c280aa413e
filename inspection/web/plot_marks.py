"""Marked lines of a plot with their words. What lies closer together than lines can be told apart becomes one line that
names all of it, since two switches of one minute would be printed over one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inspection.refused import spoken

CLOSE = 10
"""Units of the SVG; nearer lines are one."""
SIGN = 6.6
"""About the width of a sign of the words, in the same units; a little more than they take, for a gap between two."""
ROWS = 3


@dataclass(frozen=True)
class Mark:
    """A vertical line where something changed. `words` are cut where there is no room for all; `title` is not, and says
    why where a rule changed it."""

    x: float
    words: str
    title: str
    level: float
    """Height of the words, so that close marks do not cover one another."""
    anchor: str

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the words reach."""
        room = SIGN * len(self.words)
        return (self.x - room, self.x) if self.anchor == "end" else (self.x, self.x + room)


Told = tuple[float, str, str]
"""Where a mark stands, its words, and its title."""


def told(x: float, words: str, why: str = "") -> Told:
    """A mark in the reader's language; `why` has no room beside the line and stands in its title alone."""
    said = spoken(words)
    return x, said, f"{said}: {spoken(why)}" if why else said


def placed(told: Iterable[Told], *, width: float, first: float, step: float) -> tuple[Mark, ...]:
    """Marks from left to right in a plot of this width; rows of words stand at `first`, each a `step` lower."""
    together = _together(sorted(told, key=lambda one: one[0]))
    made: list[Mark] = []
    # From the edges inwards: the words of the next mark begin or end beyond the line of the one before, so that a row
    # lower its line does not run through them.
    for x, words, title in sorted(together, key=lambda one: min(one[0], width - one[0])):
        ways = _ways(x, words, title, width=width, levels=[first + step * row for row in range(ROWS)])
        # The first of equal ones: words turn away from the nearer edge where they can.
        made.append(min(ways, key=lambda mark: _covers(mark, made)))
    # The lowest row lies next to the plot: what is free above it need not be drawn.
    free = first + step * (ROWS - 1) - max((mark.level for mark in made), default=0)
    return tuple(sorted((replace(mark, level=mark.level + free) for mark in made), key=lambda mark: mark.x))


def begins(marks: Sequence[Mark], *, first: float, most: float) -> float:
    """Height at which a drawing begins that leaves out the empty rows above its words; `most` where it has none."""
    return min((mark.level - first for mark in marks), default=most)


def _together(told: Sequence[Told]) -> list[Told]:
    """Neighbours as one, in the place of the first, each of their words once."""
    groups: list[tuple[float, list[str], list[str]]] = []
    for x, words, title in told:
        if not groups or x - groups[-1][0] > CLOSE:
            groups.append((x, [], []))
        groups[-1][1].append(words)
        groups[-1][2].append(title)
    return [(x, ", ".join(dict.fromkeys(words)), ", ".join(dict.fromkeys(titles))) for x, words, titles in groups]


def _ways(x: float, words: str, title: str, *, width: float, levels: Sequence[float]) -> list[Mark]:
    """In each row with the words on either side, the roomier one first; cut where not even that has room for all."""
    rooms = sorted([("start", width - x), ("end", x)], key=lambda side: -side[1])
    most = int(rooms[0][1] / SIGN)
    shown = words if len(words) <= most else f"{words[: most - 1]}…"
    sides = [side for side, room in rooms if len(shown) * SIGN <= room]
    return [Mark(x=x, words=shown, title=title, level=level, anchor=side) for side in sides for level in levels]


def _covers(mark: Mark, others: Sequence[Mark]) -> int:
    """How much lies over one another here: words over words at worst, else a line through words of a lower row."""
    return sum(
        10 * (mark.level == other.level and _meet(mark.span, other.span))
        + (other.level > mark.level and _meet((mark.x, mark.x), other.span))
        + (other.level < mark.level and _meet((other.x, other.x), mark.span))
        for other in others
    )


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
