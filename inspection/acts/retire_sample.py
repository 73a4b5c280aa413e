"""Take a picture out of a job's label book."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from inspection.models import Sample
from inspection.refused import conflict


def retire_sample(*, sample: Sample, now: datetime) -> None:
    """The row stays, and with it who put the picture in; pages show it no more. Raises `Refused`: `retired`."""
    if not Sample.objects.filter(pk=sample.pk, retired_at=None).update(retired_at=now):
        raise conflict("retired", _("This picture was taken out of the label book before."))
