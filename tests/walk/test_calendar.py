"""What a change of the calendar cannot make: shifts and days in which nobody worked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.change_calendar import change_calendar
from inspection.models import Job, LedgerEntry
from inspection.queries import epochs, proposals
from inspection.vocabulary import Level, Verdict
from tests.climbs import LOOSE, agreed, climbing_job, epoch_of
from tests.factories import Cast
from tests.proposals import offered

OK, NG, UNSURE = Verdict
pytestmark = pytest.mark.django_db


def change(made: Job, cast: Cast, **changes: Any) -> None:
    change_calendar(job=made, by=cast.admin, now=timezone.now(), **changes)
    made.refresh_from_db()


def hurried(cast: Cast) -> Job:
    """Two shifts in a minute, by the calendar."""
    made = climbing_job(cast, bars=LOOSE | {"shifts": 2})
    for begins in ("00:00", "00:01"):
        change(made, cast, shifts=[begins])
        agreed(made, cast, [OK])
    return made


def apart(made: Job) -> list[str]:
    found = epochs.ready(made, epoch_of(made), to=Level.ASSISTANCE, now=timezone.now())
    return [str(one.sentence) for one in found.findings if one.name == "shifts_apart"]


def test_two_shifts_of_one_minute_are_not_two(cast: Cast) -> None:
    made = hurried(cast)
    assert epochs.tallies_of(epoch_of(made))["ai_error"].distinct("shift") == 2
    assert apart(made) == ["These 2 shifts lie within 1 h; 2 shifts take at least 4 h: a change of the calendar?"]


def test_two_shifts_that_took_their_time_are(cast: Cast) -> None:
    made = hurried(cast)
    first = LedgerEntry.objects.order_by("id")[0]
    LedgerEntry.objects.filter(pk=first.pk).update(at=first.at - timedelta(hours=4))
    assert apart(made) == []


def test_a_proposal_names_the_changes_of_the_calendar_since_its_counting_began(cast: Cast) -> None:
    made = climbing_job(cast)
    change(made, cast, shifts=["05:00"])
    agreed(made, cast, [OK])
    change(made, cast, time_zone="Pacific/Niue", shifts=["06:00", "18:00"])
    found = offered(made)
    assert found is not None
    [said] = proposals.calendar_changes(found)
    assert said.endswith(": admin changed the calendar from 05:00 UTC to 06:00 18:00 Pacific/Niue.")
