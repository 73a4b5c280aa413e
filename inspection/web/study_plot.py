"""The three marks of a study as a drawing: each appraiser's figure with its interval, on the bands of what is good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inspection.policy.agreement import Share, clopper_pearson
from inspection.policy.attribute_study import Appraiser, matched_interval
from inspection.policy.study_words import Mark, marks
from inspection.refused import spoken
from inspection.templatetags.figures import decimal, percent

LEFT, RIGHT, WIDTH = 190, 20, 760
LONGEST_NAME = 26
ROW, HEAD, FOOT = 26, 34, 26
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Stripe:
    """One band of the ground."""

    x: float
    width: float
    tone: str
    words: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Dot:
    name: str
    y: float
    x: float
    low: float
    high: float
    title: str
    ai: bool

    @property
    def left(self) -> float:
        """Of the square that stands for the AI."""
        return self.x - 4

    @property
    def above(self) -> float:
        return self.y - 4


@dataclass(frozen=True)
class Panel:
    """One mark of all appraisers."""

    title: str
    of: str
    stripes: list[Stripe]
    ticks: list[tuple[float, str]]
    dots: list[Dot]
    missing: list[tuple[float, str]]
    """Appraisers without this figure."""
    height: int
    top: int = HEAD
    left: int = LEFT
    width: int = WIDTH

    @property
    def bottom(self) -> int:
        return self.height - FOOT

    @property
    def tall(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True)
class Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> list[tuple[float, str]]:
        step = next((step for step in STEPS if (self.high - self.low) / step <= 8), STEPS[-1])
        first = round(self.low / step)
        values = [step * place for place in range(first, round(self.high / step) + 1)]
        return [(self.x(value), decimal(100 * value, 0)) for value in values]


def panels(people: Sequence[Appraiser], *, ai: Appraiser | None, names: dict[str, str]) -> list[Panel]:
    """Effectiveness, misses and false alarms, each with a row for each appraiser; people first, then the AI."""
    everybody = [*people, *([ai] if ai is not None else [])]
    said = [(names[one.name], marks(one), one is ai) for one in everybody]
    of = (_("parts"), _("readings of bad parts"), _("readings of good parts"))
    return [_panel([(name, mine[place], own) for name, mine, own in said], of[place]) for place in range(3)]


def _panel(rows: list[tuple[str, Mark, bool]], of: str) -> Panel:
    mark = rows[0][1]
    ends = [end for _name, one, _ai in rows if (end := _interval(one)) is not None]
    scale = _scale(mark, ends)
    dots, missing = [], []
    for place, (name, one, ai) in enumerate(rows):
        y = HEAD + ROW * place + ROW / 2
        interval = _interval(one)
        if one.share is None or one.share.value is None or interval is None:
            missing.append((y, cut(name)))
            continue
        low, high = interval
        title = (
            f"{name}: {percent(one.share.value)} ({one.share.k}/{one.share.n}), 95 %: {percent(low)} – {percent(high)}"
        )
        dots.append(Dot(cut(name), y, scale.x(one.share.value), scale.x(low), scale.x(high), title, ai))
    return Panel(
        title=spoken(mark.name),
        of=of,
        stripes=_stripes(mark, scale),
        ticks=scale.ticks(),
        dots=dots,
        missing=missing,
        height=HEAD + ROW * len(rows) + FOOT,
    )


def cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _interval(mark: Mark) -> tuple[float, float] | None:
    share: Share | None = mark.share
    if share is None:
        return None
    return matched_interval(share) if mark.more_is_better else clopper_pearson(k=share.k, n=share.n)


def _scale(mark: Mark, ends: list[tuple[float, float]]) -> Scale:
    """As wide as the intervals and the bands need, in steps of a tenth."""
    if mark.more_is_better:
        lowest = min([low for low, _high in ends] + [mark.fair])
        return Scale(low=max(0.0, int(10 * lowest - 1e-9) / 10 - 0.0), high=1.0)
    highest = max([high for _low, high in ends] + [2 * mark.fair])
    return Scale(low=0.0, high=min(1.0, (int(10 * highest - 1e-9) + 1) / 10))


def _stripes(mark: Mark, scale: Scale) -> list[Stripe]:
    good, fair = scale.x(mark.good), scale.x(mark.fair)
    first, last = scale.x(scale.low), scale.x(scale.high)
    words = (_("good"), _("marginal"), _("not good enough"))
    ends = (
        ((good, last), (fair, good), (first, fair))
        if mark.more_is_better
        else ((first, good), (good, fair), (fair, last))
    )
    tones = ("good", "marginal", "bad")
    return [
        Stripe(x=low, width=round(high - low, 1), tone=tone, words=said if high - low > 6 * len(said) else "")
        for (low, high), tone, said in zip(ends, tones, words, strict=True)
    ]
