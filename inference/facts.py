"""Numbers about a picture, measured once when it arrives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.contract import Pixels

# Measuring more than a megapixel takes tens of milliseconds and changes no number that a check looks at.
MEASURED_PIXELS = 1_000_000
DARKEST, BRIGHTEST = 2, 253


@dataclass(frozen=True)
class Facts:
    """Size in upright pixels; brightness 0..255 (mean); contrast (standard deviation of grey values);

    sharpness (variance of the Laplacian, Pech-Pacheco et al. 2000, of the sampled picture); clipped: share 0..1 of
    pixels that are as good as black or white.
    """

    width: int
    height: int
    brightness: float
    contrast: float
    sharpness: float
    clipped: float


def measure(pixels: Pixels) -> Facts:
    """Measure an upright RGB picture, on every n-th pixel of a large one."""
    height, width = pixels.shape[:2]
    grey = _grey(pixels)
    return Facts(
        width=width,
        height=height,
        brightness=round(float(grey.mean()), 3),
        contrast=round(float(grey.std()), 3),
        sharpness=round(_sharpness(grey), 3),
        clipped=round(float(np.mean((grey <= DARKEST) | (grey >= BRIGHTEST))), 5),
    )


def _grey(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Luma by ITU-R BT.601 of at most a megapixel; every n-th pixel, because averaging would hide noise and blur."""
    height, width = pixels.shape[:2]
    step = max(1, int(np.ceil(np.sqrt(height * width / MEASURED_PIXELS))))
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return pixels[::step, ::step].astype(np.float32) @ weights


def _sharpness(grey: npt.NDArray[np.float32]) -> float:
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * middle).var())
