from __future__ import annotations

import pytest

from inspection.policy.hints import hint
from inspection.vocabulary import Verdict

NAMES = {"scratch": "Scratch", "dent": "Deep dent", "stain": "Stain"}
LABELS = {"scratch": 0.5, "dent": 0.9, "stain": 0.49}


def test_a_likely_defect_is_named_most_likely_first() -> None:
    assert hint(opinion=Verdict.NG, score=0.93, labels=LABELS, names=NAMES) == {
        "verdict": "NG",
        "score": 0.93,
        "words": "The AI thinks this part is not good: Deep dent, Scratch (93 % sure).",
        "labels": ["dent", "scratch"],
    }


@pytest.mark.parametrize(
    ("opinion", "score", "words"),
    [
        (Verdict.OK, 0.04, "The AI thinks this part is good (96 % sure)."),
        (Verdict.UNSURE, 0.55, "The AI is not sure about this part (55 % NG)."),
    ],
)
def test_beside_ok_or_unsure_no_defect_is_suggested(opinion: Verdict, score: float, words: str) -> None:
    said = hint(opinion=opinion, score=score, labels=LABELS, names=NAMES)
    assert said == {"verdict": str(opinion), "score": score, "words": words, "labels": []}


def test_a_label_without_a_name_is_called_by_its_code() -> None:
    said = hint(opinion=Verdict.NG, score=0.9, labels={"dent": 0.8}, names={})
    assert said["words"] == "The AI thinks this part is not good: dent (90 % sure)."
