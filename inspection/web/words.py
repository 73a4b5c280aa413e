"""What pages say of levels and hints, in words of the shop floor."""

from __future__ import annotations

from inspection.vocabulary import HintMode, Level

LEVEL_WORDS: dict[Level, str] = {
    Level.HUMAN_ONLY: "People judge every part. No AI runs.",
    Level.SHADOW: "People judge every part. The AI runs hidden, and the two are compared.",
    Level.ASSISTANCE: "People judge every part and see what the AI thinks, except for a blind share.",
    Level.PARTIAL: "The AI passes the parts that it is sure are good; people judge all others.",
    Level.FULL: "The AI decides wherever it is sure; people judge what it is unsure of, and a blind share.",
}

HINT_WORDS: dict[HintMode, str] = {
    HintMode.COMMIT_FIRST: "after the own answer: the inspector answers, then sees the AI and may revise",
    HintMode.CONCURRENT: "beside the picture, from the start",
}
