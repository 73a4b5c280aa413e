from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from inference.bundle import BundleRefused, pack, unpack
from inference.predictors.constant import write_constant


@pytest.fixture
def parcel(tmp_path: Path) -> bytes:
    return pack(write_constant(tmp_path / "made", labels=("a", "b"), score=0.5).folder)


def with_entry(parcel: bytes, name: str, data: bytes = b"x", *, mode: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO(parcel)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, data, mode)
    return out.getvalue()


def refusal(data: bytes, into: Path, **limits: int) -> str:
    with pytest.raises(BundleRefused) as caught:
        unpack(data, into, **limits)
    assert list(into.parent.glob("*unpack*")) == []
    assert not into.exists()
    return caught.value.code


def test_a_bundle_survives_the_way_through_a_zip(tmp_path: Path, parcel: bytes) -> None:
    bundle = unpack(parcel, tmp_path / "new" / "place")
    assert bundle.manifest.labels == ("a", "b")
    assert pack(bundle.folder) == parcel


def test_a_zip_does_not_tell_when_it_was_made(parcel: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../escaped.png", "unknown_file"),
        ("/etc/passwd", "unknown_file"),
        ("golden/../../x.png", "unknown_file"),
        ("golden\\..\\x.png", "unknown_file"),
        ("model.pkl", "pickle_inside"),
        ("readme.txt", "unknown_file"),
        ("golden/extra.png", "unknown_file"),
    ],
)
def test_an_entry_that_no_bundle_has_is_refused(tmp_path: Path, parcel: bytes, name: str, code: str) -> None:
    assert refusal(with_entry(parcel, name), tmp_path / "new") == code
    assert not (tmp_path / "escaped.png").exists()


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path, parcel: bytes) -> None:
    bomb = with_entry(parcel, "weights.safetensors", b"\x00" * 3_000_000, mode=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 10_000
    assert refusal(bomb, tmp_path / "new", max_bytes=1_000_000) == "too_large"


def test_a_zip_that_claims_less_than_it_holds_is_refused(tmp_path: Path, parcel: bytes) -> None:
    data = with_entry(parcel, "weights.safetensors", b"\x07" * 2_000_000, mode=zipfile.ZIP_DEFLATED)
    lying = data.replace((2_000_000).to_bytes(4, "little"), (2_000).to_bytes(4, "little"))
    assert lying != data
    assert refusal(lying, tmp_path / "new") in {"not_a_zip", "unknown_file", "too_large"}


def test_something_that_is_no_zip_is_refused(tmp_path: Path, parcel: bytes) -> None:
    assert refusal(b"hello", tmp_path / "new") == "not_a_zip"
    assert refusal(parcel[: len(parcel) // 2], tmp_path / "new") == "not_a_zip"


def test_a_name_that_comes_twice_is_refused(tmp_path: Path, parcel: bytes) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = with_entry(parcel, "bundle.json", b"{}")
    assert refusal(twice, tmp_path / "new") == "unknown_file"


def test_a_folder_that_exists_is_never_written_over(tmp_path: Path, parcel: bytes) -> None:
    with pytest.raises(FileExistsError):
        unpack(parcel, tmp_path / "made")
