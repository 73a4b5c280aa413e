"""From an upright picture to what a network is fed: the one place, for training and for every predictor.

Only the resize happens here, on bytes, with Pillow. Normalisation is part of the network itself (inference/vision.py)
and so of its compiled form: there it cannot be forgotten, and the numbers stay where the weights are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from inference.contract import Pixels

RESAMPLE = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True)
class Preprocessing:
    """`mean` and `scale` are per channel in 0..255: the network sees (x - mean) / scale.

    `fit` is how a picture that is not square becomes square: `stretch` squeezes it. Nothing is cropped, since a
    defect at the edge is a defect.
    """

    size: int = 224
    resample: str = "bicubic"
    fit: str = "stretch"
    mean: tuple[float, ...] = (127.0, 127.0, 127.0)
    scale: tuple[float, ...] = (128.0, 128.0, 128.0)

    def __post_init__(self) -> None:
        if self.resample not in RESAMPLE or self.fit != "stretch" or not 16 <= self.size <= 2048:
            raise ValueError(f"this preprocessing is not known here: {self}")
        if len(self.mean) != 3 or len(self.scale) != 3 or min(self.scale) <= 0:
            raise ValueError("mean and scale are three numbers each, scales above 0")


def prepared(pixels: Pixels, preprocessing: Preprocessing) -> Pixels:
    """One picture as size x size x 3 of uint8. Raises ValueError for a picture without pixels."""
    if not pixels.size:  # Pillow would make a black square of it, and the model would score that
        raise ValueError("it has no pixels")
    side = (preprocessing.size, preprocessing.size)
    # reducing_gap shrinks a 24-megapixel picture by whole steps first: four times faster, the same to the eye.
    small = Image.fromarray(pixels).resize(side, RESAMPLE[preprocessing.resample], reducing_gap=3.0)
    return np.asarray(small, dtype=np.uint8)


def batch(pictures: Sequence[Pixels], preprocessing: Preprocessing) -> Pixels:
    """Several pictures as n x size x size x 3 of uint8."""
    return np.stack([prepared(pixels, preprocessing) for pixels in pictures])
