"""Small drawn parts and picture files for these tests."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw


def surface(seed: int, *, size: int = 96, light: int = 120) -> Image.Image:
    """A brushed grey plate: noise, with a soft gradient."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 6, (size, 1)) + rng.normal(0, 3, (size, size)) + np.linspace(-10, 10, size)
    grey = np.clip(rows + light, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def scratched(seed: int, *, size: int = 96, light: int = 120) -> Image.Image:
    """The same plate with one bright scratch."""
    picture, rng = surface(seed, size=size, light=light), np.random.default_rng(seed + 10_000)
    start, end = rng.integers(10, size // 2, 2), rng.integers(size // 2, size - 10, 2)
    ImageDraw.Draw(picture).line([*map(int, start), *map(int, end)], fill=(250, 250, 250), width=3)
    return picture


def stained(seed: int, *, size: int = 96, light: int = 120) -> Image.Image:
    """The same plate with one dark stain."""
    picture, rng = surface(seed, size=size, light=light), np.random.default_rng(seed + 20_000)
    x, y = (int(value) for value in rng.integers(20, size - 30, 2))
    ImageDraw.Draw(picture).ellipse([x, y, x + 18, y + 14], fill=(30, 20, 20))
    return picture


def file_of(picture: Image.Image, format: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def pixels_of(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)
