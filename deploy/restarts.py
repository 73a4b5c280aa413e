"""Which part of a running Sightline died and came back: a small file that only `deploy.watch` writes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

FILE = "restarts.json"
KEPT = 200


@dataclass(frozen=True)
class Restart:
    """One death of a part. `back_at` is None while it is not running again. Times are ISO 8601 in UTC."""

    part: str
    died_at: str
    back_at: str | None


def read(run: Path) -> tuple[Restart, ...]:
    """Oldest first; empty where nothing ever died or nothing was ever supervised."""
    try:
        rows = json.loads((run / FILE).read_text())
    except FileNotFoundError:
        return ()
    return tuple(Restart(**row) for row in rows)


def forget(run: Path) -> None:
    """A new start begins with a clean sheet: what was away when the last one ended is no incident of this one."""
    (run / FILE).unlink(missing_ok=True)


def died(run: Path, part: str) -> None:
    """Notes a death once: the tries that fail until it runs again are the same incident."""
    known = read(run)
    if not any(row.part == part and row.back_at is None for row in known):
        _write(run, (*known, Restart(part=part, died_at=_now(), back_at=None)))


def returned(run: Path, part: str) -> None:
    known = read(run)
    back = tuple(replace(row, back_at=_now()) if row.part == part and row.back_at is None else row for row in known)
    if back != known:
        _write(run, back)


def _write(run: Path, rows: tuple[Restart, ...]) -> None:
    fresh = run / f".{FILE}"
    fresh.write_text(json.dumps([asdict(row) for row in rows[-KEPT:]]))
    # Renamed, so that a page never reads half a file.
    fresh.replace(run / FILE)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
