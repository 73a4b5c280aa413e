from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inspection.models import Job, Person, Study
from tests import factories, study
from tests.queries.test_study_report import classical
from tests.study import NG, OK
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


def text(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_report_of_the_classical_example_shows_its_figures(cast: factories.Cast) -> None:
    made = classical(cast)
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/"))
    for figure in (
        "84.0 % 42 of 50; 70.9 to 92.8",
        "90.0 % 45 of 50; 78.2 to 96.7",
        "80.0 % 40 of 50; 66.3 to 90.0",
        "6.2 % 3 of 48",
        "8.8 % 9 of 102",
        "0.760 0.879",
        "0.845 0.923",
        "0.703 0.774",
        "All people, all trials say the same 78.0 % 39 of 50 64.0 to 88.5 0.794",
        "All people, all trials match the standard 78.0 % 39 of 50 64.0 to 88.5 0.859",
        "inspector – inspector2 94.0 % 141 of 150 0.863",
        "Nobody judges well enough",
    ):
        assert figure in page, figure


def test_a_running_study_shows_how_far_people_are_and_nothing_of_what_they_said(
    covers: Job, cast: factories.Cast
) -> None:
    made = study.running(covers, cast)
    study.read(made, cast.inspector, study.right, most=7)
    page = text(browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/"))
    assert "trial 2 of 2: 1 of 6" in page
    assert not any(part.item.serial in page for part in made.parts.select_related("item"))
    assert "17 readings are missing" in page


def test_the_progress_alone_comes_for_a_page_that_asks_again(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    answer = browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "trial 1 of 2: 0 of 6" in text(answer)


def test_a_report_with_gaps_says_how_many_and_why(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    study.read(made, cast.inspector, study.right)
    browser = browser_of(cast.manager)
    browser.post(f"/jobs/covers/studies/{made.pk}/close/", {"reason": ""})
    assert Study.objects.get().state == "running"
    browser.post(f"/jobs/covers/studies/{made.pk}/close/", {"reason": "the line stood"})
    page = text(browser.get(f"/jobs/covers/studies/{made.pk}/"))
    assert "Closed early: 12 readings are missing. Reason: the line stood" in page
    assert "there is nobody to compare with" in page


def test_a_form_that_is_refused_keeps_what_was_typed(covers: Job, cast: factories.Cast) -> None:
    items = study.known(covers, cast, OK, OK, OK, OK, OK)
    said = {
        "name": "Spring",
        "how": "hand",
        "part": [str(item.pk) for item in items],
        "n": "50",
        "trials": "2",
        "appraiser": ["inspector"],
    }
    answer = browser_of(cast.manager).post("/jobs/covers/studies/new/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "No part of this study is bad" in text(answer)
    assert len(re.findall(r'name="part" value="[^"]+" checked', page)) == 5
    assert 'value="inspector" checked' in page
    assert 'value="Spring"' in page


def test_a_job_without_decided_parts_says_what_it_takes(covers: Job, cast: factories.Cast) -> None:
    page = text(browser_of(cast.manager).get("/jobs/covers/studies/new/"))
    assert "No part of this job can be in a study yet" in page
    assert "Here will be the studies of this job" in text(browser_of(cast.manager).get("/jobs/covers/studies/"))
    assert "Nobody asks you in a study right now" in text(browser_of(cast.inspector).get("/jobs/covers/studies/"))


def test_the_bench_of_a_study_is_there_for_its_appraisers_alone(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast, appraisers=("inspector",))
    path = f"/jobs/covers/studies/{made.pk}/sit/"
    assert browser_of(cast.inspector).get(path).status_code == 200
    assert browser_of(cast.inspector2).get(path).status_code == 404
    assert browser_of(cast.manager).get(path).status_code == 404


def test_a_study_of_another_job_is_not_there(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    factories.job(cast, slug="lids")
    assert browser_of(cast.manager).get(f"/jobs/lids/studies/{made.pk}/").status_code == 404
    assert browser_of(cast.manager).post(f"/jobs/lids/studies/{made.pk}/cancel/", {"reason": "r"}).status_code == 404


def test_the_page_of_the_job_asks_each_appraiser_until_that_one_is_through(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast, appraisers=("inspector", "manager"))
    for person in (cast.inspector, cast.manager):
        assert "You are asked: trial 1 of 2, 0 of 6 parts done." in text(browser_of(person).get("/jobs/covers/"))
    assert "You are asked" not in text(browser_of(cast.inspector2).get("/jobs/covers/"))
    study.read(made, cast.inspector, study.right)
    assert "You are asked" not in text(browser_of(cast.inspector).get("/jobs/covers/"))
    assert "You are through" in text(browser_of(cast.inspector).get("/jobs/covers/studies/"))


def test_once_it_is_closed_each_person_reads_the_own_figures_and_nobody_elses(
    covers: Job, cast: factories.Cast
) -> None:
    made = study.running(covers, cast)
    study.read(made, cast.inspector, lambda _part, _trial: OK)
    study.read(made, cast.inspector2, study.right)
    assert "misses" not in text(browser_of(cast.inspector).get("/jobs/covers/studies/"))
    study.close(made, cast.manager)
    mine = text(browser_of(cast.inspector).get("/jobs/covers/studies/"))
    assert "You in “Spring study”" in mine
    assert "misses 100 % (4 of 4; good up to 2 %)" in mine.replace("\u00a0", " ")
    theirs = text(browser_of(cast.inspector2).get("/jobs/covers/studies/"))
    assert "misses 0 % (0 of 4; good up to 2 %)" in theirs.replace("\u00a0", " ")
    assert "You in" not in text(browser_of(cast.manager).get("/jobs/covers/studies/"))


def test_a_cancelled_study_says_who_cancelled_it_and_why(covers: Job, cast: factories.Cast) -> None:
    made = study.running(covers, cast)
    study.read(made, cast.inspector, lambda _part, _trial: NG, most=2)
    browser = browser_of(cast.admin)
    browser.post(f"/jobs/covers/studies/{made.pk}/cancel/", {"reason": "the lamp was off"})
    page = text(browser.get(f"/jobs/covers/studies/{made.pk}/"))
    assert "admin cancelled this study at" in page
    assert "the lamp was off" in page


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_new_study_is_named_by_the_day_of_the_job_as_its_reader_writes_days(
    covers: Job, cast: factories.Cast, zone: str
) -> None:
    """The two zones are more than a day apart: at least one of them has another day than UTC."""
    Job.objects.filter(pk=covers.pk).update(time_zone=zone)
    day = timezone.now().astimezone(ZoneInfo(zone))
    Person.objects.filter(pk=cast.manager.pk).update(language="vi")
    page = browser_of(Person.objects.get(pk=cast.manager.pk)).get("/jobs/covers/studies/new/").content.decode()
    assert f"{day:%d/%m/%Y}" in page
    assert f"{day:%Y-%m-%d}" in browser_of(cast.admin).get("/jobs/covers/studies/new/").content.decode()
