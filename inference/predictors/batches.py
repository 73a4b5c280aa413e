"""What every predictor with a network does around its engine: batches, faults, times, and words for numbers."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference import nearest
from inference.bundle import Bundle, BundleRefused
from inference.contract import Answer, Picture, Pixels
from inference.preprocessing import prepared

# On one core 8 pictures at once run as fast as it goes (200/s; 195 one by one, 187 by 16), and fill no cache twice.
BATCH = 8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Outputs:
    """What a network says of n pictures: calibrated logits n x (1 + learnt labels), the NG score first; cell logits
    n x rows x columns; pooled features n x d."""

    logits: Floats
    cells: Floats
    features: Floats


class BatchPredictor(ABC):
    """The bundle's network behind `forward`, which a kind of engine provides."""

    def __init__(self, bundle: Bundle) -> None:
        self.digest = bundle.digest
        self.labels = bundle.manifest.labels
        self.suggested = bundle.manifest.suggested
        self._manifest = bundle.manifest
        self._known = nearest.load(bundle)

    @abstractmethod
    def forward(self, batch: Pixels) -> Outputs:
        """Run the network on n x size x size x 3 of uint8."""

    def warm(self) -> None:
        size = self._manifest.preprocessing.size
        for count in (1, BATCH):
            outputs = self.forward(np.zeros((count, size, size, 3), np.uint8))
        wide = outputs.features.shape[1]
        if self._known is not None and self._known.vectors.shape[1] != wide:
            raise BundleRefused("malformed", f"the known examples are not of this network, which has {wide} features")

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        answers: list[Answer] = []
        for start in range(0, len(pictures), BATCH):
            answers += self._judge_batch(pictures[start : start + BATCH])
        return answers

    def _judge_batch(self, pictures: Sequence[Picture]) -> list[Answer]:
        ready = [self._prepared(picture) for picture in pictures]
        good = [item for item in ready if not isinstance(item, Answer)]
        given = iter(self._answers(good))  # by place, not by key: a caller may ask for one picture twice
        return [item if isinstance(item, Answer) else next(given) for item in ready]

    def _prepared(self, picture: Picture) -> Answer | _Ready:
        began = time.perf_counter()
        try:
            pixels = prepared(picture.pixels, self._manifest.preprocessing)
        except Exception as error:  # whatever is wrong with one picture, its neighbours are still judged
            return Answer(key=picture.key, fault=f"the picture cannot be prepared: {error}")
        return _Ready(picture=picture, pixels=pixels, took_ms=_since(began))

    def _answers(self, ready: Sequence[_Ready]) -> list[Answer]:
        if not ready:
            return []
        began = time.perf_counter()
        try:
            outputs = self.forward(np.stack([item.pixels for item in ready]))
        except Exception as error:
            if len(ready) > 1:  # find out which of them it was
                return [answer for item in ready for answer in self._answers([item])]
            return [Answer(key=ready[0].picture.key, fault=f"the model failed: {error}")]
        forward_ms = _since(began) / len(ready)
        return [self._answer(item, outputs, at, forward_ms) for at, item in enumerate(ready)]

    def _answer(self, item: _Ready, outputs: Outputs, at: int, forward_ms: float) -> Answer:
        steps = {"preprocess": round(item.took_ms, 3), "forward": round(forward_ms, 3)}
        if not np.isfinite(outputs.logits[at]).all():
            return Answer(key=item.picture.key, fault="the model answered no number", steps_ms=steps)
        chances = sigmoid(outputs.logits[at])
        near, novelty = self._known.like(outputs.features[at]) if self._known is not None else ((), None)
        return Answer(
            key=item.picture.key,
            score=float(chances[0]),
            labels=dict(zip(self._manifest.learnt, map(float, chances[1:]), strict=True)),
            steps_ms=steps,
            heatmap=self._heatmap(outputs.cells[at]),
            nearest=near,
            novelty=novelty,
        )

    def _heatmap(self, cells: Floats) -> tuple[tuple[float, ...], ...] | None:
        """On the bundle's one scale: scaled picture by picture, the least dull corner of a good part would glow."""
        heat = self._manifest.heat
        if heat is None:
            return None
        warm = np.clip((cells - heat.low) / (heat.high - heat.low), 0.0, 1.0)
        return tuple(tuple(round(float(value), 3) for value in row) for row in warm)


@dataclass(frozen=True, eq=False)
class _Ready:
    picture: Picture
    pixels: Pixels
    took_ms: float


def sigmoid(logits: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """1 / (1 + e^-x), without overflow."""
    x = logits.astype(np.float64)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
