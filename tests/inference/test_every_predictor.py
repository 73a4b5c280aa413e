"""One suite for every kind of predictor. A new kind is added to KINDS and has to pass all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference import predictors
from inference.bundle import Bundle
from inference.contract import Picture, Predictor
from inference.predictors.constant import write_constant
from inference.serving import load
from tests.inference.conftest import LABELS
from tests.inference.drawn import pixels_of, scratched, surface

TRAINED_KINDS = ("torch_model", "openvino_model")
KINDS = ("constant", *TRAINED_KINDS)
# Summing in another order moves the last digits of a float32.
CLOSE = 1e-4


@pytest.fixture(params=KINDS)
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Bundle:
    if request.param == "constant":
        return write_constant(tmp_path / "constant", labels=LABELS, score=0.3)
    found: Bundle = request.getfixturevalue("trained")
    return found


@pytest.fixture
def predictor(bundle: Bundle, request: pytest.FixtureRequest) -> Predictor:
    return load(bundle.folder, digest=bundle.digest, labels=LABELS, kind=request.node.callspec.params["bundle"])


def pictures(count: int) -> list[Picture]:
    draw = [surface, scratched]
    return [Picture(key=f"p{at}", pixels=pixels_of(draw[at % 2](at, size=80 + at))) for at in range(count)]


def bad_picture(key: str) -> Picture:
    return Picture(key=key, pixels=np.zeros((0, 10, 3), np.uint8))


def test_every_kind_in_the_table_is_in_this_suite() -> None:
    assert set(predictors.KINDS) == set(KINDS)


def test_digest_and_labels_are_those_of_the_bundle(predictor: Predictor, bundle: Bundle) -> None:
    assert (predictor.digest, predictor.labels) == (bundle.digest, LABELS)
    assert predictor.suggested == bundle.manifest.suggested


def test_answers_come_in_the_order_of_the_pictures(predictor: Predictor) -> None:
    asked = pictures(19)[::-1]
    assert [answer.key for answer in predictor.judge(asked)] == [picture.key for picture in asked]


def test_nothing_asked_is_nothing_answered(predictor: Predictor) -> None:
    assert predictor.judge([]) == []


def test_every_good_picture_gets_a_score_learnt_labels_and_times(predictor: Predictor, bundle: Bundle) -> None:
    for answer in predictor.judge(pictures(3)):
        assert answer.score is not None
        assert 0.0 <= answer.score <= 1.0
        assert tuple(answer.labels) == bundle.manifest.learnt
        assert set(answer.steps_ms) == {"preprocess", "forward"}


def test_one_bad_picture_gets_a_fault_and_its_neighbours_their_scores(predictor: Predictor) -> None:
    good = pictures(4)
    alone = [answer.score for answer in predictor.judge(good)]
    mixed = predictor.judge([good[0], bad_picture("bad"), *good[1:]])
    assert [bool(answer.fault) for answer in mixed] == [False, True, False, False, False]
    assert [answer.score for answer in mixed if not answer.fault] == pytest.approx(alone, abs=CLOSE)


def test_a_batch_of_bad_pictures_is_a_batch_of_faults(predictor: Predictor) -> None:
    assert all(answer.fault for answer in predictor.judge([bad_picture("a"), bad_picture("b")]))


def test_a_picture_gets_the_same_answer_alone_and_among_others(predictor: Predictor) -> None:
    asked = pictures(11)
    together = [answer.score for answer in predictor.judge(asked)]
    alone = [predictor.judge([picture])[0].score for picture in asked]
    assert together == pytest.approx(alone, abs=CLOSE)


def test_one_picture_asked_twice_is_answered_twice(predictor: Predictor) -> None:
    (picture,) = pictures(1)
    first, second = predictor.judge([picture, picture])
    assert (first.key, second.key) == ("p0", "p0")
    assert first.score == pytest.approx(second.score, abs=CLOSE)
