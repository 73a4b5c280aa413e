"""What a hint says, in words of the shop floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inspection.policy.likeness import Nearest, Say, compared, likeness
from inspection.sentences import Sentence
from inspection.vocabulary import Verdict

Heatmap = Sequence[Sequence[float]]
"""Rows of 0 to 1 over the whole upright picture, on the one scale of the model version."""
Cells = npt.NDArray[np.float64]

NAMED_FROM = 0.5
"""A label is named in a hint from this probability on."""

STANDS_OUT = 0.6
"""From here on a cell is worth words. At 0.5 a third of the good covers of the demonstration had such a cell."""

PLACES = (
    (Sentence("the upper left"), Sentence("the top"), Sentence("the upper right")),
    (Sentence("the left"), Sentence("the middle"), Sentence("the right")),
    (Sentence("the lower left"), Sentence("the bottom"), Sentence("the lower right")),
)


def hint(
    *,
    opinion: Verdict,
    score: float,
    labels: Mapping[str, float],
    names: Mapping[str, str],
    heatmap: Heatmap | None,
    nearest: Nearest = (),
    pictures: Mapping[str, str] | None = None,
    say: Say = str,
) -> dict[str, Any]:
    """The hint for one opinion: `{verdict, score, words, labels, heatmap, place, nearest}`, the same fields whatever
    it is.

    `score` is the probability, 0..1, that the part is NG; `labels` maps codes to probabilities, `names` codes to names.
    The likely labels are named for NG alone: beside an OK they would talk people into a defect.
    `nearest` are the known examples that the part is most like, `pictures` where those can be seen that may be, by key.
    The words stand in the language of `say`: what was shown is kept as it was shown.
    """
    likely = sorted((code for code, p in labels.items() if p >= NAMED_FROM), key=lambda code: -labels[code])
    shown = likely if opinion == Verdict.NG else []
    said = (_words(opinion, score, shown, names, say), looked(heatmap, say), likeness(nearest, names=names, say=say))
    return {
        "verdict": str(opinion),
        "score": score,
        "words": " ".join(filter(None, said)),
        "labels": shown,
        "heatmap": heatmap,
        "place": place(heatmap, say) if heatmap is not None else None,
        "nearest": compared(nearest, names=names, pictures=pictures or {}, say=say),
    }


def looked(heatmap: Heatmap | None, say: Say = str) -> str:
    """A sentence on where the AI looked; blank where the model cannot say."""
    if heatmap is None:
        return ""
    found = place(heatmap, say)
    return say("It looked {place}.").format(place=found) if found else say("No one place stood out to it.")


def place(heatmap: Heatmap, say: Say = str) -> str | None:
    """Where the worst region lies, "about the upper left"; None where nothing stands out.

    The worst region is the hot cell with the most heat in and round it. Where more than half of all heat lies away
    from it, "at several places, most about ...": people look where they are sent, and stop looking elsewhere.
    """
    cells = np.asarray(heatmap, dtype=np.float64)
    hot = np.where(cells >= STANDS_OUT, cells, 0.0)
    if not hot.any():
        return None
    row, column = _worst(hot)
    name = say(PLACES[_third(row, len(hot))][_third(column, len(hot[0]))])
    if 2 * _near(hot, row, column) >= hot.sum():
        return say("about {place}").format(place=name)
    return say("at several places, most about {place}").format(place=name)


def _worst(hot: Cells) -> tuple[int, int]:
    """Row and column of the worst cell; of a plateau of equals the one nearest to its middle."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(hot, 1), (3, 3)).sum(axis=(2, 3))
    around = np.where(hot > 0, around, 0.0)
    equals = np.argwhere(np.isclose(around, around.max()))
    row, column = equals[np.square(equals - equals.mean(axis=0)).sum(axis=1).argmin()]
    return int(row), int(column)


def _near(hot: Cells, row: int, column: int) -> float:
    """The heat within a quarter of the picture to each side."""
    down, across = len(hot) // 4, len(hot[0]) // 4
    rows = slice(max(0, row - down), row + down + 1)
    return float(hot[rows, max(0, column - across) : column + across + 1].sum())


def _third(at: int, count: int) -> int:
    """In which third of the picture the middle of cell `at` of `count` lies: 0, 1 or 2."""
    return int(3 * (at + 0.5) / count)


def _words(opinion: Verdict, score: float, likely: list[str], names: Mapping[str, str], say: Say) -> str:
    if opinion == Verdict.UNSURE:
        return say("The AI is not sure about this part ({share} NG).").format(share=_percent(score))
    sure = _percent(score if opinion == Verdict.NG else 1 - score)
    if opinion != Verdict.NG:
        return say("The AI thinks this part is good ({share} sure).").format(share=sure)
    if not likely:
        return say("The AI thinks this part is not good ({share} sure).").format(share=sure)
    seen = ", ".join(names.get(code, code) for code in likely)
    return say("The AI thinks this part is not good: {defects} ({share} sure).").format(defects=seen, share=sure)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
