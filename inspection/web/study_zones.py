"""Where people are divided, as a drawing: parts in the order of their measured values with what everybody said, the
limits, and the zones at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.translation import gettext as _

from inspection.policy.signal_detection import Answer, Border, Detection, Measured
from inspection.queries.study_report import Said, StudyReport, Told, shown_name
from inspection.templatetags.figures import plain
from inspection.templatetags.study_figures import in_words
from inspection.vocabulary import Verdict
from inspection.web.study_plot import LEFT, RIGHT, WIDTH, cut

TOP, TALL, GAP, ROW, FOOT = 36, 220, 22, 22, 50
LEAST_APART = 9.0
"""Numbers of parts that stand closer would run into one another."""


@dataclass(frozen=True)
class Sign:
    """What was said, all by one or all by everybody; `kind` is its class in the style sheet."""

    x: float
    y: float
    kind: Answer


@dataclass(frozen=True)
class Column:
    """One part: everything that was said of it, one below the other."""

    x: float
    left: float
    width: float
    number: str
    divided: bool
    numbered: bool
    """Its number stands below."""
    signs: tuple[Sign, ...]
    title: str


@dataclass(frozen=True)
class Band:
    """A zone, from the last accepted to the first rejected part."""

    y: float
    tall: float
    words: str

    @property
    def middle(self) -> float:
        return round(self.y + self.tall / 2, 1)


@dataclass(frozen=True)
class Mark:
    """A line across with its words."""

    y: float
    words: str


@dataclass(frozen=True)
class LimitMark(Mark):
    """The words of the upper limit stand on the left and those of the lower one on the right: there parts have other
    values."""

    x: int
    anchor: str


@dataclass(frozen=True)
class ZonePlot:
    """All in units of the SVG."""

    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    limits: tuple[LimitMark, ...]
    ticks: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    """Appraisers."""
    size: float
    """Of a sign: 1 where there is room for a whole one."""
    height: int
    left: int = LEFT
    right: int = WIDTH - RIGHT
    width: int = WIDTH
    top: int = TOP
    bottom: int = TOP + TALL

    @property
    def wide(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> int:
        """Where parts have values far from both limits, and words hide none of them."""
        return (self.left + self.right) // 2

    @property
    def foot(self) -> int:
        """Below the last row."""
        return self.height - FOOT

    @property
    def tall(self) -> int:
        return self.foot - self.top


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float]) -> _Scale:
        low, high = min(values), max(values)
        room = 0.06 * (high - low) or abs(high) * 0.06 or 1.0
        return cls(low - room, high + room)

    def y(self, value: float) -> float:
        return round(TOP + TALL * (self.high - value) / (self.high - self.low), 1)

    def ticks(self) -> tuple[Mark, ...]:
        """At most seven, at round numbers."""
        rough = (self.high - self.low) / 6
        unit = 10.0 ** floor(log10(rough))
        step = next(unit * by for by in (1, 2, 5, 10) if unit * by >= rough)
        values = [place * step for place in range(ceil(self.low / step), floor(self.high / step) + 1)]
        return tuple(Mark(self.y(value), plain(float(f"{value:.9g}"))) for value in values)


def zone_plot(found: StudyReport) -> ZonePlot | None:
    """None where no part with a value was judged."""
    detection = found.detection
    if detection is None or not detection.parts:
        return None
    ends = [border.limit for border in detection.borders]
    scale = _Scale.over([*(one.value for one in detection.parts), *ends])
    who = [said.appraiser for said in found.told[0].said]
    step = (WIDTH - LEFT - RIGHT) / len(detection.parts)
    return ZonePlot(
        columns=tuple(_columns(detection, found, scale, step)),
        bands=tuple(_band(border, scale) for border in detection.borders if border.width is not None),
        limits=tuple(_limits(detection, scale)),
        ticks=scale.ticks(),
        rows=tuple(Mark(_row(place), cut(shown_name(one))) for place, one in enumerate(who)),
        size=round(min(1.0, max(0.35, step / 10)), 2),
        height=TOP + TALL + GAP + ROW * len(who) + FOOT,
    )


def _columns(detection: Detection, found: StudyReport, scale: _Scale, step: float) -> Iterator[Column]:
    told = {str(one.part.number): one for one in found.told}
    last = float("-inf")
    for place, part in enumerate(detection.parts):
        x = round(LEFT + step * (place + 0.5), 1)
        numbered = part.answer == Answer.DIVIDED and x - last >= LEAST_APART
        last = x if numbered else last
        yield Column(
            x=x,
            left=round(x - step / 2, 1),
            width=round(step, 1),
            number=part.part,
            divided=part.answer == Answer.DIVIDED,
            numbered=numbered,
            signs=tuple(_signs(part, told[part.part], x, scale)),
            title=_title(part, told[part.part]),
        )


def _signs(part: Measured, told: Told, x: float, scale: _Scale) -> Iterator[Sign]:
    yield Sign(x, scale.y(part.value), part.answer)
    for place, said in enumerate(told.said):
        if (kind := _kind(said)) is not None:
            yield Sign(x, _row(place), kind)


def _title(part: Measured, told: Told) -> str:
    words = "; ".join(f"{shown_name(said.appraiser)}: {in_words(said.verdicts)}" for said in told.said)
    return _("Part {number}, {value}: {words}").format(number=part.part, value=plain(part.value), words=words)


def _kind(said: Said) -> Answer | None:
    """What one appraiser said in all trials; None where that one never judged the part."""
    given = {verdict for verdict in said.verdicts if verdict is not None}
    if not given:
        return None
    if given == {Verdict.OK}:
        return Answer.ACCEPTED
    return Answer.REJECTED if given == {Verdict.NG} else Answer.DIVIDED


def _band(border: Border, scale: _Scale) -> Band:
    assert border.accepted is not None
    assert border.rejected is not None
    ends = sorted((scale.y(border.accepted.value), scale.y(border.rejected.value)))
    return Band(y=ends[0], tall=round(ends[1] - ends[0], 1), words=f"d = {plain(border.width)}")


def _limits(detection: Detection, scale: _Scale) -> Iterator[LimitMark]:
    if (lower := detection.lower) is not None:
        words = _("lower limit {value}").format(value=plain(lower.limit))
        yield LimitMark(scale.y(lower.limit), words, x=WIDTH - RIGHT - 6, anchor="end")
    if (upper := detection.upper) is not None:
        words = _("upper limit {value}").format(value=plain(upper.limit))
        yield LimitMark(scale.y(upper.limit), words, x=LEFT + 6, anchor="start")


def _row(place: int) -> float:
    return TOP + TALL + GAP + ROW * (place + 0.5)
