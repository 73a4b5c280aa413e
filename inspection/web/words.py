"""What pages say of levels and hints, in words of the shop floor."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from inspection.vocabulary import HintMode, Level

LEVEL_WORDS: dict[Level, str] = {
    Level.HUMAN_ONLY: _("People judge every part. No AI runs."),
    Level.SHADOW: _("People judge every part. The AI runs hidden, and the two are compared."),
    Level.ASSISTANCE: _("People judge every part and see what the AI thinks, except for a blind share."),
    Level.PARTIAL: _("The AI passes the parts that it is sure are good; people judge all others."),
    Level.FULL: _("The AI decides wherever it is sure; people judge what it is unsure of, and a blind share."),
}

HINT_WORDS: dict[HintMode, str] = {
    HintMode.COMMIT_FIRST: _("after the own answer: the inspector answers, then sees the AI and may revise"),
    HintMode.CONCURRENT: _("beside the picture, from the start"),
}


def level_words(level: Level) -> str:
    """What a job does on this level, in the language of the page."""
    return gettext(LEVEL_WORDS[level])


def hint_words(mode: HintMode) -> str:
    return gettext(HINT_WORDS[mode])
