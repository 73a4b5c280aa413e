"""The keys of the inspect page. Verdicts lie on 1, 2, 3 (number pad too), labels under the left hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspection.models import Label

LABEL_KEYS = "asdfgqwertzxcvbjklyip"
"""Without O, N and U, which are verdicts, H, which shows the heatmap, and M, which a glove hits together with N."""


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
            name=label.name,
            key=LABEL_KEYS[place] if place < len(LABEL_KEYS) else "",
            critical=label.critical,
        )
        for place, label in enumerate(labels)
    ]
