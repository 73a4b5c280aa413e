"""A predictor that gives every picture the same score, and looks at the same spot if it has one: for trials of
everything around a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from inference.bundle import Bundle, BundleRefused, Manifest, seal
from inference.contract import Answer, Picture, Suggested, is_probability

KIND = "constant"
CELLS = 7
"""Rows and columns of its heatmap, as many as those of the default network."""
_NO_SUGGESTION = Suggested()


class Constant:
    def __init__(self, bundle: Bundle) -> None:
        self.digest = bundle.digest
        self.labels = bundle.manifest.labels
        self.suggested = bundle.manifest.suggested
        self._score = bundle.manifest.settings.get("score", -1.0)
        if not is_probability(self._score):
            raise BundleRefused("malformed", "a bundle of kind constant needs settings.score from 0 to 1")
        self._heatmap = _heatmap(bundle.manifest.settings)

    def warm(self) -> None:
        """Nothing is slow here."""

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        return [self._answer(picture) for picture in pictures]

    def _answer(self, picture: Picture) -> Answer:
        if picture.pixels.size == 0:
            return Answer(key=picture.key, fault="the picture has no pixels")
        steps = {"preprocess": 0.0, "forward": 0.0}
        return Answer(key=picture.key, score=self._score, steps_ms=steps, heatmap=self._heatmap)


def _heatmap(settings: Mapping[str, float]) -> tuple[tuple[float, ...], ...] | None:
    if "spot_row" not in settings:
        return None
    spot = (settings["spot_row"], settings.get("spot_column"))
    return tuple(tuple(float((row, column) == spot) for column in range(CELLS)) for row in range(CELLS))


def write_constant(
    folder: Path | str,
    *,
    labels: Sequence[str],
    score: float,
    suggested: Suggested = _NO_SUGGESTION,
    spot: tuple[int, int] | None = None,
) -> Bundle:
    """Write a bundle of this kind; its settings are its whole model. Raises BundleRefused for an unsound one.

    `spot` is row and column, each 0 to 6, of the one hot cell of its heatmap; without it there is no heatmap.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"score": score} if spot is None else {"score": score, "spot_row": spot[0], "spot_column": spot[1]}
    name = f"always {score:g}"
    return seal(folder, Manifest(kind=KIND, name=name, labels=tuple(labels), suggested=suggested, settings=settings))
