"""Who can log in to the demonstration, and with which password."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from inspection.acts.create_job import NewJob, create_job
from inspection.demo import people
from inspection.models import Job, Person
from tests import factories


@pytest.fixture
def data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA, settings.DEMO_PASSWORD = tmp_path, ""
    return tmp_path


@pytest.fixture
def demonstration(data: Path, db: None) -> Job:
    new = NewJob(slug="covers", name="Covers", labels=factories.LABELS, demonstration=True)
    return create_job(new=new, by=people.cast()["admin"], now=timezone.now())


def test_a_password_is_made_once_and_readable_by_its_owner_alone(data: Path) -> None:
    assert people.password() == people.password()
    assert (data / "demonstration-password").stat().st_mode & 0o777 == 0o600


def test_a_chosen_password_is_written_nowhere(data: Path, settings: Settings) -> None:
    settings.DEMO_PASSWORD = "chosen"
    assert people.password() == "chosen"
    assert list(data.iterdir()) == []


def test_the_whole_cast_can_log_in_and_the_simulated_cannot(demonstration: Job) -> None:
    assert people.log_ins() == dict.fromkeys(people.CAST, people.password())
    assert not Person.objects.get(username=people.SIMULATED[0]).check_password(people.password())


def test_a_password_that_is_not_theirs_any_more_is_not_told(demonstration: Job, settings: Settings) -> None:
    settings.DEMO_PASSWORD = "chosen later"
    assert people.log_ins() == dict.fromkeys(people.CAST, "")


def test_without_a_demonstration_nobody_is_told_of(data: Path, db: None) -> None:
    factories.person("admin")
    assert people.log_ins() == {}
    assert list(data.iterdir()) == []
