from __future__ import annotations

import base64
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import nearest
from inference.bundle import EXAMPLES, Bundle, BundleRefused, Manifest, read, seal
from inference.contract import Answer, Neighbour, Picture
from inference.datasets import Example, split_by_lot
from inference.predictors.constant import write_constant
from inference.serving import load
from tests.inference.conftest import LABELS
from tests.inference.drawn import pixels_of, surface
from tests.inference.test_training import pictures


def example(number: int, *, target: float = 0.0, lot: str = "a", labels: tuple[str, ...] = ()) -> Example:
    return Example(path=Path("x.png"), target=target, lot=lot, labels=labels, key=f"k{number:04d}")


def parts(**counts: int) -> list[Example]:
    """So many good parts (`good`) and parts of each label, in two lots."""
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    return [
        example(at, lot="ab"[at % 2]) if kind == "good" else example(at, lot="ab"[at % 2], target=1.0, labels=(kind,))
        for at, kind in enumerate(kinds)
    ]


def index(*rows: Sequence[float], floor: float = 0.5) -> nearest.Index:
    known = tuple(nearest.Known(key=f"k{at}", target=0.0, label=None) for at in range(len(rows)))
    return nearest.Index(known=known, vectors=nearest.unit(np.array(rows)), floor=floor)


def copy_of(bundle: Bundle, folder: Path) -> Path:
    return Path(shutil.copytree(bundle.folder, folder / "copy"))


def content_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / EXAMPLES).read_text())
    return found


def asked(bundle: Bundle, given: Sequence[Example], *, kind: str | None = None) -> list[Answer]:
    return load(bundle.folder, digest=bundle.digest, kind=kind).judge(pictures(given))


# ---- which examples are kept -----------------------------------------------------------------------------------------


def test_as_many_good_parts_are_kept_as_of_each_label() -> None:
    given = parts(good=900, scratch=300, dent=20)
    kept = nearest.choose(given, labels=LABELS)
    assert Counter(given[at].labels for at in kept) == {(): 133, ("scratch",): 133, ("dent",): 20}


def test_which_are_kept_depends_on_their_keys_and_not_on_their_order() -> None:
    given = parts(good=900, scratch=300)
    keys = {given[at].key for at in nearest.choose(given, labels=LABELS)}
    assert keys == {given[::-1][at].key for at in nearest.choose(given[::-1], labels=LABELS)}


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        pytest.param(example(1, target=0.33), False, id="experts doubted that it is good"),
        pytest.param(example(1, target=0.67, labels=("dent",)), False, id="experts doubted that it is bad"),
        pytest.param(example(1, target=1.0, labels=("dent", "stain")), False, id="of two labels"),
        pytest.param(replace(example(1), key="line\nbreak"), False, id="a key that no database takes"),
        pytest.param(example(1, target=1.0), True, id="bad without a label"),
        pytest.param(example(1, target=1.0, labels=("dent", "rust")), True, id="the other label is of no catalogue"),
    ],
)
def test_only_what_is_known_for_sure_is_kept(odd: Example, kept: bool) -> None:
    assert nearest.choose([odd], labels=LABELS) == ([0] if kept else [])


def test_the_floor_is_what_nearly_all_reach_with_another_lot() -> None:
    angles = np.radians([0, 1, 10, 11, 60])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    floor = nearest.floor_of(vectors, ["a", "a", "b", "b", "b"])
    assert floor == pytest.approx(np.quantile(np.cos(np.radians([10, 9, 9, 10, 59])), nearest.FAR_SHARE))


def test_of_one_lot_alone_nothing_can_be_said() -> None:
    given = [replace(one, lot="a") for one in parts(good=20, scratch=20)]
    assert nearest.build(np.eye(40), given, labels=LABELS) is None


# ---- what is near ----------------------------------------------------------------------------------------------------


def test_the_three_most_similar_come_first_and_none_below_the_floor() -> None:
    found, novelty = index([1, 0], [0.9, 0.1], [0.5, 0.5], [0.8, 0.3], floor=0.9).like(np.array([7.0, 0.0]))
    assert [(one.key, round(one.similarity, 2)) for one in found] == [("k0", 1.0), ("k1", 0.99), ("k3", 0.94)]
    assert novelty == 0.0


def test_where_nothing_is_near_nothing_is_named_but_how_far_it_was() -> None:
    found, novelty = index([1, 0], [3, 4], floor=0.9).like(np.array([0.0, 1.0]))
    assert (found, novelty) == ((), pytest.approx(0.2))


def test_a_picture_without_any_features_is_like_nothing() -> None:
    assert index([1, 0], floor=0.1).like(np.zeros(2)) == ((), 1.0)


# ---- a trained model -------------------------------------------------------------------------------------------------


def test_only_training_parts_are_compared_with(trained: Bundle, drawn_examples: Sequence[Example]) -> None:
    keys = {one["key"] for one in content_of(trained.folder)["known"]}
    split = split_by_lot(drawn_examples)
    assert keys == {one.key for one in split.training}
    assert trained.manifest.provenance["compares_with"]["n"] == len(keys) == 54


