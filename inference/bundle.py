"""A model on disk: a folder whose `bundle.json` names every other file with its sha256.

The digest of a bundle is the sha256 of the bytes of `bundle.json`, and so covers everything in the folder. It lies in
the database and is compared at each load: safetensors loads a file with a flipped bit without a word. This module
needs neither torch nor OpenVINO, so the web side can check what is uploaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from inference.manifest import MANIFEST, BundleRefused, Golden, Heat, Manifest, check_labels, parse

__all__ = [
    "Bundle", "BundleRefused", "Golden", "Heat", "Manifest", "check_labels", "pack", "parse", "read", "seal", "unpack",
]  # fmt: skip

WEIGHTS, COMPILED, COMPILED_WEIGHTS = "weights.safetensors", "compiled.xml", "compiled.bin"
EXAMPLES = "examples.json"
KNOWN_FILE = re.compile(
    r"bundle\.json|weights\.safetensors|compiled\.xml|compiled\.bin|examples\.json|golden/[a-z0-9_-]{1,60}\.png"
)
PICKLE_NAMES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz", ".bin.index", ".pyc", ".py")
MAX_MANIFEST_BYTES = 4_000_000
# What a zip may unpack to, and its number of entries.
MAX_BYTES = 512_000_000
MAX_ENTRIES = 200
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    folder: Path
    digest: str
    manifest: Manifest

    def path(self, name: str) -> Path:
        """A file of the bundle. Raises BundleRefused when it has none of that name."""
        if name not in self.manifest.files:
            raise BundleRefused("missing_file", f"a bundle of kind {self.manifest.kind} needs {name}; this has none")
        return self.folder / name


def read(folder: Path | str, *, digest: str | None = None, labels: Sequence[str] | None = None) -> Bundle:
    """Verify every byte of a bundle and read its manifest. Raises BundleRefused.

    `digest` is the one on record and `labels` the job's catalogue in order, where the caller knows them.
    """
    folder = Path(folder)
    raw = _manifest_bytes(folder)
    found = hashlib.sha256(raw).hexdigest()
    if digest is not None and found != digest:
        raise BundleRefused("digest_mismatch", f"the bundle on disk is {found[:12]}, on record is {digest[:12]}")
    manifest = parse(raw)
    check_labels(manifest.labels, expected=labels)
    check_files(folder, manifest)
    return Bundle(folder=folder, digest=found, manifest=manifest)


def seal(folder: Path | str, manifest: Manifest) -> Bundle:
    """Write `bundle.json` over the files that lie in the folder, then read it all back. Raises BundleRefused."""
    folder = Path(folder)
    names = sorted(name for name in _names(folder) if name != MANIFEST)
    content = asdict(manifest) | {"files": {name: sha256_of(folder / name) for name in names}}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return read(folder)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file that is there is named, known, no pickle and as recorded; every file that is named is there."""
    for name in sorted(_names(folder)):
        check_name(name)
        if name != MANIFEST and name not in manifest.files:
            raise BundleRefused("unknown_file", f"{name} is not named in {MANIFEST}")
    for name, expected in sorted(manifest.files.items()):
        check_name(name)
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise BundleRefused("missing_file", f"{name} is missing")
        check_no_pickle(name, path)
        if sha256_of(path) != expected:
            raise BundleRefused("digest_mismatch", f"{name} is not the file that the bundle was made with")


def check_name(name: str) -> None:
    """Raises BundleRefused for a name that no bundle contains; the names alone keep `..` and links out."""
    if name.lower().endswith(PICKLE_NAMES):
        raise BundleRefused("pickle_inside", f"{name}: pickles and programs run code when loaded and are never taken")
    if not KNOWN_FILE.fullmatch(name):
        raise BundleRefused("unknown_file", f"{name!r} is no file of a bundle")


def check_no_pickle(name: str, path: Path) -> None:
    """A pickle under a harmless name is still one: it begins with its protocol and ends with STOP; torch zips it."""
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(-1, 2) if head else None
        last = file.read(1)
    pickled = len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5 and last == b"."
    if pickled or head.startswith(b"PK\x03\x04"):
        raise BundleRefused("pickle_inside", f"{name} is a pickle or an archive under another name")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest_bytes(folder: Path) -> bytes:
    path = folder / MANIFEST
    if not path.is_file() or path.is_symlink():
        raise BundleRefused("missing_file", f"there is no {MANIFEST} in {folder.name}")
    if path.stat().st_size > MAX_MANIFEST_BYTES:
        raise BundleRefused("malformed", f"{MANIFEST} is larger than {MAX_MANIFEST_BYTES:,} bytes")
    return path.read_bytes()


def _names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]


# ---- as one zip file: made the same byte for byte, opened with distrust ----------------------------------------------


def pack(folder: Path | str) -> bytes:
    """The bundle as a zip. The same bundle gives the same bytes; weights do not shrink, so nothing is compressed.

    Raises BundleRefused when the folder is no sound bundle.
    """
    bundle = read(folder)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in [MANIFEST, *sorted(bundle.manifest.files)]:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (bundle.folder / name).read_bytes())
    return out.getvalue()


def unpack(source: bytes | Path | IO[bytes], into: Path | str, *, max_bytes: int = MAX_BYTES) -> Bundle:
    """Open a zipped bundle as the new folder `into`, verified. Raises BundleRefused and then leaves nothing behind.

    Raises FileExistsError when `into` is there already.
    """
    into = Path(into)
    if into.exists():
        raise FileExistsError(into)
    into.parent.mkdir(parents=True, exist_ok=True)
    # Next to its place and renamed at the end: nobody ever sees half a bundle.
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=into.parent) as scratch:
        folder = Path(scratch) / "bundle"
        _extract(io.BytesIO(source) if isinstance(source, bytes) else source, folder, max_bytes=max_bytes)
        read(folder)
        shutil.move(folder, into)
    return read(into)


def _extract(source: Path | IO[bytes], folder: Path, *, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _checked_entries(archive, max_bytes=max_bytes)
            left = max_bytes
            for entry in entries:
                left -= _extract_one(archive, entry, folder / entry.filename, at_most=left)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BundleRefused("not_a_zip", f"the file cannot be opened as a zip: {error}") from error


def _checked_entries(archive: zipfile.ZipFile, *, max_bytes: int) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise BundleRefused("too_large", f"the zip has {len(entries)} entries; a bundle has at most {MAX_ENTRIES}")
    for entry in entries:
        check_name(entry.filename)
    if len({entry.filename for entry in entries}) != len(entries):
        raise BundleRefused("unknown_file", "the zip holds one name twice")
    if sum(entry.file_size for entry in entries) > max_bytes:
        raise BundleRefused("too_large", f"unpacked, the bundle is larger than {max_bytes:,} bytes")
    return entries


def _extract_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, *, at_most: int) -> int:
    """Counts what really comes out: the size in the directory of a zip is only a claim."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as packed, path.open("wb") as out:
        while piece := packed.read(1 << 20):
            written += len(piece)
            if written > at_most:
                raise BundleRefused("too_large", "the bundle unpacks to more than it says")
            out.write(piece)
    return written
