from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from inference.bundle import Bundle, BundleRefused, Golden, seal
from inference.contract import Picture
from inference.predictors import kind_of
from inference.predictors.constant import write_constant
from inference.serving import GOLDEN_TOLERANCE, Desk, load
from tests.inference.conftest import LABELS
from tests.inference.drawn import file_of, pixels_of, surface

PICTURE = Picture(key="p", pixels=pixels_of(surface(1)))


def constant(folder: Path, score: float) -> Bundle:
    return write_constant(folder, labels=LABELS, score=score)


def with_golden(bundle: Bundle, golden: Golden) -> Bundle:
    (bundle.folder / "golden").mkdir(exist_ok=True)
    (bundle.folder / "golden" / "1.png").write_bytes(file_of(surface(1)))
    return seal(bundle.folder, replace(bundle.manifest, golden=(golden,)))


def test_loading_pins_the_process_to_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    bundle = constant(tmp_path / "b", 0.5)
    load(bundle.folder, digest=bundle.digest)
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_a_bundle_that_gives_its_golden_answer_again_is_loaded(tmp_path: Path) -> None:
    bundle = with_golden(constant(tmp_path / "b", 0.5), Golden("golden/1.png", 0.5 + GOLDEN_TOLERANCE * 0.9))
    assert load(bundle.folder, digest=bundle.digest).judge([PICTURE])[0].score == 0.5


@pytest.mark.parametrize(
    "golden",
    [
        Golden("golden/1.png", 0.5 + GOLDEN_TOLERANCE * 1.1),
        Golden("golden/1.png", 0.5, {"scratch": 0.9}),
    ],
    ids=["another score", "a label it does not know"],
)
def test_a_bundle_that_answers_otherwise_takes_no_work(tmp_path: Path, golden: Golden) -> None:
    bundle = with_golden(constant(tmp_path / "b", 0.5), golden)
    with pytest.raises(BundleRefused) as caught:
        load(bundle.folder, digest=bundle.digest)
    assert caught.value.code == "golden_mismatch"


def test_weights_without_a_golden_answer_take_no_work(trained: Bundle, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "b"))
    bundle = seal(folder, replace(trained.manifest, golden=()))
    with pytest.raises(BundleRefused) as caught:
        load(bundle.folder, digest=bundle.digest)
    assert caught.value.code == "malformed"


def test_weights_of_another_network_are_found_by_the_golden_answers(trained: Bundle, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "b"))
    data = bytearray((folder / "weights.safetensors").read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    (folder / "weights.safetensors").write_bytes(data)
    sealed = seal(folder, trained.manifest)  # every digest agrees again
    with pytest.raises(BundleRefused) as caught:
        load(folder, digest=sealed.digest, kind="torch_model")
    assert caught.value.code == "golden_mismatch"


def test_a_kind_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match="no predictor of kind") as caught:
        kind_of("os.system")
    assert caught.value.code == "unknown_kind"


def test_a_desk_loads_once_and_answers_for_each_bundle(tmp_path: Path) -> None:
    desk, low, high = Desk(), constant(tmp_path / "low", 0.1), constant(tmp_path / "high", 0.9)
    for bundle, score in ((low, 0.1), (high, 0.9), (low, 0.1)):
        (answer,) = desk.judge(folder=bundle.folder, digest=bundle.digest, labels=LABELS, pictures=[PICTURE])
        assert answer.score == score
    first = desk.predictor(folder=low.folder, digest=low.digest)
    assert desk.predictor(folder=low.folder, digest=low.digest) is first


def test_a_desk_keeps_the_three_that_were_used_last(tmp_path: Path) -> None:
    desk, bundles = Desk(), [constant(tmp_path / str(at), at / 10) for at in range(4)]
    for at in (0, 1, 2, 0, 3):
        desk.predictor(folder=bundles[at].folder, digest=bundles[at].digest)
    assert desk.holds() == tuple(bundles[at].digest for at in (2, 0, 3))


def test_the_way_back_needs_no_disk(tmp_path: Path) -> None:
    desk, old, new = Desk(), constant(tmp_path / "old", 0.1), constant(tmp_path / "new", 0.9)
    for bundle in (old, new):
        desk.predictor(folder=bundle.folder, digest=bundle.digest)
    shutil.rmtree(old.folder)
    (answer,) = desk.judge(folder=old.folder, digest=old.digest, labels=LABELS, pictures=[PICTURE])
    assert answer.score == 0.1


def test_labels_are_compared_at_each_call(tmp_path: Path) -> None:
    desk, bundle = Desk(), constant(tmp_path / "b", 0.5)
    desk.predictor(folder=bundle.folder, digest=bundle.digest, labels=LABELS)
    with pytest.raises(BundleRefused) as caught:
        desk.judge(folder=bundle.folder, digest=bundle.digest, labels=LABELS[::-1], pictures=[PICTURE])
    assert caught.value.code == "label_order"


def test_a_bundle_that_is_refused_leaves_what_serves_alone(tmp_path: Path) -> None:
    desk, good, broken = Desk(), constant(tmp_path / "good", 0.1), constant(tmp_path / "broken", 0.9)
    desk.predictor(folder=good.folder, digest=good.digest)
    (broken.folder / "bundle.json").write_text("{}")
    with pytest.raises(BundleRefused):
        desk.predictor(folder=broken.folder, digest=broken.digest)
    assert desk.holds() == (good.digest,)


def test_threads_that_swap_models_all_the_time_get_each_answer_from_the_model_they_asked(tmp_path: Path) -> None:
    desk, bundles = Desk(keep=1), [constant(tmp_path / str(at), at / 10) for at in range(3)]
    wrong: list[float | None] = []

    def ask(at: int) -> None:
        for _ in range(30):
            (answer,) = desk.judge(
                folder=bundles[at].folder, digest=bundles[at].digest, labels=LABELS, pictures=[PICTURE]
            )
            if answer.score != at / 10:
                wrong.append(answer.score)

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
