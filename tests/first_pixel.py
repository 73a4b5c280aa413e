"""A predictor that reads its score from a picture's first pixel, so that a test can draw parts with any score.

It is a kind like any other: a bundle on disk, verified and loaded by the desk, asked in batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from inference import predictors
from inference.bundle import Bundle
from inference.contract import Answer, Picture, Suggested
from inspection import walk
from inspection.models import Item, Job
from tests import factories

KIND = "first_pixel"
SILENT, BREAKS = 200, 250
"""Red of a part on which this model answers with a fault, and of one on which its engine breaks."""


class FirstPixel:
    """Red is the score in hundredths; green the probability of the first label."""

    suggested = Suggested()

    def __init__(self, bundle: Bundle) -> None:
        self.digest = bundle.digest
        self.labels = bundle.manifest.labels

    def warm(self) -> None:
        """Nothing is slow here."""

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        return [self._answer(picture) for picture in pictures]

    def _answer(self, picture: Picture) -> Answer:
        red, green, _ = (int(value) for value in picture.pixels[0, 0])
        if red == BREAKS:
            raise RuntimeError("the engine broke on this picture")
        if red == SILENT:
            return Answer(key=picture.key, fault="the model has no answer")
        return Answer(key=picture.key, score=red / 100, labels={self.labels[0]: min(green, 100) / 100})


@pytest.fixture
def first_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(predictors.KINDS, KIND, "tests.first_pixel.FirstPixel")


def champion(job: Job) -> None:
    factories.champion(job, factories.bundle_of_kind(job, KIND))


def part(job: Job, *, red: int, green: int = 0, **said: Any) -> Item:
    """A part, taken in and not judged yet, to which this model will give the score `red / 100`."""
    seed = Item.objects.filter(job=job).count()
    return factories.take_in(job, data=factories.picture(seed=seed, first=(red, green, 0)), **said)


def judge(*items: Item) -> int:
    """The bell rings for these parts; how many were answered."""
    return walk.predict_and_advance([str(item.pk) for item in items])
