"""Which text may be kept as a name or a note."""

from __future__ import annotations

import re

from inspection.policy.answers import Flaw

# Marks that are not seen or turn the text round count too: two serials that look the same are two parts.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
# PostgreSQL knows no NUL, and no encoding half a surrogate pair; SQLite takes both and fails the reader instead.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def is_name(text: str) -> bool:
    """Whether a text is one line in which every mark can be seen, and not blank."""
    return bool(text.strip()) and UNSEEN.search(text) is None


def is_storable(text: str) -> bool:
    """Whether every database takes the text; it may have lines."""
    return _UNSTORABLE.search(text) is None


def reason_flaw(reason: str) -> Flaw | None:
    """What is wrong with the reason that somebody gives for what stays in the history, or None."""
    if not is_storable(reason):
        return Flaw("bad_reason", "The reason holds marks that cannot be kept.")
    if not reason.strip():
        return Flaw("reason_missing", "Say why; it goes into the history.")
    return None
