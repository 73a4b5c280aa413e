"""The signal detection method: how wide the zones at the limits are in which appraisers do not all agree.

AIAG, "Measurement Systems Analysis", 4th edition, chapter III, section C; ISO 22514-7:2012, clause 12.3, has the same.
Parts carry a measured value, and there are specification limits. Outwards from the middle between the limits, d is the
distance from the last part that everybody accepted in every trial to the first one that everybody rejected:

    d_UR = first rejected - last accepted      above the middle, at the upper limit
    d_LR = last accepted - first rejected      below it, at the lower limit
    %GRR = mean(d_UR, d_LR) / (upper limit - lower limit)

With one limit alone all parts are on its side, and there is no tolerance to divide by. A distance is a width only where
people were divided on a part between its ends: without one it is the step between two parts that happened to be picked.
Parts on which people were divided outside the ends are named (`astray`): there a neighbour was judged alike by luck, or
something else than the value divides people, and the width does not cover it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspection.policy.attribute_study import Band, Reading
from inspection.sentences import Sentence
from inspection.vocabulary import Verdict

GRR = (0.10, 0.30)
"""Ends of the acceptable band, which does not hold its own, and of the marginal one (chapter II, section D)."""

ONE_READING = Sentence("No part was judged more than once, so nobody could be divided on one.")
NONE_ACCEPTED = Sentence("On this side of the middle no part was accepted by everybody in every trial.")
NONE_REJECTED = Sentence("On this side of the middle no part was rejected by everybody in every trial.")
OUT_OF_ORDER = Sentence(
    "A part that everybody rejected measures no further out than one that everybody accepted: the measured value does "
    "not explain the answers."
)
NO_ZONE = Sentence(
    "Nobody was divided on a part between the last accepted and the first rejected one: the step between these two "
    "parts is not the width of a zone."
)
ZONE_MISSING = Sentence("The mean is one over both limits, and the zone at one of them has no width.")
ONE_LIMIT = Sentence("With one limit alone there is no tolerance to divide the width by.")


class Answer(StrEnum):
    """What everybody together said of a part."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DIVIDED = "divided"


@dataclass(frozen=True)
class Limits:
    """Specification limits, both included; None where there is none. ValueError where they mean nothing."""

    lower: float | None
    upper: float | None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise ValueError("no limit at all")
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError("the lower limit is not below the upper one")

    @property
    def tolerance(self) -> float | None:
        return None if self.lower is None or self.upper is None else _distance(self.upper, self.lower)

    @property
    def middle(self) -> float | None:
        return None if self.lower is None or self.upper is None else (self.lower + self.upper) / 2

    def hold(self, value: float) -> bool:
        above = self.lower is None or value >= self.lower
        return above and (self.upper is None or value <= self.upper)


@dataclass(frozen=True)
class Measured:
    """A part with its value and what everybody said of it."""

    part: str
    value: float
    answer: Answer


@dataclass(frozen=True)
class Border:
    """One limit with the zone in which people were divided."""

    limit: float
    accepted: Measured | None
    """The last one that everybody accepted, outwards."""
    rejected: Measured | None
    """The first one that everybody rejected."""
    divided: tuple[Measured, ...]
    """Parts of the zone on which people were divided."""
    astray: tuple[Measured, ...]
    """Such parts on this side that do not lie between the two ends; none where an end is missing."""
    width: float | None
    why: Sentence | None
    """Why there is no width."""


@dataclass(frozen=True)
class Detection:
    """The whole method; a figure without a value is None, and `why` says the reason under its name."""

    limits: Limits
    parts: tuple[Measured, ...]
    """In the order of their values."""
    left_out: tuple[str, ...]
    """Parts with a value that not everybody has judged, as far as they were judged alike."""
    lower: Border | None
    upper: Border | None
    width: float | None
    """The mean of the widths."""
    share: float | None
    """Of the tolerance: %GRR."""
    why: Mapping[str, Sentence]

    @property
    def band(self) -> Band | None:
        if self.share is None:
            return None
        good, fair = GRR
        return Band.ACCEPTABLE if self.share < good else Band.MARGINAL if self.share <= fair else Band.UNACCEPTABLE

    @property
    def borders(self) -> tuple[Border, ...]:
        return tuple(one for one in (self.lower, self.upper) if one is not None)

    @property
    def astray(self) -> tuple[Measured, ...]:
        """A part in the very middle belongs to both sides."""
        return tuple(dict.fromkeys(part for border in self.borders for part in border.astray))


