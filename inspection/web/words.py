"""What pages say of levels and hints, in words of the shop floor."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from inspection.refused import spoken
from inspection.vocabulary import HintMode, Language, Level

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

REFUSAL_WORDS: dict[str, str] = {
    "animated": _("The picture is an animation."),
    "bad_lot": _("The lot cannot be kept like this."),
    "bad_manifest": _("The list in the zip is wrong."),
    "bad_metadata": _("The metadata cannot be kept like this."),
    "bad_serial": _("The serial cannot be kept like this."),
    "bad_shift": _("The shift cannot be kept like this."),
    "bad_station": _("The station cannot be kept like this."),
    "broken_entry": _("The entry of the zip cannot be unpacked."),
    "format_not_allowed": _("Pictures of this format are not taken here."),
    "not_a_picture": _("The file is not a picture that can be read."),
    "not_in_zip": _("The list in the zip names a picture that is not there."),
    "serial_known": _("The serial is known with another picture."),
    "too_large": _("The file is larger than is taken here."),
    "too_many_pixels": _("The picture has more pixels than are taken here."),
    "truncated": _("The picture breaks off before its end."),
}
"""What a refusal comes to, by its code, where its sentence is an English text that no list holds."""


def level_words(level: Level) -> str:
    """What a job does on this level, in the language of the page."""
    return gettext(LEVEL_WORDS[level])


def hint_words(mode: HintMode) -> str:
    return gettext(HINT_WORDS[mode])


def refusal_words(*, code: str, detail: str) -> str:
    """A refusal that was kept, in the language of the page: its own sentence where that has a translation."""
    told = spoken(detail)
    if told != detail or get_language() == Language.ENGLISH or code not in REFUSAL_WORDS:
        return told
    return gettext(REFUSAL_WORDS[code])
