"""What a backup must say of itself, and when it may be restored here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from inspection.policy.answers import Flaw
from inspection.sentences import Sentence

FORMAT = 1
"""1: `manifest.json`, `database/*` and `files/*` in one tar."""
MANIFEST = "manifest.json"
# Below `files/` lies what lies below the data folder; nothing else of it may come from an archive.
PLACES = (("database",), ("files", "pictures"), ("files", "bundles"))
PASSWORD = "files/demonstration-password"  # noqa: S105 - where it lies
SQLITE = "sightline.sqlite3"


@dataclass(frozen=True)
class Manifest:
    """The last member of an archive; without it an archive is not complete."""

    format: int
    version: str
    made_at: str
    engine: str
    migrations: Sequence[str]
    # Columns by table where the database was copied table by table.
    tables: Mapping[str, Sequence[str]]
    # SHA-256 by member.
    members: Mapping[str, str]
    # Files that the database names and that were not there, or not as they were when they came in.
    lost: Sequence[str]


def to_bytes(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=1).encode()


def from_bytes(data: bytes) -> Manifest | None:
    """None where this is no manifest of ours."""
    try:
        manifest = Manifest(**json.loads(data))
        columns = [column for names in manifest.tables.values() for column in names]
        words = [*manifest.migrations, *manifest.members, *manifest.members.values(), *manifest.tables, *columns]
    except (ValueError, TypeError, AttributeError):
        return None
    return manifest if all(isinstance(word, str) for word in words) else None


def flaw(manifest: Manifest, *, engine: str, migrations: Sequence[str], members: Sequence[str]) -> Flaw | None:
    """The first reason not to restore it on this engine, at this state of the tables; None when there is none."""
    if manifest.format != FORMAT:
        return Flaw(
            "unknown_format",
            Sentence(
                "The archive has format {format}; this Sightline reads {ours}.", format=manifest.format, ours=FORMAT
            ),
        )
    if manifest.engine != engine:
        return Flaw(
            "other_database",
            Sentence(
                "The archive was made on {engine}, this site stands on {ours}.", engine=manifest.engine, ours=engine
            ),
        )
    if list(manifest.migrations) != list(migrations):
        return Flaw(
            "other_version",
            Sentence(
                "The archive was made by version {version}, whose tables are not the ones here: "
                "restore it with that version, then change the version.",
                version=manifest.version,
            ),
        )
    if sorted(members) != sorted(manifest.members) or not all(map(_is_ours, members)):
        return Flaw("archive_damaged", "The archive does not hold exactly what its manifest names.")
    return None


def _is_ours(member: str) -> bool:
    path = PurePosixPath(member)
    if path.as_posix() != member or ".." in path.parts:
        return False
    return member == PASSWORD or any(path.parts[: len(place)] == place != path.parts for place in PLACES)
