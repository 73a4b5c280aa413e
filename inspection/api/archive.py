"""A zip of pictures, with care: names that climb out, sizes that lie, and a manifest that says more of each picture."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from inspection.api import shapes
from inspection.refused import Kind, Refused
from inspection.sentences import Sentence

MANIFEST = "manifest.csv"
COLUMNS = ("name", "serial", "lot", "station", "shift", "captured_at")
MOST_MANIFEST_BYTES = 1_000_000
MOST_LISTED = 10_000
"""Entries that are looked at in all; folders count here, and nowhere else."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class Row(serializers.Serializer):
    """One line of the manifest."""

    serial = shapes.Words()
    lot = shapes.Words()
    station = shapes.Words()
    shift = shapes.Words()
    captured_at = shapes.Moment(required=False)


@dataclass(frozen=True)
class Entry:
    """One picture to come. `size` is what its source claims; reading never brings more than that."""

    name: str
    size: int
    open: Any = field(repr=False)
    line: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_file(cls, file: UploadedFile) -> Entry:
        return cls(name=file.name or "", size=file.size or 0, open=file.open)

    def read(self, *, at_most: int) -> bytes:
        """The bytes. Raises `Refused`: `too_large`, `unsafe_name`, `broken_entry`."""
        if self.size > at_most:
            detail = f"The file has {self.size:,} bytes; at most {at_most:,} are taken."
            raise Refused("too_large", detail, kind=Kind.TOO_LARGE)
        if not _is_safe(self.name):
            raise Refused("unsafe_name", "The name leads out of the archive or is no plain name.")
        try:
            with self.open() as source:
                data: bytes = source.read(at_most + 1)
        except _BROKEN as error:
            raise Refused("broken_entry", Sentence("The entry cannot be unpacked: {error}", error=error)) from error
        return data

    def said(self) -> dict[str, Any]:
        """What the manifest says of this picture; an empty cell says nothing. Raises `Refused` `invalid`."""
        return shapes.read(Row, {name: value for name, value in self.line.items() if value})


def is_zip(file: UploadedFile) -> bool:
    """By its first bytes; names and announced types say nothing."""
    head = file.read(4)
    file.seek(0)
    return head in (b"PK\x03\x04", b"PK\x05\x06")


def opened(file: UploadedFile) -> Iterator[Entry]:
    """The pictures of a zip in their order. Raises `Refused`: `not_a_zip`, `too_many_entries`, `bad_manifest`."""
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except _BROKEN as error:
        raise Refused("not_a_zip", Sentence("The file cannot be opened as a zip: {error}", error=error)) from error
    if len(infos) > MOST_LISTED:
        raise Refused(
            "too_many_entries",
            Sentence("A zip lists at most {most} names.", most=f"{MOST_LISTED:,}"),
            kind=Kind.TOO_LARGE,
        )
    lines = _manifest(archive)
    for info in infos:
        if not info.is_dir() and info.filename != MANIFEST:
            yield Entry(
                name=info.filename, size=info.file_size, open=_opener(archive, info), line=lines.pop(info.filename, {})
            )
    for name in lines:
        yield Entry(name=name, size=0, open=_missing)


def _missing() -> IO[bytes]:
    raise Refused("not_in_zip", Sentence("{file} names this picture, but it is not in the zip.", file=MANIFEST))


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    def open_entry() -> IO[bytes]:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ValueError("it is a link")
        return archive.open(info)

    return open_entry


def _is_safe(name: str) -> bool:
    """Nothing is ever written under these names; who sends one that climbs out means harm or has a broken tool."""
    path = PurePosixPath(name.replace("\\", "/"))
    return bool(name.strip()) and not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0]


def _manifest(archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """Lines by the name of their picture."""
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        return {}
    if info.file_size > MOST_MANIFEST_BYTES:
        raise Refused(
            "bad_manifest", Sentence("{file} has at most {most} bytes.", file=MANIFEST, most=f"{MOST_MANIFEST_BYTES:,}")
        )
    try:
        # utf-8-sig: spreadsheets put a mark at the beginning.
        rows = csv.DictReader(io.StringIO(archive.read(info).decode("utf-8-sig"), newline=""), strict=True)
        return _by_name(rows)
    except (*_BROKEN, csv.Error) as error:
        raise Refused("bad_manifest", Sentence("{file} cannot be read: {error}", file=MANIFEST, error=error)) from error


def _by_name(rows: csv.DictReader[str]) -> dict[str, dict[str, str]]:
    columns = [column.strip() for column in rows.fieldnames or []]
    strange = sorted(set(columns) - set(COLUMNS))
    if strange or "name" not in columns or len(set(columns)) != len(columns):
        raise Refused(
            "bad_manifest",
            Sentence(
                "The columns of {file} are {columns}; only name has to be there.",
                file=MANIFEST,
                columns=", ".join(COLUMNS),
            ),
        )
    rows.fieldnames = columns
    lines: dict[str, dict[str, str]] = {}
    for row in rows:
        if None in row or None in row.values():
            raise Refused(
                "bad_manifest",
                Sentence("Line {line} of {file} has too few or too many cells.", line=rows.line_num, file=MANIFEST),
            )
        name = row.pop("name").strip()
        if name in lines:
            raise Refused("bad_manifest", Sentence("{file} names {name} twice.", file=MANIFEST, name=name[:100]))
        lines[name] = {column: value.strip() for column, value in row.items()}
    return lines
