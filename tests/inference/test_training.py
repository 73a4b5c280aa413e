from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.bundle import Bundle, read
from inference.compress import ParityFailed, compare
from inference.contract import Picture, Suggested
from inference.datasets import DatasetRefused, Example, split_by_lot
from inference.pictures import open_upright
from inference.serving import load
from inference.training import Plan, train
from tests.inference.conftest import LABELS, Steps


def pictures(examples: Sequence[Example]) -> list[Picture]:
    return [Picture(key=example.key, pixels=open_upright(example.path.read_bytes())) for example in examples]


def test_a_trained_bundle_says_what_it_is_and_where_it_comes_from(trained: Bundle) -> None:
    manifest = read(trained.folder, digest=trained.digest, labels=LABELS).manifest
    assert (manifest.kind, manifest.backbone) == ("openvino_model", "tf_efficientnet_lite0")
    assert manifest.learnt == ("scratch",) or set(manifest.learnt) <= {"scratch", "stain"}
    assert manifest.provenance["parity"]["n"] == manifest.provenance["parity"]["same_decisions"] == 18
    assert manifest.provenance["training"] == {"n": 54, "lots": 6}
    assert len(manifest.golden) == 4


def test_the_report_counts_hold_out_lots_only(trained: Bundle) -> None:
    report = trained.manifest.holdout
    assert (report["n"], report["lots"], report["bad"]) == (18, 2, 4)
    assert report["misses"]["n"] + report["overkill"]["n"] == 18
    assert report["auroc_interval"] is None  # two lots are too few to draw from


def test_the_model_learns_what_was_drawn(trained: Bundle) -> None:
    assert trained.manifest.holdout["auroc"] > 0.9


def test_the_report_agrees_with_what_the_bundle_answers(trained: Bundle, drawn_examples: Sequence[Example]) -> None:
    held = split_by_lot(drawn_examples).holdout
    answers = load(trained.folder, digest=trained.digest).judge(pictures(held))
    missed = sum(example.bad and (answer.score or 0) < 0.5 for example, answer in zip(held, answers, strict=True))
    assert missed == trained.manifest.holdout["misses"]["k"]


def test_a_scratch_is_hotter_than_a_good_part_on_the_same_scale(
    trained: Bundle, drawn_examples: Sequence[Example]
) -> None:
    answers = load(trained.folder, digest=trained.digest).judge(pictures(drawn_examples))
    heat = np.array([np.array(answer.heatmap).max() for answer in answers])
    bad = np.array([example.bad for example in drawn_examples])
    assert heat.min() >= 0.0
    assert heat.max() <= 1.0
    assert heat[bad].mean() > heat[~bad].mean() + 0.2


def test_progress_goes_through_every_stage_to_its_end(trained: Bundle, steps: Steps) -> None:
    assert list(dict.fromkeys(stage for stage, _, _ in steps)) == ["pictures", "head", "export"]
    last = {stage: (done, total) for stage, done, total in steps}
    assert all(done == total for done, total in last.values())


def test_unreadable_pictures_are_all_listed_and_nothing_is_written(
    drawn_examples: Sequence[Example], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    given = [replace(example, path=broken) if at == 3 else example for at, example in enumerate(drawn_examples)]
    given[5] = replace(given[5], path=tmp_path / "absent.png")
    with pytest.raises(DatasetRefused, match=r"2 pictures cannot be read: .*") as caught:
        train(given, Plan(labels=LABELS, backbone="mobilenet_v3_small"), out=tmp_path / "out", progress=Steps())
    assert caught.value.code == "unreadable_pictures"
    assert {"broken.png", "absent.png"} <= set(caught.value.detail.replace(":", " ").split())
    assert [path.name for path in tmp_path.iterdir()] == ["broken.png"]


def test_a_compiled_form_that_answers_otherwise_is_refused() -> None:
    trained_scores = np.array([[0.2], [0.8]])
    compare(trained_scores + 0.0005, trained_scores, suggested=Suggested())
    with pytest.raises(ParityFailed, match=r"by up to 0\.0100"):
        compare(trained_scores + 0.01, trained_scores, suggested=Suggested())


def test_a_compiled_form_that_decides_one_picture_otherwise_is_refused() -> None:
    with pytest.raises(ParityFailed, match="1 of 2 pictures otherwise"):
        compare(np.array([[0.2999], [0.8]]), np.array([[0.3001], [0.8]]), suggested=Suggested(accept_at=0.3))
