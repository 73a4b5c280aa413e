"""The keys of the inspect page. Verdicts lie on 1, 2, 3 (number pad too), labels under the left hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspection.models import Label
from inspection.queries.labels import name_of

LABEL_KEYS = "asdfgetp456789"
"""Without O, N, U (verdicts), H, X, Y (the hint), I, Z (report, undo), what moves, turns or marks the picture
(B, C, J, K, L, Q, R, V, W), and M, which a glove hits together with N."""


@dataclass(frozen=True)
class Chip:
    """A label on the bar; the key is empty where a job has more labels than keys."""

    code: str
    name: str
    key: str
    critical: bool


def chips(labels: Iterable[Label]) -> list[Chip]:
    """The labels in the order of the catalogue, each with its key."""
    return [
        Chip(
            code=label.code,
            name=name_of(label),
            key=LABEL_KEYS[place] if place < len(LABEL_KEYS) else "",
            critical=label.critical,
        )
        for place, label in enumerate(labels)
    ]