@pytest.mark.parametrize("kind", ["openvino_model", "torch_model"])
def test_the_nearest_examples_of_new_lots_are_of_the_right_label(
    trained: Bundle, drawn_examples: Sequence[Example], kind: str
) -> None:
    held = split_by_lot(drawn_examples).holdout
    rows = [
        (one, near) for one, said in zip(held, asked(trained, held, kind=kind), strict=True) for near in said.nearest
    ]
    bad = [near.label in one.labels for one, near in rows if one.bad]
    good = [near.label is None for one, near in rows if not one.bad]
    assert (len(bad) >= 6, len(good) >= 30) == (True, True)
    # By chance 0.67 of a good part's would be good, and less than 0.25 of a bad part's bear its label.
    assert (np.mean(bad) >= 0.75, np.mean(good) >= 0.9) == (True, True)


def test_both_engines_name_the_same_examples(trained: Bundle, drawn_examples: Sequence[Example]) -> None:
    served, reference = (asked(trained, drawn_examples[:18], kind=kind) for kind in ("openvino_model", "torch_model"))
    assert [[one.key for one in said.nearest] for said in served] == [
        [one.key for one in said.nearest] for said in reference
    ]


def test_a_known_example_is_most_like_itself(trained: Bundle, drawn_examples: Sequence[Example]) -> None:
    known = next(one for one in split_by_lot(drawn_examples).training if one.labels)
    [said] = asked(trained, [known])
    itself = Neighbour(key=known.key, similarity=1.0, target=1.0, label=known.labels[0])
    assert replace(said.nearest[0], similarity=round(said.nearest[0].similarity, 2)) == itself
    assert said.novelty == pytest.approx(0.0, abs=0.001)


CHECKS = np.repeat((np.indices((96, 96)).sum(axis=0) // 12 % 2 * 200)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("pixels", [np.full((96, 96, 3), 120, np.uint8), CHECKS], ids=["a wall", "a chessboard"])
def test_a_picture_of_something_else_is_like_none_of_them(trained: Bundle, pixels: np.ndarray) -> None:
    [said] = load(trained.folder, digest=trained.digest).judge([Picture(key="else", pixels=pixels)])
    assert (said.nearest, said.fault) == ((), "")
    assert said.novelty is not None
    assert said.novelty > 0.1


# ---- on disk ---------------------------------------------------------------------------------------------------------


def test_one_flipped_bit_in_the_index_is_found_at_load(trained: Bundle, tmp_path: Path) -> None:
    folder = copy_of(trained, tmp_path)
    data = bytearray((folder / EXAMPLES).read_bytes())
    data[-100] ^= 1
    (folder / EXAMPLES).write_bytes(data)
    with pytest.raises(BundleRefused) as caught:
        load(folder, digest=trained.digest)
    assert caught.value.code == "digest_mismatch"


def test_a_bundle_from_before_serves_on_and_compares_with_nothing(trained: Bundle, tmp_path: Path) -> None:
    folder = copy_of(trained, tmp_path)
    (folder / EXAMPLES).unlink()
    old = seal(folder, replace(trained.manifest, format_version=1))
    [said] = load(folder, digest=old.digest).judge([Picture(key="p", pixels=pixels_of(surface(3)))])
    assert (said.fault, said.nearest, said.novelty) == ("", (), None)


def test_a_constant_model_compares_with_nothing(tmp_path: Path) -> None:
    made = write_constant(tmp_path / "b", labels=LABELS, score=0.3)
    [said] = load(made.folder, digest=made.digest).judge([Picture(key="p", pixels=pixels_of(surface(3)))])
    assert (said.nearest, said.novelty) == ((), None)


def half(content: dict[str, Any]) -> None:
    content["vectors"] = content["vectors"][: len(content["vectors"]) // 8 * 4]


def narrow(content: dict[str, Any]) -> None:
    raw = np.ones((len(content["known"]), 5), "<f2").tobytes()
    content["vectors"] = base64.b64encode(raw).decode()


def no_number(content: dict[str, Any]) -> None:
    raw = np.full((len(content["known"]), 1280), np.nan, "<f2").tobytes()
    content["vectors"] = base64.b64encode(raw).decode()


@pytest.mark.parametrize(
    "damage",
    [
        half,
        narrow,
        no_number,
        lambda content: content.update(vectors=""),
        lambda content: content.update(vectors="%%"),
        lambda content: content.update(known=[]),
        lambda content: content.update(floor=1.5),
        lambda content: content.update(floor="high"),
        lambda content: content.pop("floor"),
        lambda content: content["known"].pop(),
        lambda content: content["known"][0].update(label="rust"),
        lambda content: content["known"][0].update(key="a\x00b"),
        lambda content: content["known"][0].update(target=2),
        lambda content: content["known"][0].update(more=1),
    ],
)
def test_an_index_that_makes_no_sense_is_refused(
    trained: Bundle, tmp_path: Path, damage: Callable[[dict[str, Any]], object]
) -> None:
    folder = copy_of(trained, tmp_path)
    content = content_of(folder)
    damage(content)
    (folder / EXAMPLES).write_text(json.dumps(content))
    sealed = seal(folder, trained.manifest)
    with pytest.raises(BundleRefused) as caught:
        load(folder, digest=sealed.digest)
    assert caught.value.code == "malformed"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    known = (nearest.Known("một.png", 0.0, None), nearest.Known("b", 1.0, "dent"))
    made = nearest.Index(known=known, vectors=nearest.unit(np.array([[3.0, 4.0], [1.0, 0.0]])), floor=0.25)
    nearest.save(made, tmp_path)
    found = nearest.load(read(seal(tmp_path, Manifest(kind="constant", name="x", labels=LABELS)).folder))
    assert found is not None
    assert (found.known, found.floor) == (known, 0.25)
    assert found.vectors == pytest.approx(made.vectors, abs=0.001)
