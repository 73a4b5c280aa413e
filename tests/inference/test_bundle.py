from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from inference.bundle import BundleRefused, parse, read, seal
from inference.contract import Suggested
from inference.predictors.constant import write_constant
from tests.inference.drawn import file_of, surface

LABELS = ("scratch", "dent", "stain")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle with a golden picture and a weights file, so that there is something to tamper with."""
    (tmp_path / "b" / "golden").mkdir(parents=True)
    (tmp_path / "b" / "golden" / "1.png").write_bytes(file_of(surface(1)))
    (tmp_path / "b" / "weights.safetensors").write_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}" + b"\x07" * 4000)
    return write_constant(tmp_path / "b", labels=LABELS, score=0.3, suggested=Suggested(accept_at=0.2)).folder


def refusal(folder: Path, **known: object) -> str:
    with pytest.raises(BundleRefused) as caught:
        read(folder, **known)  # type: ignore[arg-type]
    return caught.value.code


def rewrite(folder: Path, **changes: object) -> None:
    content = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps(content | changes))


def test_a_sound_bundle_is_read_as_it_was_written(folder: Path) -> None:
    bundle = read(folder, labels=LABELS)
    assert bundle.manifest.labels == LABELS
    assert bundle.manifest.suggested == Suggested(accept_at=0.2)
    assert set(bundle.manifest.files) == {"golden/1.png", "weights.safetensors"}
    assert read(folder, digest=bundle.digest) == bundle


@pytest.mark.parametrize("name", ["weights.safetensors", "golden/1.png"])
def test_one_flipped_bit_is_found(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    assert refusal(folder) == "digest_mismatch"


def test_a_flipped_bit_in_the_manifest_is_found_by_the_digest_on_record(folder: Path) -> None:
    digest = read(folder).digest
    rewrite(folder, name="another")
    assert refusal(folder, digest=digest) == "digest_mismatch"


def test_the_same_labels_in_another_order_are_refused(folder: Path) -> None:
    assert refusal(folder, labels=("dent", "scratch", "stain")) == "label_order"
    assert refusal(folder, labels=("scratch", "dent")) == "label_set"


def test_a_pickle_is_refused_under_its_own_name_and_under_another(folder: Path) -> None:
    harmful = pickle.dumps({"a": 1}, protocol=4)
    (folder / "model.pt").write_bytes(harmful)
    assert refusal(folder) == "pickle_inside"
    (folder / "model.pt").unlink()
    (folder / "weights.safetensors").write_bytes(harmful)
    with pytest.raises(BundleRefused, match="under another name"):
        seal(folder, parse((folder / "bundle.json").read_bytes()))


def test_a_torch_archive_under_another_name_is_refused(folder: Path) -> None:
    (folder / "weights.safetensors").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    assert refusal(folder) == "pickle_inside"


def break_unknown_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("hello")


def break_unnamed_golden(folder: Path) -> None:
    (folder / "golden" / "2.png").write_bytes(b"x")


def break_link(folder: Path) -> None:
    (folder / "golden" / "1.png").unlink()
    (folder / "golden" / "1.png").symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (break_unknown_file, "unknown_file"),
        (break_unnamed_golden, "unknown_file"),
        (break_link, "missing_file"),
        (lambda folder: (folder / "weights.safetensors").unlink(), "missing_file"),
        (lambda folder: (folder / "bundle.json").unlink(), "missing_file"),
        (lambda folder: (folder / "bundle.json").write_text("{"), "malformed"),
        (lambda folder: rewrite(folder, labels="scratch"), "malformed"),
        (lambda folder: rewrite(folder, labels=["a", "a"]), "malformed"),
        (lambda folder: rewrite(folder, suggested={"accept_at": 7, "reject_at": None}), "malformed"),
        (lambda folder: rewrite(folder, files={"../../etc/passwd": "0"}), "unknown_file"),
        (lambda folder: rewrite(folder, format_version=99), "unknown_format"),
        (lambda folder: rewrite(folder, format_version=[]), "unknown_format"),
        (lambda folder: rewrite(folder, format_version=True), "unknown_format"),
        (lambda folder: rewrite(folder, name=None), "malformed"),
        (lambda folder: rewrite(folder, files=None), "malformed"),
        (lambda folder: rewrite(folder, settings="x"), "malformed"),
        (lambda folder: rewrite(folder, holdout=-1), "malformed"),
    ],
)
def test_damage_is_refused_with_its_code(folder: Path, damage: Callable[[Path], object], code: str) -> None:
    damage(folder)
    assert refusal(folder) == code


def test_sealing_the_same_content_twice_gives_the_same_digest(tmp_path: Path) -> None:
    one = write_constant(tmp_path / "one", labels=LABELS, score=0.5)
    two = write_constant(tmp_path / "two", labels=LABELS, score=0.5)
    assert one.digest == two.digest
