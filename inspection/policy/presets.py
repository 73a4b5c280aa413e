"""Ways to look at a picture that a job offers by one key: a light in which its defects stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from inspection.policy.answers import Flaw
from inspection.policy.words import is_name
from inspection.sentences import Sentence

LEAST, MOST = 0.2, 3.0
"""Brightness and contrast as multiples of the picture's own."""
MOST_PRESETS = 6


@dataclass(frozen=True)
class Preset:
    """Brightness and contrast, 1 being the picture as it is, and whether it is shown as a negative."""

    name: str
    brightness: float = 1.0
    contrast: float = 1.0
    invert: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check_presets(presets: Sequence[Preset]) -> Flaw | None:
    """The first flaw of a job's presets, or None."""
    if len(presets) > MOST_PRESETS:
        return Flaw("bad_presets", Sentence("A job has at most {most} ways to look at a picture.", most=MOST_PRESETS))
    if len({preset.name for preset in presets}) < len(presets):
        return Flaw("bad_presets", "Ways to look at a picture have different names.")
    for preset in presets:
        if not is_name(preset.name) or len(preset.name) > 30:
            return Flaw("bad_presets", "A way to look at a picture has a name of one line and at most 30 characters.")
        if not all(LEAST <= value <= MOST for value in (preset.brightness, preset.contrast)):
            return Flaw(
                "bad_presets", Sentence("{name}: brightness and contrast lie from 20 to 300 %.", name=preset.name)
            )
    return None
