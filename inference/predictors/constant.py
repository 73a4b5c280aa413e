"""A predictor that gives every picture the same score: for trials of everything around a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inference.bundle import Bundle, BundleRefused, Manifest, seal
from inference.contract import Answer, Picture, Suggested, is_probability

KIND = "constant"
_NO_SUGGESTION = Suggested()


class Constant:
    def __init__(self, bundle: Bundle) -> None:
        self.digest = bundle.digest
        self.labels = bundle.manifest.labels
        self.suggested = bundle.manifest.suggested
        self._score = bundle.manifest.settings.get("score", -1.0)
        if not is_probability(self._score):
            raise BundleRefused("malformed", "a bundle of kind constant needs settings.score from 0 to 1")

    def warm(self) -> None:
        """Nothing is slow here."""

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        return [self._answer(picture) for picture in pictures]

    def _answer(self, picture: Picture) -> Answer:
        if picture.pixels.size == 0:
            return Answer(key=picture.key, fault="the picture has no pixels")
        return Answer(key=picture.key, score=self._score, steps_ms={"preprocess": 0.0, "forward": 0.0})


def write_constant(
    folder: Path | str, *, labels: Sequence[str], score: float, suggested: Suggested = _NO_SUGGESTION
) -> Bundle:
    """Write a bundle of this kind; `settings.score` is its whole model. Raises BundleRefused for an unsound one."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"always {score:g}"
    return seal(
        folder, Manifest(kind=KIND, name=name, labels=tuple(labels), suggested=suggested, settings={"score": score})
    )
