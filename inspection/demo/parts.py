"""Parts whose truth is known, for the demonstration: solar cells of the ELPV data set and drawn covers."""

from __future__ import annotations

import importlib.util
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspection.acts.train_model import Imported
from inspection.demo import covers

CELLS_IN_A_LOT = 60
"""Consecutive cells stand in for one module; its number is not in the data set."""
TERMS = (
    "The pictures of solar-cells are the ELPV data set (Buerhop-Lutz et al., 2018; Deitsch et al., 2019), "
    "CC BY-NC-SA 4.0: free for trials, not for commercial use."
)


@dataclass(frozen=True)
class Part:
    """One part with its picture, and the probability, 0..1, with which experts call it defective."""

    name: str
    data: bytes
    lot: str
    target: float
    labels: tuple[str, ...]

    @property
    def doubted(self) -> bool:
        """Whether the experts themselves were not sure."""
        return 0 < self.target < 1


def solar_cells(*, start: int, stop: int) -> Iterator[Part]:
    """Cells `start` to `stop` of the ELPV wheel, its lots shuffled. Raises FileNotFoundError where it is missing.

    In its own order all cells of one kind come first: a model that learnt from them met only strangers later.
    """
    for path, target, lot in _shuffled_lots()[start:stop]:
        yield Part(
            name=path.name,
            data=path.read_bytes(),
            lot=f"M{lot:03d}",
            target=target,
            labels=("defect",) if target >= 0.5 else (),
        )


def _shuffled_lots() -> list[tuple[Path, float, int]]:
    """Every cell with its lot; the cells of a lot stay together, so that none can stand on both sides of a split."""
    rows = _elpv_rows()
    lots = list(range(0, len(rows), CELLS_IN_A_LOT))
    random.Random(7).shuffle(lots)
    return [(*row, first // CELLS_IN_A_LOT) for first in lots for row in rows[first : first + CELLS_IN_A_LOT]]


def has_solar_cells() -> bool:
    return importlib.util.find_spec("elpv_dataset") is not None


def _elpv_rows() -> list[tuple[Path, float]]:
    spec = importlib.util.find_spec("elpv_dataset")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package elpv-dataset is not installed; DEMO=drawn does without it")
    data = Path(spec.origin).parent / "data"
    rows = [line.split() for line in (data / "labels.csv").read_text().splitlines() if line.strip()]
    return [(data / path, float(target)) for path, target, *_ in rows]


def drawn_covers(
    *, start: int, stop: int, defect_rate: float, lot_size: int = covers.LOT_SIZE, strength: float = 1.0
) -> Iterator[Part]:
    """Covers `start` to `stop`, drawn anew; the same numbers always give the same covers. `strength` below 1 makes
    their defects fainter."""
    for number in range(start, stop):
        lot = number // lot_size
        defects = covers.choose(number, defect_rate=defect_rate)
        cover = covers.draw(number, lot, defects=defects, strength=strength)
        out = io.BytesIO()
        cover.image.save(out, "PNG", compress_level=1)
        yield Part(
            name=f"cover-{number:06d}.png",
            data=out.getvalue(),
            lot=f"L{lot:04d}",
            target=1.0 if cover.labels else 0.0,
            labels=cover.labels,
        )


def write_known(parts: Iterator[Part], folder: Path) -> Iterator[Imported]:
    """Write parts as files that training can read, each with what is known of it."""
    for part in parts:
        path = folder / part.name
        path.write_bytes(part.data)
        yield Imported(path=path, target=part.target, lot=part.lot, labels=part.labels)
