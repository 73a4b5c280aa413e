from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from inspection.models import Exposure, Item, Job
from inspection.queries import browse
from inspection.vocabulary import Level, Look, Verdict
from inspection.web import parts
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/jobs/covers/parts/"


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.FULL)
    made.double_share = made.recheck_share = 0
    made.save()
    return made


@pytest.fixture
def manager(cast: factories.Cast) -> Client:
    return browser_of(cast.manager)


def text_of(browser: Client, query: str = "") -> str:
    return browser.get(ADDRESS + query).content.decode()


def main_of(browser: Client, query: str = "") -> str:
    return text_of(browser, query).partition("<main")[2]


def rows(browser: Client, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/jobs/covers/parts.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_part_shows_its_verdict_and_what_the_ai_said(job: Job, manager: Client) -> None:
    item = factories.item(job, score=0.05, serial="P-1", lot="L1")
    shown = main_of(manager)
    assert f'src="/items/{item.pk}/thumbnail/"' in shown
    assert "P-1" in shown
    assert "0.050" in shown
    assert "lot L1" in shown
    assert "1 part\n" in shown


def test_whoever_looks_at_the_list_has_seen_what_the_ai_decided(
    job: Job, manager: Client, cast: factories.Cast
) -> None:
    decided, waiting = factories.item(job, score=0.05), factories.item(job, score=0.55, blind=True)
    text_of(manager)
    assert list(Exposure.objects.values_list("item", "person")) == [(decided.pk, cast.manager.pk)]
    assert not waiting.exposures.exists()


def test_a_part_that_waits_shows_no_opinion_and_fits_no_band(job: Job, manager: Client) -> None:
    factories.item(job, score=0.555, serial="P-1")
    assert "0.555" not in main_of(manager)
    assert "told when it is judged" in main_of(manager)
    for query in ("?score_from=0.5", "?score_to=0.6", "?differs=1"):
        assert "P-1" not in main_of(manager, query)
        assert "left out" in main_of(manager, query)
    assert [row["ai_score"] for row in rows(manager)] == [""]


def test_who_reads_a_colleagues_verdict_is_no_blind_second_look(
    job: Job, manager: Client, cast: factories.Cast
) -> None:
    item = factories.item(job, score=0.55)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.UNSURE)
    assert item.reviews.filter(look=Look.UNSURE, state="open").exists()
    text_of(manager)
    assert Exposure.objects.filter(item=item, person=cast.manager).exists()


def test_the_filter_stands_in_the_address_and_in_the_form(job: Job, manager: Client) -> None:
    factories.item(job, score=0.05, serial="A-1")
    factories.item(job, score=0.05, serial="B-1")
    shown = main_of(manager, "?serial=A&verdict=OK&by=ai&state=decided&score_from=0,01")
    assert "A-1" in shown
    assert "B-1" not in shown
    assert 'name="serial" maxlength="200" autocomplete="off" value="A"' in shown
    assert '<option value="OK" selected>' in shown
    assert "parts.csv?serial=A&amp;state=decided&amp;verdict=OK&amp;by=ai&amp;score_from=0%2C01" in shown


def test_pages_lead_back_and_forth_with_the_filter(job: Job, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        factories.item(job, score=0.05, serial=f"A-{number}")
    monkeypatch.setattr(browse.page, "__kwdefaults__", {**(browse.page.__kwdefaults__ or {}), "most": 2})
    found = re.search(r'href="(\?serial=A&amp;older=[^"]+)" rel="next"', main_of(manager, "?serial=A"))
    assert found is not None
    second = main_of(manager, found[1].replace("&amp;", "&"))
    assert "A-0" in second
    assert "A-2" not in second
    assert 'href="?serial=A">Newest' in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize(
    "query",
    [
        "?verdict=foo", "?state=x", "?by=x", "?label=rust", "?score_from=nan", "?score_to=2", "?score_from=x",
        "?from=x", "?to=9999-12-31", "?from=0001-01-01", "?serial=%00", "?lot=" + "x" * 201, "?label=%00",
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_said_and_shows_nothing(job: Job, manager: Client, query: str) -> None:
    factories.item(job, score=0.05, serial="P-1")
    job.time_zone = "Asia/Ho_Chi_Minh"
    job.save()
    answer = manager.get(ADDRESS + query)
    assert (answer.status_code, "P-1" in answer.content.decode()) == (422, False)
    assert manager.get(f"/jobs/covers/parts.csv{query}").status_code == 422


def test_days_are_those_of_the_jobs_own_clock(job: Job) -> None:
    job.time_zone = "Asia/Ho_Chi_Minh"
    query = {"from": "2026-11-21", "to": "2026-11-21"}
    wanted = parts.read(_query(**query), job)
    assert (str(wanted.since), str(wanted.until)) == ("2026-11-20 17:00:00+00:00", "2026-11-21 17:00:00+00:00")


def _query(**said: str) -> Any:
    return Client().get("/", said).wsgi_request.GET  # type: ignore[attr-defined]


def test_a_file_holds_all_that_fits_and_a_formula_stays_text(
    job: Job, manager: Client, cast: factories.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "IN_A_FILE", 2)
    for serial in ("=1+1", "@b", "c"):
        factories.item(job, score=0.05, serial=serial, lot="L1")
    factories.item(job, score=0.05, serial="d", lot="L2")
    found = rows(manager, "?lot=L1")
    assert [(row["serial"], row["ai_opinion"], row["ai_score"]) for row in found] == [
        ("c", "OK", "0.05"),
        ("'@b", "OK", "0.05"),
        ("'=1+1", "OK", "0.05"),
    ]
    assert Exposure.objects.filter(person=cast.manager).count() == 3


def test_an_empty_job_says_how_parts_come(job: Job, manager: Client) -> None:
    assert "Here will be every part of this job." in main_of(manager)
    assert "No part fits." in main_of(manager, "?serial=x")


def test_the_number_of_queries_does_not_grow(job: Job, manager: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        factories.item(job, score=0.05, serial=f"P-{number}")
    text_of(manager)
    with django_assert_max_num_queries(12):
        text_of(manager)


def test_a_part_is_opened_again_from_its_own_page(job: Job, manager: Client) -> None:
    item = factories.item(job, score=0.05)
    page = manager.get(f"/items/{item.pk}/").content.decode()
    assert f'action="/items/{item.pk}/reopen/"' in page
    said = manager.post(f"/items/{item.pk}/reopen/", {"reason": "a customer asks"}, follow=True).content.decode()
    assert "Somebody else is asked to look at this part again." in said
    assert Item.objects.get().reviews.get(look=Look.REOPENED).note == "a customer asks (manager)"
    assert "Opened again: a customer asks (manager)." in said
    again = manager.post(f"/items/{item.pk}/reopen/", {"reason": "once more"}, follow=True).content.decode()
    assert "Somebody is asked about this part already." in again
