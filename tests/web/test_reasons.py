"""Reasons that rules gave, on the pages of a Vietnamese reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inspection.acts import switch_level as act
from inspection.journey.intake import Incoming, record_refusal
from inspection.models import Epoch, Job, LevelChange, Person, Proposal
from inspection.refused import Refused
from inspection.sentences import Percent, Sentence
from inspection.vocabulary import Cause, Gate, Level, ProposalState, Source
from tests import factories
from tests.climbs import agreed, climbing_job, epoch_of
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
SHARE = Sentence("against the bar of {rate}", rate=Percent(0.0071))


@pytest.fixture
def reader(cast: factories.Cast) -> Person:
    Person.objects.filter(pk=cast.manager.pk).update(language="vi")
    return Person.objects.get(pk=cast.manager.pk)


def read(person: Person, path: str) -> str:
    """The page as words, with plain blanks between them."""
    answer = browser_of(person).get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def thrown_back(made: Job) -> LevelChange:
    now = timezone.now()
    return act.step_down(
        job=made, to=Level.SHADOW, cause=Cause.BAR, reason=SHARE, by=None, epoch=None, counted=now, now=now
    )


def test_the_history_of_the_level_says_why_in_the_language_of_the_page(cast: factories.Cast, reader: Person) -> None:
    thrown_back(factories.job(cast, level=Level.PARTIAL))
    assert "so với giới hạn 0,71 %" in read(reader, "/jobs/covers/level/")
    assert "against the bar of 0.71 %" in read(cast.admin, "/jobs/covers/level/")


def test_a_closed_proposal_says_why_in_the_language_of_the_page(cast: factories.Cast, reader: Person) -> None:
    made = climbing_job(cast)
    agreed(made, cast, ["OK", "OK", "NG"])  # type: ignore[list-item]
    now = timezone.now()
    row = Proposal(job=made, epoch=epoch_of(made), old="shadow", new="assistance", evidence={"findings": []}, ledger=0)
    row.state, row.at = ProposalState.OPEN, now
    row.save()
    thrown_back(made)
    row.refresh_from_db()
    assert (row.state, row.why) == (ProposalState.STALE, "The level has been changed since.")
    text = read(reader, "/jobs/covers/level/")
    assert row.why not in text
    assert "Mức đã được đổi từ đó." in text


def test_a_refused_picture_says_why_with_its_figures(cast: factories.Cast, reader: Person) -> None:
    made = factories.job(cast)
    refused = Refused("bad_shift", Sentence("Metadata has at most {most} bytes and no NUL characters.", most=4096))
    record_refusal(job=made, refused=refused, incoming=Incoming(data=b""), source=Source.API, by=None)
    assert "4096" in read(reader, "/jobs/covers/")
    assert "at most 4096 bytes" not in read(reader, "/jobs/covers/")


def test_the_part_says_who_set_its_level_and_why(cast: factories.Cast, reader: Person) -> None:
    made = factories.job(cast, level=Level.PARTIAL)
    Job.objects.filter(pk=made.pk).update(time_zone="Asia/Ho_Chi_Minh")
    change = thrown_back(made)
    LevelChange.objects.filter(pk=change.pk).update(at=datetime(2026, 11, 18, 22, 5, 9, tzinfo=UTC))
    part = factories.item(Job.objects.get(pk=made.pk), score=0.5)
    text = read(reader, f"/items/{part.pk}/")
    assert "19/11/2026 05:05:09 Asia/Ho_Chi_Minh: so với giới hạn 0,71 %" in text


def test_a_cool_down_ends_by_the_clock_of_the_job(cast: factories.Cast, reader: Person) -> None:
    made = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(made, cast, ["OK", "OK", "NG"])  # type: ignore[list-item]
    Job.objects.filter(pk=made.pk).update(time_zone="Asia/Ho_Chi_Minh")
    tomorrow = (timezone.now() + timedelta(days=1)).replace(hour=22, minute=5)
    Epoch.objects.filter(job=made).update(demotions=1, cool_until=tomorrow, cool_items=40)
    there = tomorrow + timedelta(hours=7)
    assert f"{there:%d/%m/%Y %H:%M} Asia/Ho_Chi_Minh" in read(reader, "/jobs/covers/level/")
    assert f"until {there:%Y-%m-%d %H:%M} Asia/Ho_Chi_Minh and for 40" in read(cast.admin, "/jobs/covers/level/")


@pytest.mark.parametrize("page", ["level", "agreement"])
def test_a_printed_page_names_the_clock_by_which_it_was_printed(cast: factories.Cast, page: str) -> None:
    made = climbing_job(cast)
    agreed(made, cast, ["OK", "OK", "NG"])  # type: ignore[list-item]
    Job.objects.filter(pk=made.pk).update(time_zone="Asia/Ho_Chi_Minh")
    there = timezone.now() + timedelta(hours=7)
    text = read(cast.manager, f"/jobs/covers/{page}/")
    assert f"by manager, {there:%Y-%m-%d %H:}" in text
    assert text.split("by manager, ")[1][:40].split("<")[0].endswith("Asia/Ho_Chi_Minh")
