"""Bring a site back from a backup: all of it, or nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from inspection.policy import archive as rules
from inspection.queries import stored
from inspection.refused import Refused, conflict

Say = Callable[[str, int, int], None]
"""Gets (what is being done, files done, files in all)."""
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Restored:
    """`lost`: what was missing or damaged already when the archive was made."""

    made_at: str
    files: int
    lost: tuple[str, ...]


def restore(*, archive: Path, replace: bool, say: Say) -> Restored:
    """Put the site of an archive in the place of this one, which nobody may be using.

    Every digest is verified before anything is touched. Files come first: they are named by their content, so the
    present site does not mind them. The tables change in one transaction. What only the old site named goes last.
    Raises `Refused`: `not_an_archive`, `archive_damaged`, `unknown_format`, `other_database`, `other_version`,
    `site_not_empty`; nothing has changed then.
    """
    here = stored.stored(stored.ask_here)
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest = _read_manifest(tar, migrations=here.migrations)
            _verify(tar, manifest, say=say)
            if not (replace or stored.is_empty()):
                raise conflict("site_not_empty", "This site is in use; --replace gives it up for the archive's.")
            with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.DATA) as scratch:
                _unpack(tar, manifest, Path(scratch), say=say)
                _into_place(Path(scratch) / "files", settings.DATA)
                os.sync()
                _swap(Path(scratch) / "database", manifest)
    except (tarfile.TarError, EOFError) as error:
        raise Refused("not_an_archive", f"{archive.name} cannot be read as a backup: {error}") from error
    _remove_what_only(here)
    return Restored(made_at=manifest.made_at, files=len(manifest.members), lost=tuple(manifest.lost))


def _read_manifest(tar: tarfile.TarFile, *, migrations: Sequence[str]) -> rules.Manifest:
    members = {member.name: member for member in tar if member.isfile()}
    found = tar.extractfile(members.pop(rules.MANIFEST)) if rules.MANIFEST in members else None
    manifest = rules.from_bytes(found.read()) if found else None
    if manifest is None:
        raise Refused("archive_damaged", "The archive has no manifest: it was cut short, or is no backup.")
    if flaw := rules.flaw(manifest, engine=stored.engine(), migrations=migrations, members=list(members)):
        raise Refused(flaw.code, flaw.detail)
    return manifest


def _verify(tar: tarfile.TarFile, manifest: rules.Manifest, *, say: Say) -> None:
    for done, (member, digest) in enumerate(manifest.members.items()):
        say("verifying", done, len(manifest.members))
        if _copy(tar, member, Path(os.devnull)) != digest:
            raise Refused("archive_damaged", f"{member} in the archive is not what was put into it.")


def _unpack(tar: tarfile.TarFile, manifest: rules.Manifest, folder: Path, *, say: Say) -> None:
    (folder / "files").mkdir()
    for done, member in enumerate(manifest.members, start=1):
        place = folder / member
        place.parent.mkdir(parents=True, exist_ok=True)
        if member == rules.PASSWORD:
            place.touch(mode=0o600)
        _copy(tar, member, place)
        say("unpacking", done, len(manifest.members))


def _copy(tar: tarfile.TarFile, member: str, place: Path) -> str:
    """Write one member to a file; its SHA-256."""
    digest = hashlib.sha256()
    source = tar.extractfile(member)
    assert source is not None
    with source, place.open("wb") as out:
        while some := source.read(CHUNK):
            digest.update(some)
            out.write(some)
    return digest.hexdigest()


def _into_place(staged: Path, place: Path) -> None:
    """A folder that is there gets its files one by one; a new one comes whole: half a bundle must never lie there."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        staged.rename(place)
    elif staged.is_dir():
        for child in staged.iterdir():
            _into_place(child, place / child.name)
    else:
        staged.replace(place)


def _swap(database: Path, manifest: rules.Manifest) -> None:
    try:
        # Django translates what a cursor executes, not what is copied past it.
        with connection.wrap_database_errors:
            (_swap_sqlite if manifest.engine == "sqlite" else _swap_postgresql)(database, manifest)
    except DatabaseError as error:
        raise Refused("archive_damaged", f"The archive's tables cannot be taken over: {error}") from error


def _swap_sqlite(database: Path, manifest: rules.Manifest) -> None:
    """By SQLite's own backup, the other way round: one transaction, undone by itself where it is interrupted."""
    # Read only: connect() would make an empty database of a missing one, and the site would become just that.
    address = f"{(database / rules.SQLITE).as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as copy:
        told = [row[0] for row in copy.execute("PRAGMA quick_check")]
        if told != ["ok"] or stored.stored(copy.execute).migrations != tuple(manifest.migrations):
            raise sqlite3.DatabaseError(f"its check says {told[0]}, and its migrations must be those of the manifest")
        copy.backup(connection.connection)


def _swap_postgresql(database: Path, manifest: rules.Manifest) -> None:
    quote = connection.ops.quote_name
    if manifest.tables.keys() != stored.columns().keys():
        raise DatabaseError("they are not the tables of this site")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(map(quote, stored.columns()))}")
        for table, columns in manifest.tables.items():
            statement = f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN"
            with (database / table).open("rb") as source, cursor.copy(statement) as copy:
                while some := source.read(CHUNK):
                    copy.write(some)
        for statement in connection.ops.sequence_reset_sql(no_style(), stored.models()):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _remove_what_only(before: stored.Stored) -> None:
    """Files that the old site named and this one does not: their owner asked for them to be given up."""
    now = stored.stored(stored.ask_here)
    for name in before.pictures.keys() - now.pictures.keys():
        # The site is restored already; a file that cannot be removed is no reason to say otherwise.
        with suppress(OSError):
            default_storage.delete(name)
    for bundle in set(before.bundles) - set(now.bundles):
        shutil.rmtree(settings.BUNDLES / bundle, ignore_errors=True)
