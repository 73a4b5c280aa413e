"""Send a known part round no more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from inspection.models import KnownPart
from inspection.refused import conflict


def retire_known_part(*, known: KnownPart, now: datetime) -> None:
    """What people answered to it stays counted. Raises `Refused`: `retired`."""
    if not KnownPart.objects.filter(pk=known.pk, retired_at=None).update(retired_at=now):
        raise conflict("retired", _("This known part was retired before."))
