"""Draws metal covers for the demonstration: a brushed plate, four screws, cut-outs, and what can go wrong with one.

A drawing is a pure function of (seed, lot, defects): the same cover can be drawn again, with or without its defects.
Lots differ in light, tint, tilt and camera noise, as parts of one day do.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 384
LOT_SIZE = 60
DEFECTS = ("scratch", "dent", "stain", "missing_screw")
SCREWS = ((62, 62), (322, 62), (62, 322), (322, 322))
SCREW_RADIUS = 19
# Defects stay on the plate and off the screws: a scratch over an edge would be two defects to a person.
FIELD = (96, 96, 288, 288)

Plane = NDArray[np.float32]
Chance = np.random.Generator


@dataclass(frozen=True)
class Region:
    """Where one defect lies: a box (left, top, right, bottom), 0 to 1 of the picture."""

    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawn:
    """One cover: the picture, its defects' labels (sorted, each once) and where they lie. No labels: a good part."""

    image: Image.Image
    regions: tuple[Region, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Light:
    """What the parts of one lot share: direction and strength of light, tint, tilt in degrees, noise."""

    angle: float
    slope: float
    level: float
    tint: tuple[float, float, float]
    tilt: float
    noise: float


def draw(seed: int, lot: int, *, defects: Sequence[str] = (), strength: float = 1.0) -> Drawn:
    """One cover of 384 x 384 RGB. `defects` may name one kind twice; an unknown kind is a ValueError. `strength`, 0 to
    1, makes what is on the plate fainter; a screw is there or it is not."""
    unknown = set(defects) - set(DEFECTS)
    if unknown:
        raise ValueError(f"no such defect: {', '.join(sorted(unknown))}; there are {', '.join(DEFECTS)}")
    light = lot_light(lot)
    clean, harm = np.random.default_rng((seed, 0)), np.random.default_rng((seed, 1))
    plate = _brushed(clean)
    missing = harm.permutation(len(SCREWS))[: list(defects).count("missing_screw")]
    _screws(plate, clean, {int(index) for index in missing})
    clear = plate.copy()
    boxes = [(name, HARMS[name](plate, harm)) for name in defects if name != "missing_screw"]
    if strength != 1.0:
        plate = clear + np.float32(strength) * (plate - clear)
    boxes += [("missing_screw", _around(*SCREWS[index], SCREW_RADIUS + 3)) for index in missing]
    image = _photograph(plate, light, clean)
    regions = tuple(Region(name, _turned(box, light.tilt)) for name, box in boxes)
    return Drawn(image=image, regions=regions, labels=tuple(sorted({name for name, _box in boxes})))


@lru_cache(maxsize=64)
def lot_light(lot: int) -> Light:
    """The look of a lot, by its number alone."""
    chance = np.random.default_rng((lot, 7))
    warm = chance.uniform(-0.045, 0.045)
    return Light(
        angle=chance.uniform(0, 2 * math.pi),
        slope=chance.uniform(0.05, 0.22),
        level=chance.uniform(0.86, 1.12),
        tint=(1 + warm, 1.0, 1 - warm),
        tilt=chance.uniform(-3.0, 3.0),
        noise=chance.uniform(1.5, 4.5),
    )


def choose(seed: int, *, defect_rate: float) -> tuple[str, ...]:
    """What is wrong with part `seed`: mostly nothing; of the bad ones, one in six has two defects."""
    chance = np.random.default_rng((seed, 2))
    if chance.random() >= defect_rate:
        return ()
    count = 2 if chance.random() < 1 / 6 else 1
    return tuple(DEFECTS[index] for index in chance.choice(len(DEFECTS), size=count, replace=False))


def write(folder: Path, *, n: int, seed: int, defect_rate: float = 0.3) -> Path:
    """Writes `n` covers as PNG in lots of 60 and returns `labels.csv`: name, lot, verdict, labels by space."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "labels.csv"
    with table.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["name", "lot", "verdict", "labels"])
        for number in range(n):
            lot = number // LOT_SIZE
            cover = draw(seed + number, lot, defects=choose(seed + number, defect_rate=defect_rate))
            name = f"cover-{number:05d}.png"
            cover.image.save(folder / name, compress_level=1)
            rows.writerow([name, f"L{lot:03d}", "NG" if cover.labels else "OK", " ".join(cover.labels)])
    return table


def _brushed(chance: Chance) -> Plane:
    """A plate of brushed metal with bevelled edge, a slot and two holes. Grey, 0 to 255."""
    grain = chance.normal(0, 9, (SIDE, SIDE // 24)).astype(np.float32)
    # Brushing: each row keeps its tone for a long way.
    lines = np.repeat(grain, 24, axis=1)
    lines = (lines + np.roll(lines, 12, 1) + np.roll(lines, 6, 1) + np.roll(lines, 18, 1)) * np.float32(0.25)
    plate = np.where(_outline()[0], 172 + lines + _long_waves(chance), np.float32(38))
    plate += _outline()[1]
    return plate.astype(np.float32)


def _long_waves(chance: Chance) -> Plane:
    rows = np.interp(np.arange(SIDE), np.linspace(0, SIDE, 9), chance.normal(0, 5, 9))
    return np.asarray(rows[:, None], np.float32)


@lru_cache(maxsize=1)
def _outline() -> tuple[NDArray[np.bool_], Plane]:
    """Where metal is, and the light on its edges: bright above, dark below, as with light from above."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((24, 24, 360, 360), radius=34, fill=255)
    pen.rounded_rectangle((142, 40, 242, 64), radius=12, fill=0)
    for x in (150, 192, 234):
        pen.ellipse((x - 11, 316, x + 11, 338), fill=0)
    metal = np.asarray(mask) > 127
    inside = metal.astype(np.float32)
    rim = np.zeros((SIDE, SIDE), np.float32)
    for reach, strength in ((1, 26.0), (2, 20.0), (3, 12.0)):
        rim += strength * (inside - np.roll(inside, reach, 0)) * inside
        rim -= strength * (inside - np.roll(inside, -reach, 0)) * inside
    return metal, rim


def _screws(plate: Plane, chance: Chance, missing: set[int]) -> None:
    for index, (x, y) in enumerate(SCREWS):
        # Drawn from `chance` for a missing one too, or the good screws after it would turn.
        turn = chance.uniform(0, math.pi)
        if index in missing:
            _hole(plate, x, y)
        else:
            _screw(plate, x, y, turn)


def _screw(plate: Plane, x: int, y: int, turn: float) -> None:
    patch, dx, dy, distance = _patch(plate, x, y, SCREW_RADIUS + 5)
    ring = np.clip(1 - np.abs(distance - SCREW_RADIUS - 1) / 3, 0, 1)
    patch -= 60 * ring
    head = np.clip(SCREW_RADIUS - distance, 0, 1)
    dome = 196 - 26 * (dy / SCREW_RADIUS) - 30 * (distance / SCREW_RADIUS) ** 2
    along = np.abs(dx * math.cos(turn) + dy * math.sin(turn))
    across = np.abs(dy * math.cos(turn) - dx * math.sin(turn))
    cross = np.minimum(np.maximum(along / 11, across / 3), np.maximum(across / 11, along / 3))
    dome = np.where(cross < 1, 66.0, dome)
    patch += head * (dome - patch)


def _hole(plate: Plane, x: int, y: int) -> None:
    patch, _dx, dy, distance = _patch(plate, x, y, SCREW_RADIUS + 5)
    depth = np.clip(11 - distance, 0, 1)
    # The countersink that the head covered: bare and smooth, lit from above.
    bare = np.clip(SCREW_RADIUS + 1 - distance, 0, 1)
    patch += bare * (np.where(dy > 0, 214, 128) - 2 * distance - patch)
    patch += depth * (30 - patch)


def _scratch(plate: Plane, chance: Chance) -> tuple[int, int, int, int]:
    """A fine bent line, bright with a dark lip: it lies across the brushing, or nobody could see it."""
    length, angle = chance.uniform(40, 120), chance.uniform(0.25, math.pi - 0.25)
    x, y = chance.uniform(150, 234), chance.uniform(150, 234)
    steps = np.linspace(-0.5, 0.5, 12) * length
    bend = chance.uniform(-0.12, 0.12) * (steps**2 / length - length / 12) * 4
    xs = np.clip(x + steps * math.cos(angle) - bend * math.sin(angle), FIELD[0], FIELD[2])
    ys = np.clip(y + steps * math.sin(angle) + bend * math.cos(angle), FIELD[1], FIELD[3])
    box = (int(xs.min()) - 4, int(ys.min()) - 4, int(xs.max()) + 5, int(ys.max()) + 5)
    line = _line(xs - box[0], ys - box[1], (box[2] - box[0], box[3] - box[1]), width=float(chance.uniform(1.2, 2.4)))
    patch = plate[box[1] : box[3], box[0] : box[2]]
    strength = chance.uniform(28, 75)
    patch += strength * line - 0.6 * strength * np.clip(np.roll(line, 2, 0) - line, 0, 1)
    return box


def _line(xs: NDArray[np.float64], ys: NDArray[np.float64], size: tuple[int, int], *, width: float) -> Plane:
    """A smooth line as coverage 0 to 1: drawn four times as large, then reduced."""
    canvas = Image.new("L", (size[0] * 4, size[1] * 4), 0)
    points = [(float(x) * 4, float(y) * 4) for x, y in zip(xs, ys, strict=True)]
    ImageDraw.Draw(canvas).line(points, fill=255, width=max(1, round(width * 4)), joint="curve")
    return np.asarray(canvas.reduce(4), np.float32) * np.float32(1 / 255)


def _dent(plate: Plane, chance: Chance) -> tuple[int, int, int, int]:
    """A shallow bowl: dark towards the light, bright away from it, with a soft border."""
    radius = int(chance.integers(12, 28))
    x, y = _spot(chance, radius)
    patch, dx, dy, distance = _patch(plate, x, y, radius)
    inside = np.clip(1 - (distance / radius) ** 2, 0, 1)
    angle = chance.uniform(0.9, 2.2)
    lean = (dx * math.cos(angle) + dy * math.sin(angle)) / radius
    patch += chance.uniform(55, 160) * inside * lean - 16 * inside
    return _around(x, y, radius)


def _stain(plate: Plane, chance: Chance) -> tuple[int, int, int, int]:
    """A dried drop: a darker blot of ragged outline with a darker rim."""
    radius = int(chance.integers(14, 34))
    x, y = _spot(chance, radius)
    patch, dx, dy, distance = _patch(plate, x, y, radius)
    around = np.arctan2(dy, dx)
    ragged = sum(chance.uniform(0.02, 0.09) * np.sin(k * around + chance.uniform(0, 2 * math.pi)) for k in (2, 3, 5, 7))
    edge = radius * (0.78 + ragged) - distance
    blot = np.clip(edge / 3, 0, 1)
    rim = np.clip(1 - np.abs(edge - 2) / 3, 0, 1)
    patch -= chance.uniform(11, 38) * blot + chance.uniform(6, 22) * rim
    return _around(x, y, radius)


HARMS: dict[str, Callable[[Plane, Chance], tuple[int, int, int, int]]] = {
    "scratch": _scratch,
    "dent": _dent,
    "stain": _stain,
}


def _spot(chance: Chance, radius: int) -> tuple[int, int]:
    return int(chance.integers(FIELD[0] + radius, FIELD[2] - radius)), int(
        chance.integers(FIELD[1] + radius, FIELD[3] - radius)
    )


def _around(x: int, y: int, reach: int) -> tuple[int, int, int, int]:
    return x - reach, y - reach, x + reach, y + reach


def _patch(plate: Plane, x: int, y: int, reach: int) -> tuple[Plane, Plane, Plane, Plane]:
    """A window of `plate` to draw into, with each pixel's offset from the middle and its distance."""
    ys, xs = np.mgrid[-reach:reach, -reach:reach].astype(np.float32)
    return plate[y - reach : y + reach, x - reach : x + reach], xs, ys, np.hypot(xs, ys)


def _photograph(plate: Plane, light: Light, chance: Chance) -> Image.Image:
    """The plate under the lot's light, slightly turned, with the camera's noise."""
    across = np.linspace(-1, 1, SIDE, dtype=np.float32)
    shade = light.level * (
        1 + light.slope * (across[None, :] * math.cos(light.angle) + across[:, None] * math.sin(light.angle))
    )
    lit = np.clip(plate * shade, 0, 255).astype(np.uint8)
    turned = Image.fromarray(lit).rotate(light.tilt, Image.Resampling.BILINEAR, fillcolor=38)
    noisy = np.asarray(turned, np.float32) + chance.normal(0, 1, (SIDE, SIDE)).astype(np.float32) * light.noise
    return Image.merge("RGB", [Image.fromarray(np.clip(noisy * part, 0, 255).astype(np.uint8)) for part in light.tint])


def _turned(box: tuple[int, int, int, int], degrees: float) -> tuple[float, float, float, float]:
    """The upright box round `box` after the photograph's turn about the middle (anticlockwise, y downwards)."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    half = SIDE / 2
    corners = [(x - half, y - half) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [x * cosine + y * sine + half for x, y in corners]
    ys = [y * cosine - x * sine + half for x, y in corners]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    return tuple(min(1.0, max(0.0, edge / SIDE)) for edge in (left, top, right, bottom))  # type: ignore[return-value]
