"""What a step or an act raises when it will not do what it was asked to do."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext, override

from inspection.clock import clock_time
from inspection.sentences import Moment, Quoted, Sentence, as_json, from_json
from inspection.vocabulary import Language


class Kind(Enum):
    """What sort of no it is; doors turn it into a status."""

    INVALID = "invalid"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    TOO_LARGE = "too_large"


class Refused(Exception):
    """A no with a stable code for programs and a sentence for people. Nothing has been changed."""

    def __init__(self, code: str, detail: str, *, kind: Kind = Kind.INVALID, **extra: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.said = detail
        self.kind = kind
        self.extra = extra

    @property
    def detail(self) -> str:
        """The sentence in the language of whoever is answered."""
        return spoken(self.said)


def conflict(code: str, detail: str, **extra: Any) -> Refused:
    return Refused(code, detail, kind=Kind.CONFLICT, **extra)


def spoken(said: str) -> str:
    """A sentence in the active language, with the sentences among its values; what is in no list stays as it is."""
    if isinstance(said, Quoted):
        return str(said)
    if not isinstance(said, Sentence):
        return gettext(said)
    values = {name: _spoken_value(value) for name, value in said.values.items()}
    return gettext(said.text).format(**values) if values else gettext(said.text)


def _spoken_value(value: Any) -> Any:
    """Figures have the decimal sign of the reader's language; names that people gave stay as they are, whatever else
    they may mean."""
    if isinstance(value, float):
        return str(value).replace(".", str(get_format("DECIMAL_SEPARATOR")))
    if isinstance(value, Moment):
        return clock_time(value.at, zone=value.zone)
    return spoken(value) if isinstance(value, Sentence) else value


def recorded(said: str) -> tuple[str, dict[str, Any] | None]:
    """What a row keeps of why something was done: the English text, and for a sentence what it takes to say it in
    another language. Whatever language whoever caused it reads, the record is English."""
    if not isinstance(said, Sentence):
        return said, None
    with override(Language.ENGLISH):
        kept = as_json(said)
    return str(from_json(kept)), kept
