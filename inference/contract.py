"""What crosses the wall between the people's side and the model's side: pictures in, answers out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


class Refused(ValueError):
    """Something turned away at a door of this room: `code` is stable for programs, `detail` is for people.

    `text` and `values` are the same sentence before they were put together, for whoever says it in another language.
    """

    def __init__(self, code: str, text: str, **values: str | int) -> None:
        self.detail = text.format(**values) if values else text
        super().__init__(self.detail)
        self.code = code
        self.text = text
        self.values = values


@dataclass(frozen=True, eq=False)
class Picture:
    """One upright picture: `pixels` is height x width x 3, RGB, 0 to 255; `key` is the caller's own name for it."""

    key: str
    pixels: Pixels

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(
                f"a picture is height x width x 3 of uint8, not {self.pixels.shape} of {self.pixels.dtype}"
            )


@dataclass(frozen=True)
class Neighbour:
    """A picture the model learnt from that looks alike.

    `key` is the name it had then, `similarity` the cosine, 0 to 1, of what the network sees in both, `target` how bad
    people called it, and `label` what they called it: None for a good part, and for a bad one without a label.
    """

    key: str
    similarity: float
    target: float
    label: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a predictor says of one picture: a score or a fault, never both and never neither.

    `score` is the probability, 0 to 1, that the part is NG. `labels` holds one probability for each label the model
    has learnt (it may know fewer than the job has). `heatmap` is rows of 0 to 1 on one scale for all pictures.
    `nearest` are the known examples most like the part, best first; those that are not near are left out. `novelty` is
    1 less the similarity of the best one, near or not; None where the model has none to compare with.
    """

    key: str
    score: float | None = None
    labels: Mapping[str, float] = field(default_factory=dict)
    fault: str = ""
    steps_ms: Mapping[str, float] = field(default_factory=dict)
    heatmap: tuple[tuple[float, ...], ...] | None = None
    nearest: tuple[Neighbour, ...] = ()
    novelty: float | None = None

    def __post_init__(self) -> None:
        # A NaN compares false with every threshold, so it would fall through "<= accept_at" and ">= reject_at" alike.
        if (self.score is None) != bool(self.fault):
            raise ValueError("an answer holds either a score or a fault")
        for name, value in [("score", self.score), *self.labels.items()]:
            if value is not None and not is_probability(value):
                raise ValueError(f"{name} is {value!r}, not a probability from 0 to 1")


@dataclass(frozen=True)
class Suggested:
    """Thresholds a bundle suggests; None where its hold-out could not carry one. A job decides for itself."""

    accept_at: float | None = None
    reject_at: float | None = None

    def __post_init__(self) -> None:
        for value in (self.accept_at, self.reject_at):
            if value is not None and not is_probability(value):
                raise ValueError(f"a threshold is a probability from 0 to 1, not {value!r}")
        if self.accept_at is not None and self.reject_at is not None and self.accept_at >= self.reject_at:
            raise ValueError("accept_at lies below reject_at")


class Predictor(Protocol):
    """A loaded model. One suite of tests holds for every kind (tests/inference/test_every_predictor.py)."""

    @property
    def digest(self) -> str:
        """The digest of the bundle, which names the model version."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The ordered label codes that the bundle was made for."""
        ...

    @property
    def suggested(self) -> Suggested: ...

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        """Answer each picture, in order. A picture that cannot be judged gets a fault; its neighbours do not."""
        ...

    def warm(self) -> None:
        """Do once what makes the first answer slow."""
        ...


def is_probability(value: float) -> bool:
    return math.isfinite(value) and 0.0 <= value <= 1.0
