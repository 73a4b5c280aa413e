"""Chance that can be replayed: every draw is a hash of (purpose salt, item key)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BUCKETS = 10_000
SLOT = timedelta(minutes=10)


@dataclass(frozen=True)
class Draw:
    """Outcome of one draw and the probability with which it could have come out true."""

    hit: bool
    probability: float


def bucket(*, salt: str, key: str) -> int:
    """Bucket 0..9999 of a key under one purpose's salt.

    SHA-256, because Python's own `hash()` changes with every process and `id % 20` ties a draw to the
    position of a part in its fixture.
    """
    return int.from_bytes(hashlib.sha256(f"{salt}:{key}".encode()).digest()[:8], "big") % BUCKETS


def draw(*, salt: str, key: str, share: float) -> Draw:
    """Draw a key with probability `share` (0..1, kept to a ten-thousandth)."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    wanted = round(share * BUCKETS)
    return Draw(hit=bucket(salt=salt, key=key) < wanted, probability=wanted / BUCKETS)


def slot(moment: datetime) -> str:
    """Ten-minute slot of a moment, as text; stands in for the lot where parts come without one."""
    minutes = int(SLOT.total_seconds() // 60)
    # In UTC, since one moment told in two zones would else be two slots.
    here = moment.astimezone(UTC)
    return here.replace(minute=here.minute - here.minute % minutes, second=0, microsecond=0).isoformat()
