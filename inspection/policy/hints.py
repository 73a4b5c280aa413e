"""What a hint says, in words of the shop floor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspection.vocabulary import Verdict

NAMED_FROM = 0.5
"""A label is named in a hint from this probability on."""


def hint(*, opinion: Verdict, score: float, labels: Mapping[str, float], names: Mapping[str, str]) -> dict[str, Any]:
    """The hint for one opinion: `{verdict, score, words, labels}`.

    `score` is the probability, 0..1, that the part is NG; `labels` maps codes to probabilities, `names` codes to names.
    The likely labels are named for NG alone: beside an OK they would talk people into a defect.
    """
    likely = sorted((code for code, p in labels.items() if p >= NAMED_FROM), key=lambda code: -labels[code])
    shown = likely if opinion == Verdict.NG else []
    return {"verdict": str(opinion), "score": score, "words": _words(opinion, score, shown, names), "labels": shown}


def _words(opinion: Verdict, score: float, likely: list[str], names: Mapping[str, str]) -> str:
    if opinion == Verdict.UNSURE:
        return f"The AI is not sure about this part ({_percent(score)} NG)."
    sure = score if opinion == Verdict.NG else 1 - score
    what = "not good" if opinion == Verdict.NG else "good"
    seen = f": {', '.join(names.get(code, code) for code in likely)}" if likely else ""
    return f"The AI thinks this part is {what}{seen} ({_percent(sure)} sure)."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
