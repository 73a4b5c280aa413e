"""Every page with everybody: what each of them sees, written down in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inspection.models import Item, Job, Person
from inspection.web.language import words_mark
from inspection.web.urls import urlpatterns
from tests import factories, study
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db

WHO = ("inspector", "manager", "admin", "service", "outsider", "elsewhere", "anonymous")
"""`elsewhere` is admin of another job; the outsider is a member of none."""

Ask = Callable[[Client, Item], Any]


def get(path: str) -> Ask:
    return lambda browser, item: browser.get(path.format(item=item.pk))


def post(path: str, **said: Any) -> Ask:
    return lambda browser, _item: browser.post(path, said)


def reopen(browser: Client, item: Item) -> Any:
    return browser.post(f"/items/{item.pk}/reopen/", {"reason": "a customer asks"})


def known_add(browser: Client, item: Item) -> Any:
    return browser.post(f"/items/{item.pk}/known/")


def on_study(path: str = "", method: str = "get", *, state: str = "running") -> Ask:
    """A study of the job with the inspector as its appraiser."""

    def ask(browser: Client, item: Item) -> Any:
        made = study.bare(item.job, state)
        return getattr(browser, method)(f"/jobs/covers/studies/{made.pk}/{path}")

    return ask


def picture(browser: Client, _item: Item) -> Any:
    file = SimpleUploadedFile("part-1.png", factories.picture(5))
    return browser.post("/jobs/covers/pictures/", {"picture": file, "serial_from_name": "1"})


POLICY = {
    "name": "Covers", "blind_share": "10", "audit_share": "5", "hint_mode": "commit_first", "lease_seconds": "300",
    "patience_seconds": "30", "accept_at": "0.2", "reject_at": "0.8", "double_share": "2", "recheck_share": "10",
    "seed_share": "1", "hold": "3",
}  # fmt: skip

# Name and method, the request, and the status for each of WHO. 302 without a log-in leads to the log-in.
TABLE: list[tuple[str, str, Ask, tuple[int, ...]]] = [
    ("home", "GET", get("/"), (302,) * 7),
    ("login", "GET", get("/log-in/"), (302, 302, 302, 302, 302, 302, 200)),
    ("logout", "POST", post("/log-out/"), (302,) * 7),
    ("language", "POST", post("/language/", language="vi"), (302,) * 7),
    ("words", "GET", get(f"/words/vi/{words_mark('vi')}.js"), (200,) * 7),
    ("status", "GET", get("/status/"), (200, 200, 200, 200, 200, 200, 302)),
    ("jobs", "GET", get("/jobs/"), (200, 200, 200, 200, 200, 200, 302)),
    ("new_job", "GET", get("/new-job/"), (403, 403, 200, 403, 403, 200, 302)),
    ("new_job", "POST", post("/new-job/", name="Lids two"), (403, 403, 302, 403, 403, 302, 302)),
    ("job", "GET", get("/jobs/covers/"), (200, 200, 200, 200, 404, 404, 302)),
    ("job_items", "GET", get("/jobs/covers/items/"), (403, 200, 200, 200, 404, 404, 302)),
    ("pictures", "POST", picture, (403, 201, 201, 201, 404, 404, 302)),
    ("policy", "POST", post("/jobs/covers/policy/", **POLICY), (403, 403, 302, 403, 404, 404, 302)),
    ("adopt", "POST", post("/jobs/covers/adopt/"), (403, 403, 302, 403, 404, 404, 302)),
    ("inspect", "GET", get("/jobs/covers/inspect/"), (200, 200, 200, 403, 404, 404, 302)),
    ("grid", "GET", get("/jobs/covers/grid/"), (200, 200, 200, 403, 404, 404, 302)),
    ("adjudication", "GET", get("/jobs/covers/adjudication/"), (403, 200, 200, 403, 404, 404, 302)),
    ("agreement", "GET", get("/jobs/covers/agreement/"), (403, 200, 200, 403, 404, 404, 302)),
    ("agreement_differences", "GET", get("/jobs/covers/agreement/differences/"), (403, 200, 200, 403, 404, 404, 302)),
    ("own_agreement", "GET", get("/jobs/covers/agreement/own/"), (200, 200, 200, 403, 404, 404, 302)),
    ("level", "GET", get("/jobs/covers/level/"), (200, 200, 200, 403, 404, 404, 302)),
    ("level", "POST", post("/jobs/covers/level/", level="shadow", reason="r"), (302, 302, 302, 403, 404, 404, 302)),
    ("proposal_again", "POST", post("/jobs/covers/proposals/again/"), (403, 302, 302, 403, 404, 404, 302)),
    ("proposal_sign", "POST", post("/jobs/covers/proposals/999/sign/"), (403, 404, 404, 403, 404, 404, 302)),
    ("proposal_refuse", "POST", post("/jobs/covers/proposals/999/refuse/"), (403, 404, 404, 403, 404, 404, 302)),
    ("bars", "GET", get("/jobs/covers/bars/"), (403, 200, 200, 403, 404, 404, 302)),
    ("bars", "POST", post("/jobs/covers/bars/", miss="20", reason="r"), (403, 302, 302, 403, 404, 404, 302)),
    ("calendar", "POST", post("/jobs/covers/calendar/"), (403, 403, 302, 403, 404, 404, 302)),
    ("what_if", "GET", get("/jobs/covers/what-if/?level=full"), (403, 200, 200, 403, 404, 404, 302)),
    ("what_if_lock", "POST", post("/jobs/covers/what-if/lock/", at="0.1"), (403, 403, 302, 403, 404, 404, 302)),
    ("incidents", "GET", get("/jobs/covers/incidents/"), (403, 200, 200, 403, 404, 404, 302)),
    ("incident_close", "POST", post("/jobs/covers/incidents/999/close/"), (403, 404, 404, 403, 404, 404, 302)),
    ("known", "GET", get("/jobs/covers/known/"), (403, 200, 200, 403, 404, 404, 302)),
    ("known_retire", "POST", post("/jobs/covers/known/999/retire/"), (403, 404, 404, 403, 404, 404, 302)),
    ("known_add", "POST", known_add, (403, 302, 302, 403, 404, 404, 302)),
    ("parts", "GET", get("/jobs/covers/parts/"), (403, 200, 200, 403, 404, 404, 302)),
    ("parts_csv", "GET", get("/jobs/covers/parts.csv"), (403, 200, 200, 403, 404, 404, 302)),
    ("reopen", "POST", reopen, (403, 302, 302, 403, 404, 404, 302)),
    ("studies", "GET", get("/jobs/covers/studies/"), (200, 200, 200, 403, 404, 404, 302)),
    ("new_study", "GET", get("/jobs/covers/studies/new/"), (403, 200, 200, 403, 404, 404, 302)),
    ("new_study", "POST", post("/jobs/covers/studies/new/", name="S"), (403, 422, 422, 403, 404, 404, 302)),
    ("study", "GET", on_study(), (403, 200, 200, 403, 404, 404, 302)),
    ("study", "GET", on_study(state="closed"), (403, 200, 200, 403, 404, 404, 302)),
    ("study_sit", "GET", on_study("sit/"), (200, 404, 404, 403, 404, 404, 302)),
    ("study_values", "POST", on_study("values/", "post", state="draft"), (403, 302, 302, 403, 404, 404, 302)),
    ("study_start", "POST", on_study("start/", "post", state="draft"), (403, 302, 302, 403, 404, 404, 302)),
    ("study_close", "POST", on_study("close/", "post"), (403, 302, 302, 403, 404, 404, 302)),
    ("study_cancel", "POST", on_study("cancel/", "post"), (403, 302, 302, 403, 404, 404, 302)),
    ("book", "GET", get("/jobs/covers/book/"), (200, 200, 200, 403, 404, 404, 302)),
    ("book_add", "POST", post("/jobs/covers/book/add/", kind="golden"), (403, 302, 302, 403, 404, 404, 302)),
    ("book_label", "POST", post("/jobs/covers/book/labels/dent/", name="Dent"), (403, 302, 302, 403, 404, 404, 302)),
    ("book_picture", "GET", get("/jobs/covers/book/samples/999/"), (404, 404, 404, 403, 404, 404, 302)),
    ("book_retire", "POST", post("/jobs/covers/book/samples/999/retire/"), (403, 404, 404, 403, 404, 404, 302)),
    ("people", "GET", get("/jobs/covers/people/"), (403, 200, 200, 403, 404, 404, 302)),
    ("people", "POST", post("/jobs/covers/people/", username="inspector", role="inspector"),
     (403, 403, 302, 403, 404, 404, 302)),
    ("without_lot", "GET", get("/jobs/covers/lots.csv"), (403, 200, 200, 200, 404, 404, 302)),
    ("lot", "GET", get("/jobs/covers/lots/L1.csv"), (403, 404, 404, 404, 404, 404, 302)),
    ("remove_demonstration", "POST", post("/jobs/covers/remove-demonstration/"), (403, 403, 404, 403, 404, 404, 302)),
    ("own_thumbnail", "GET", get("/reviews/{item}/thumbnail/"), (404,) * 6 + (302,)),
    ("item", "GET", get("/items/{item}/"), (403, 200, 200, 200, 404, 404, 302)),
    ("item_picture", "GET", get("/items/{item}/picture/"), (403, 200, 200, 200, 404, 404, 302)),
    ("item_thumbnail", "GET", get("/items/{item}/thumbnail/"), (403, 200, 200, 200, 404, 404, 302)),
]  # fmt: skip


@pytest.fixture
def everybody(cast: factories.Cast, elsewhere: Person) -> dict[str, Person | None]:
    return {**{name: getattr(cast, name) for name in WHO[:5]}, "elsewhere": elsewhere, "anonymous": None}


@pytest.fixture
def item(job: Job) -> Item:
    return factories.item(job, score=0.5)


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
@pytest.mark.parametrize(("name", "method", "ask", "expected"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_each_page_opens_for_those_it_is_for(
    everybody: dict[str, Person | None],
    item: Item,
    place: int,
    name: str,
    method: str,
    ask: Ask,
    expected: tuple[int, ...],
) -> None:
    answer = ask(browser_of(everybody[WHO[place]]), item)
    assert answer.status_code == expected[place], f"{method} {name} as {WHO[place]}"
    if everybody[WHO[place]] is None and answer.status_code == 302 and name not in {"home", "logout", "language"}:
        assert answer["Location"].startswith("/log-in/?next=")


def test_no_page_is_missing_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == {row[0] for row in TABLE}


def test_an_inspector_who_may_not_lower_the_level_changes_nothing(cast: factories.Cast, job: Job) -> None:
    browser_of(cast.inspector).post("/jobs/covers/level/", {"level": "shadow", "reason": "I want to"})
    job.refresh_from_db()
    assert job.level == "partial"
