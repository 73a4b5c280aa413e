from __future__ import annotations

import numpy as np
import pytest

from inference.contract import Answer, Picture, Suggested


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_score_that_is_no_probability_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        Answer(key="a", score=score)


def test_a_label_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="scratch is nan"):
        Answer(key="a", score=0.5, labels={"scratch": float("nan")})


def test_an_answer_with_both_score_and_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="either a score or a fault"):
        Answer(key="a", score=0.5, fault="broken")


def test_an_answer_with_neither_score_nor_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="either a score or a fault"):
        Answer(key="a")


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
    ids=["grey", "with alpha", "floats"],
)
def test_a_picture_in_another_shape_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="height x width x 3 of uint8"):
        Picture(key="a", pixels=pixels)


def test_suggested_thresholds_stand_in_order() -> None:
    assert Suggested(accept_at=0.1, reject_at=0.9).accept_at == 0.1
    with pytest.raises(ValueError, match="accept_at lies below reject_at"):
        Suggested(accept_at=0.9, reject_at=0.1)
