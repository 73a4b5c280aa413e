"""Which parts of the running system died and were started again, as the supervisor wrote it down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

FILE = "restarts.json"
LATELY = timedelta(minutes=10)


@dataclass(frozen=True)
class Restarted:
    """A part that died; `back_at` is None while it is not running again."""

    part: str
    died_at: datetime
    back_at: datetime | None


def lately(run: Path, *, now: datetime) -> tuple[Restarted, ...]:
    """Parts that died within the last minutes or are still away, newest first; empty where nothing is supervised."""
    try:
        rows = [_row(row) for row in json.loads((run / FILE).read_text())]
    except (OSError, ValueError, KeyError, TypeError):
        # A page must not fail over a note that is missing, half written or of another version.
        return ()
    return tuple(row for row in reversed(rows) if row.back_at is None or now - row.back_at <= LATELY)


def _row(row: dict[str, str | None]) -> Restarted:
    died, back = row["died_at"], row["back_at"]
    return Restarted(
        part=str(row["part"]),
        died_at=datetime.fromisoformat(str(died)),
        back_at=datetime.fromisoformat(back) if back else None,
    )
