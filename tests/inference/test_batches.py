from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inference.bundle import Bundle, Heat, Manifest
from inference.contract import Picture, Pixels
from inference.predictors.batches import BATCH, BatchPredictor, Outputs, sigmoid

POISON = 13


class Engine(BatchPredictor):
    """Answers with the mean brightness as the logit; `fails` decides what it cannot bear."""

    def __init__(self, fails: Callable[[Pixels], bool], *, heat: Heat | None = None) -> None:
        super().__init__(Bundle(Path(), "d", Manifest(kind="x", name="x", labels=("a",), learnt=("a",), heat=heat)))
        self.fails = fails
        self.sizes: list[int] = []

    def forward(self, batch: Pixels) -> Outputs:
        self.sizes.append(len(batch))
        if self.fails(batch):
            raise RuntimeError("engine trouble")
        level = batch.mean(axis=(1, 2, 3), dtype=np.float64).astype(np.float32)
        logits = np.where(level == 99, np.nan, level / 100)
        return Outputs(np.stack([logits, logits], axis=1), level[:, None, None].repeat(2, axis=2), level[:, None])


def flat(*levels: int) -> list[Picture]:
    return [Picture(key=str(level), pixels=np.full((20, 20, 3), level, np.uint8)) for level in levels]


def poisoned(batch: Pixels) -> bool:
    return bool((batch[:, 0, 0, 0] == POISON).any())


def test_a_picture_that_breaks_the_engine_is_found_and_its_neighbours_are_judged_one_by_one() -> None:
    engine = Engine(poisoned)
    answers = engine.judge(flat(10, POISON, 30))
    assert [answer.fault for answer in answers] == ["", "the model failed: engine trouble", ""]
    assert engine.sizes == [3, 1, 1, 1]
    assert answers[2].score == pytest.approx(1 / (1 + np.exp(-0.3)))


def test_an_engine_that_always_fails_gives_a_fault_for_every_picture() -> None:
    assert all(answer.fault for answer in Engine(lambda _: True).judge(flat(1, 2)))


def test_an_answer_that_is_no_number_is_a_fault() -> None:
    first, second = Engine(poisoned).judge(flat(99, 50))
    assert (first.score, first.fault) == (None, "the model answered no number")
    assert second.labels == {"a": second.score}


def test_many_pictures_go_in_batches_of_eight() -> None:
    engine = Engine(poisoned)
    engine.judge(flat(*range(100, 100 + 2 * BATCH + 3)))
    assert engine.sizes == [BATCH, BATCH, 3]


def test_heat_lies_on_the_scale_of_the_bundle_and_not_of_the_picture() -> None:
    answers = Engine(poisoned, heat=Heat(low=50, high=150)).judge(flat(20, 100, 200))
    assert [answer.heatmap for answer in answers] == [((0.0, 0.0),), ((0.5, 0.5),), ((1.0, 1.0),)]


def test_without_a_scale_there_is_no_heatmap() -> None:
    assert Engine(poisoned).judge(flat(20))[0].heatmap is None


def test_the_sigmoid_of_a_huge_logit_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
