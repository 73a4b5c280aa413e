"""Which defects are believed of a bad part on which people name different ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspection.vocabulary import Verdict


@dataclass(frozen=True)
class Said:
    """What one person said of a part and stands by.

    `settles` is true of an adjudicator who did not know the AI's opinion: such a one had the picture and everything
    that was said before in view.
    """

    person: int
    verdict: Verdict
    labels: frozenset[str] = frozenset()
    settles: bool = False


def believed(said: Iterable[Said]) -> frozenset[str]:
    """The classes of a part that has been found bad, of all that was said of it, oldest first.

    Every class that anybody named with an NG, whoever came first: two people who agree that a part is bad need not
    have looked at the same place, and were only the later one believed, a crack that the first one saw was nobody's
    business any more. OK and UNSURE name nothing, and of one person the last answer is the one that stands.

    An adjudicator's classes take the place of those named before, also where a critical one among them is gone. That
    is what adjudicators are for: they alone had in view what everybody had named, and else a slip of one finger
    stopped a line with nobody to say that it was one. Three limits to that. One who names no class has settled
    whether the part is bad, not what it has. One who knew what the AI had said adds and takes nothing away, as such
    an answer proves nothing either. And what is named after an adjudicator has looked was not in view then.
    """
    order = list(said)
    last = {one.person: number for number, one in enumerate(order)}
    names: frozenset[str] = frozenset()
    for number, one in enumerate(order):
        if one.verdict == Verdict.NG and last[one.person] == number:
            names = one.labels if one.settles and one.labels else names | one.labels
    return names
