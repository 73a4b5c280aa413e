"""The fit check, the cheap first step: is this picture fit to be judged? What is not goes to a person."""

from __future__ import annotations

from dataclasses import dataclass

from inference.facts import Facts


@dataclass(frozen=True)
class FitLimits:
    """Generous on purpose: an odd but readable picture belongs to the model, not to this check.

    Each default lies well beyond the most extreme of 2,624 solar cells (grey and dark) and 320 circuit boards (nearly
    binary); docs/inference.md has the figures.
    """

    min_side: int = 32
    min_brightness: float = 5.0
    max_brightness: float = 252.0
    min_contrast: float = 2.0
    min_sharpness: float = 0.5


def fit(facts: Facts, limits: FitLimits = FitLimits()) -> tuple[str, ...]:
    """Why the picture is not fit to be judged, in words; empty when it is."""
    found = (_too_small(facts, limits), _light(facts, limits), _flat(facts, limits))
    return tuple(reason for reason in found if reason)


def _too_small(facts: Facts, limits: FitLimits) -> str:
    if min(facts.width, facts.height) >= limits.min_side:
        return ""
    return f"too small: {facts.width} x {facts.height} pixels, at least {limits.min_side} on each side are needed"


def _light(facts: Facts, limits: FitLimits) -> str:
    if facts.brightness < limits.min_brightness:
        return f"too dark: mean brightness {facts.brightness:.1f} of 255, at least {limits.min_brightness:g} is needed"
    if facts.brightness > limits.max_brightness:
        return f"overexposed: mean brightness {facts.brightness:.1f} of 255, at most {limits.max_brightness:g} is fit"
    return ""


def _flat(facts: Facts, limits: FitLimits) -> str:
    if facts.contrast < limits.min_contrast:
        return f"no contrast: grey values spread by {facts.contrast:.2f}, at least {limits.min_contrast:g} is needed"
    if facts.sharpness < limits.min_sharpness:
        return f"blurred beyond use: sharpness {facts.sharpness:.2f}, at least {limits.min_sharpness:g} is needed"
    return ""
