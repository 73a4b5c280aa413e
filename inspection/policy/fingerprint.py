"""The fingerprint under which evidence was gathered."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Setting:
    """Everything whose change makes old evidence stop counting."""

    job: str
    model: str
    """Digest of the bundle; the preprocessing is part of the bundle."""
    label_set_version: int
    accept_at: float | None
    reject_at: float | None
    camera: str = ""


def fingerprint(setting: Setting) -> str:
    """SHA-256 in hex over the setting as canonical JSON."""
    return hashlib.sha256(json.dumps(asdict(setting), sort_keys=True).encode()).hexdigest()
