"""Write down that a part of the system works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inspection.models import Heartbeat


def show_life(*, part: str, now: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Set the heartbeat of a part, such as `sweeper` or `worker`."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": now, "detail": dict(detail or {})})