def detect(readings: Iterable[Reading], *, values: Mapping[str, float], limits: Limits) -> Detection:
    """Count the method for the parts that have a value. UNSURE is neither accepted nor rejected: it divides."""
    said, people, again = _gather(readings)
    found = {part: _answer(said[part], everybody=people) for part in values if part in said}
    parts = [Measured(part, values[part], answer) for part, answer in found.items() if answer is not None]
    parts.sort(key=lambda one: (one.value, one.part))
    lower = None if limits.lower is None else _border(limits.lower, _side(parts, limits, sign=-1), sign=-1, again=again)
    upper = None if limits.upper is None else _border(limits.upper, _side(parts, limits, sign=1), sign=1, again=again)
    why: dict[str, Sentence] = {}
    width = _mean([one for one in (lower, upper) if one is not None], why)
    return Detection(
        limits=limits,
        parts=tuple(parts),
        left_out=tuple(part for part, answer in found.items() if answer is None),
        lower=lower,
        upper=upper,
        width=width,
        share=_share(width, limits, why),
        why=why,
    )


def contradictions(values: Mapping[str, float], *, standard: Mapping[str, Verdict], limits: Limits) -> list[str]:
    """Parts whose measured value says something else than their standard: one of the two is wrong."""
    return [
        part for part, value in values.items() if part in standard and limits.hold(value) != (standard[part] == "OK")
    ]


Said = Mapping[str, Sequence[Verdict]]
"""By appraiser."""


def _gather(readings: Iterable[Reading]) -> tuple[dict[str, dict[str, list[Verdict]]], set[str], bool]:
    """What was said by part and appraiser, who judged at all, and whether any part was judged more than once."""
    said: dict[str, dict[str, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    people: set[str] = set()
    for one in readings:
        said[one.part][one.appraiser].append(Verdict(one.verdict))
        people.add(one.appraiser)
    again = any(sum(map(len, given.values())) > 1 for given in said.values())
    return said, people, again


def _answer(said: Said, *, everybody: set[str]) -> Answer | None:
    """None where all who judged the part agree and others have not judged it: they might not have agreed."""
    given = {verdict for mine in said.values() for verdict in mine}
    if len(given) > 1 or Verdict.UNSURE in given:
        return Answer.DIVIDED
    if set(said) != everybody:
        return None
    return Answer.ACCEPTED if given == {Verdict.OK} else Answer.REJECTED


def _side(parts: Sequence[Measured], limits: Limits, *, sign: int) -> list[Measured]:
    """Parts on the side of a limit; `sign` is 1 for the upper one."""
    middle = limits.middle
    return [one for one in parts if middle is None or sign * (one.value - middle) >= 0]


def _border(limit: float, parts: Sequence[Measured], *, sign: int, again: bool) -> Border:
    def outwards(one: Measured) -> float:
        return sign * one.value

    accepted = max((one for one in parts if one.answer == Answer.ACCEPTED), key=outwards, default=None)
    rejected = min((one for one in parts if one.answer == Answer.REJECTED), key=outwards, default=None)
    divided = [one for one in parts if one.answer == Answer.DIVIDED]
    inside: list[Measured] = []
    if accepted is not None and rejected is not None:
        inside = [one for one in divided if outwards(accepted) <= outwards(one) <= outwards(rejected)]
    why = _why(accepted, rejected, inside, sign=sign, again=again)
    return Border(
        limit=limit,
        accepted=accepted,
        rejected=rejected,
        divided=() if why else tuple(inside),
        astray=tuple(one for one in divided if one not in inside) if why in (None, NO_ZONE) else (),
        width=None if why or not accepted or not rejected else abs(_distance(rejected.value, accepted.value)),
        why=why,
    )


def _why(
    accepted: Measured | None, rejected: Measured | None, inside: Sequence[Measured], *, sign: int, again: bool
) -> Sentence | None:
    if not again:
        return ONE_READING
    if accepted is None:
        return NONE_ACCEPTED
    if rejected is None:
        return NONE_REJECTED
    if sign * rejected.value <= sign * accepted.value:
        return OUT_OF_ORDER
    return None if inside else NO_ZONE


def _mean(borders: Sequence[Border], why: dict[str, Sentence]) -> float | None:
    """None as soon as one width is: the mean over the other alone would be the figure of half a tolerance."""
    widths = [one.width for one in borders if one.width is not None]
    if len(widths) == len(borders):
        return float(f"{sum(widths) / len(widths):.12g}")
    missing = next(one.why for one in borders if one.why is not None)
    why["width"] = why["share"] = ZONE_MISSING if len(borders) > 1 else missing
    return None


def _share(width: float | None, limits: Limits, why: dict[str, Sentence]) -> float | None:
    tolerance = limits.tolerance
    if tolerance is None:
        why["share"] = ONE_LIMIT
    return None if width is None or tolerance is None else float(f"{width / tolerance:.12g}")


def _distance(one: float, other: float) -> float:
    """Without the noise of the last binary digits: 0.566152 - 0.542704 is 0.023448 on paper."""
    return float(f"{one - other:.12g}")
