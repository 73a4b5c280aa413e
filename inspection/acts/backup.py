"""Write a site into one file: its database at one moment, and every picture and bundle that this moment names."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from inspection.policy import archive as rules
from inspection.queries import stored

Say = Callable[[int, int], None]
"""Gets (files done, files in all)."""


@dataclass(frozen=True)
class Made:
    """`lost`: what the database names and the disk does not hold, or holds with other bytes than came in."""

    files: int
    size: int
    lost: tuple[str, ...]


@dataclass(frozen=True)
class _Snapshot:
    folder: Path
    stored: stored.Stored
    tables: dict[str, list[str]]


def backup(*, archive: Path, now: datetime, say: Say) -> Made:
    """Write the archive beside its name, then give it the name: a file of that name is always complete.

    The database is copied first. Its rows come after their files and files are never changed, so all that the copy
    names is there, however busy the site is meanwhile. Raises OSError where the archive cannot be written.
    """
    fresh = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        # It holds password hashes and tokens.
        fresh.touch(mode=0o600)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA) as scratch:
            made = _write(fresh, _snapshot(Path(scratch)), now=now, say=say)
        fresh.replace(archive)
    finally:
        fresh.unlink(missing_ok=True)
    return made


def _snapshot(folder: Path) -> _Snapshot:
    return (_copy_sqlite if stored.engine() == "sqlite" else _copy_postgresql)(folder)


def _copy_sqlite(folder: Path) -> _Snapshot:
    """By SQLite's own backup: one state, while others go on writing."""
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / rules.SQLITE)) as copy:
        connection.connection.backup(copy)
        # The copy is in WAL mode like its source; as one file without companions it can be archived.
        copy.execute("PRAGMA journal_mode=DELETE")
        return _Snapshot(folder, stored.stored(copy.execute), tables={})


def _copy_postgresql(folder: Path) -> _Snapshot:
    """Table by table, all of them as they were when the first one was read."""
    tables = stored.columns()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table, columns in tables.items():
            with (folder / table).open("wb") as out, cursor.copy(_copy_out(table, columns)) as rows:
                for some in rows:
                    out.write(some)
        return _Snapshot(folder, stored.stored(stored.ask_here), tables)


def _copy_out(table: str, columns: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) TO STDOUT"


def _write(path: Path, snapshot: _Snapshot, *, now: datetime, say: Say) -> Made:
    wanted = list(_files(snapshot))
    members: dict[str, str] = {}
    lost: list[str] = []
    with path.open("wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            for done, (member, file, digest) in enumerate(wanted):
                say(done, len(wanted))
                found = _add(tar, member, file)
                if found is not None:
                    members[member] = found
                if found is None or (digest and digest != found):
                    lost.append(member)
            _add_manifest(tar, _manifest(snapshot, now=now, members=members, lost=lost))
        out.flush()
        os.fsync(out.fileno())
        say(len(wanted), len(wanted))
        return Made(files=len(members), size=out.tell(), lost=tuple(lost))


def _files(snapshot: _Snapshot) -> Iterator[tuple[str, Path, str]]:
    """Everything that belongs into the archive: (member, file, digest where the database knows it)."""
    for file in sorted(snapshot.folder.iterdir()):
        yield f"database/{file.name}", file, ""
    for name, digest in sorted(snapshot.stored.pictures.items()):
        yield f"files/pictures/{name}", settings.PICTURES / name, digest
    for bundle in snapshot.stored.bundles:
        yield from _bundle_files(bundle)
    password = settings.DATA / Path(rules.PASSWORD).name
    if password.exists():
        yield rules.PASSWORD, password, ""


def _bundle_files(bundle: str) -> Iterator[tuple[str, Path, str]]:
    place = settings.BUNDLES / bundle
    files = sorted(file for file in place.rglob("*") if file.is_file())
    # A bundle that is gone is named as lost, by its folder.
    for file in files or [place]:
        yield f"files/bundles/{file.relative_to(settings.BUNDLES).as_posix()}", file, ""


def _add(tar: tarfile.TarFile, member: str, file: Path) -> str | None:
    """Add one file and return the SHA-256 of what was added; None where there is no such file."""
    try:
        source = file.open("rb")
    except OSError:
        return None
    with source:
        info = tarfile.TarInfo(member)
        info.size = os.fstat(source.fileno()).st_size
        reader = _Hashed(source)
        tar.addfile(info, reader)
    return reader.digest.hexdigest()


class _Hashed(io.RawIOBase):
    """Reads a file and digests what passes, so that it is read once."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        some = self.source.read(size)
        self.digest.update(some)
        return some


def _manifest(snapshot: _Snapshot, *, now: datetime, members: dict[str, str], lost: list[str]) -> rules.Manifest:
    return rules.Manifest(
        format=rules.FORMAT,
        version=settings.CODE_VERSION,
        made_at=now.isoformat(timespec="seconds"),
        engine=stored.engine(),
        migrations=snapshot.stored.migrations,
        tables=snapshot.tables,
        members=members,
        lost=lost,
    )


def _add_manifest(tar: tarfile.TarFile, manifest: rules.Manifest) -> None:
    """Last: an archive that was cut short has none."""
    data = rules.to_bytes(manifest)
    info = tarfile.TarInfo(rules.MANIFEST)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
