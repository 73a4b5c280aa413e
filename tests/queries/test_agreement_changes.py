from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inspection.models import Job, LevelChange
from inspection.queries.agreement_changes import changes
from inspection.vocabulary import Cause, Gate, Level
from tests import factories

pytestmark = pytest.mark.django_db

LAST_WEEK = datetime(2026, 3, 2, 14, tzinfo=UTC)
TODAY = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Raised to shadow, then by what counted last week to assistance; both were written down today."""
    made = factories.job(cast, level=Level.SHADOW)
    factories.champion(made, factories.bundle(made))
    made.releases.update(at=TODAY)
    rungs = [(Level.HUMAN_ONLY, Level.SHADOW, None), (Level.SHADOW, Level.ASSISTANCE, LAST_WEEK)]
    for old, new, counted in rungs:
        LevelChange.objects.create(
            job=made, old=old, new=new, reason="proven", gate=Gate.ADVISORY, counted_at=counted, at=TODAY
        )
    return made


def told(job: Job) -> list[str]:
    found = changes(job=job, since=LAST_WEEK - timedelta(days=1), until=TODAY + timedelta(days=1))
    return [str(change.words).split()[0] + " " + f"{change.at:%d}" for change in found]


def test_a_switch_stands_where_it_counts_and_a_model_where_it_went_live(job: Job) -> None:
    assert told(job) == ["level 02", "level 09", "model 09"]


def test_days_by_the_time_of_capture_show_nothing_that_stands_on_another_clock(job: Job) -> None:
    """A replay of last week judged by today's model: its line would stand after all that it judged."""
    job.captured_time = True
    assert told(job) == ["level 02"]


def test_why_is_said_where_a_rule_changed_the_level(job: Job) -> None:
    LevelChange.objects.filter(new=Level.ASSISTANCE).update(cause=Cause.BAR)
    found = changes(job=job, since=LAST_WEEK - timedelta(days=1), until=TODAY + timedelta(days=1))
    assert [change.why for change in found] == ["proven", "", ""]
