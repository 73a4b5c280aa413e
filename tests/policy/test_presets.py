from __future__ import annotations

import pytest

from inspection.policy.presets import Preset, check_presets

FLAT = Preset("Flat", contrast=0.5)


@pytest.mark.parametrize("presets", [[], [FLAT], [FLAT, Preset("Negative", invert=True)], [Preset("Edge", 0.2, 3.0)]])
def test_what_the_sliders_can_show_is_taken(presets: list[Preset]) -> None:
    assert check_presets(presets) is None


@pytest.mark.parametrize(
    "presets",
    [
        [FLAT, FLAT],
        [Preset("")],
        [Preset("a\nb")],
        [Preset("x" * 31)],
        [Preset("Dark", brightness=0.1)],
        [Preset("Hard", contrast=3.1)],
        [Preset("Nothing", brightness=float("nan"))],
        [Preset(f"{number}") for number in range(7)],
    ],
)
def test_what_they_cannot_show_is_refused(presets: list[Preset]) -> None:
    flaw = check_presets(presets)
    assert flaw is not None
    assert flaw.code == "bad_presets"
