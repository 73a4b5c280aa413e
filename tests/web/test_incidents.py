from __future__ import annotations

import pytest
from django.utils import timezone

from inspection.acts.report_incident import close_incident, report_incident
from inspection.models import Incident, Item, Job
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.climbs import climbing_job, part
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def report(job: Job, cast: factories.Cast, words: str, *, item: Item | None = None) -> Incident:
    return report_incident(job=job, item=item, words=words, client_key=words, by=cast.inspector, now=timezone.now())


def page(cast: factories.Cast, query: str = "") -> str:
    return browser_of(cast.manager).get(f"/jobs/covers/incidents/{query}").content.decode()


def test_what_is_open_stands_before_what_was_answered(cast: factories.Cast, job: Job) -> None:
    report(job, cast, "the lamp flickers")
    done = report(job, cast, "oil on the glass")
    close_incident(incident=done, answer="wiped", by=cast.manager, now=timezone.now())
    text = page(cast)
    assert "1 report is open" in text
    assert text.index("the lamp flickers") < text.index("oil on the glass") < text.index("wiped")


def test_a_report_leads_to_its_part(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5, serial="A-17")
    report(job, cast, "it is upside down", item=item)
    text = page(cast)
    assert f'href="/items/{item.pk}/"' in text
    assert f'src="/items/{item.pk}/thumbnail/"' in text
    assert "A-17" in text


def test_words_of_people_are_shown_as_words(cast: factories.Cast, job: Job) -> None:
    report(job, cast, "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in page(cast)


def test_an_answer_closes_a_report(cast: factories.Cast, job: Job) -> None:
    row = report(job, cast, "the lamp flickers")
    path = f"/jobs/covers/incidents/{row.pk}/close/"
    answer = browser_of(cast.manager).post(path, {"answer": "lamp changed"}, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.answer, row.closed_by) == ("lamp changed", cast.manager)
    assert "The report is answered and closed." in answer
    assert "0 reports are open" in answer


def test_an_empty_answer_closes_nothing(cast: factories.Cast, job: Job) -> None:
    row = report(job, cast, "the lamp flickers")
    path = f"/jobs/covers/incidents/{row.pk}/close/"
    answer = browser_of(cast.manager).post(path, {"answer": " "}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.closed_at is None
    assert "Say in a few words what happened." in answer


def test_a_report_of_another_job_is_not_there(cast: factories.Cast, job: Job) -> None:
    row = report(factories.job(cast, slug="plates"), cast, "not here")
    answer = browser_of(cast.manager).post(f"/jobs/covers/incidents/{row.pk}/close/", {"answer": "x"})
    assert answer.status_code == 404
    assert "not here" not in page(cast)


def test_older_answers_come_page_by_page(cast: factories.Cast, job: Job) -> None:
    for number in range(22):
        row = report(job, cast, f"number {number:02}")
        close_incident(incident=row, answer="done", by=cast.manager, now=timezone.now())
    first = page(cast)
    assert "number 21" in first
    assert "number 01" not in first
    assert "number 01" in page(cast, f"?before={Incident.objects.get(words='number 02').pk}")
    assert "number 21" in page(cast, "?before=x")


def test_with_nothing_reported_the_page_says_what_will_be_here(cast: factories.Cast, job: Job) -> None:
    assert "Nothing is open." in page(cast)


def test_the_page_of_the_job_counts_what_is_open(cast: factories.Cast, job: Job) -> None:
    report(job, cast, "the lamp flickers")
    assert "1 open" in browser_of(cast.manager).get("/jobs/covers/").content.decode()
    assert "1 open" not in browser_of(cast.inspector).get("/jobs/covers/").content.decode()


def test_a_confirmed_critical_defect_stops_the_ai_and_the_page_says_so(cast: factories.Cast) -> None:
    covers = climbing_job(cast, level=Level.PARTIAL)
    row = report(covers, cast, "back from the customer", item=part(covers, Verdict.OK, lot="L1"))
    assert 'name="defects" value="dent"' in page(cast)
    said = {"answer": "it is so", "defects": ["dent"]}
    path = f"/jobs/covers/incidents/{row.pk}/close/"
    answer = browser_of(cast.manager).post(path, said, follow=True).content.decode()
    assert "The AI is stopped: the job stands on assistance now." in answer
    assert "Confirmed on the part:</strong> Dent" in answer


def test_a_report_about_no_part_asks_for_no_defects(cast: factories.Cast, job: Job) -> None:
    report(job, cast, "the lamp flickers")
    assert 'name="defects"' not in page(cast)
