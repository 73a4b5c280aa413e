"""Two people at two browsers: never one part before both, and nothing that tells a blind part from a hinted one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspection.models import Job, VerdictGiven
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level
from tests import factories
from tests.browser.conftest import LogIn, bench, kept, ready, saved

pytestmark = pytest.mark.django_db(transaction=True)

# Ids, leases, keys, times, tokens of forms: different for every part or page, whatever it is.
OWN = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.+]+|\"seconds\":[\d.]+")
SHELVES = "[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie.replace(/=\\w+/, '')]"


def masked(text: str) -> str:
    return OWN.sub("*", text)


class Ear:
    """Everything that goes between a page and the server about reviews, and what the page itself becomes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[str] = []
        page.on("requestfinished", self.hear)

    def hear(self, request: Any) -> None:
        if "/api/" not in request.url:
            return
        answer = request.response()
        body = "" if "picture" in request.url else answer.text()
        headers = {
            name: value for name, value in answer.headers.items() if name not in ("date", "etag", "content-length")
        }
        self.heard.append(
            masked(f"{request.method} {request.url} {request.post_data} {answer.status} {headers} {body}")
        )

    def all(self) -> list[str]:
        page = self.page
        shelves = page.evaluate(SHELVES)
        return [*sorted(self.heard), masked(page.content()), str(kept(page)), *shelves]


def seen_before(page: Page, job: Job) -> list[str]:
    ear = Ear(page)
    bench(page, job)
    page.wait_for_load_state("networkidle")
    return ear.all()


def seen_of_two(page: Page, one: Job, other: Job) -> list[list[str]]:
    """What is to be seen before the answer of one job and of another; the names of jobs and levels taken out."""
    seen = []
    for job in (one, other):
        names = re.compile("|".join([job.slug, job.name, *(str(level.label) for level in Level)]))
        seen.append([names.sub("*", text) for text in seen_before(page, job)])
    assert any("part-0" in text for text in seen[0]), "what is compared holds the part"
    return seen


def test_two_browsers_never_show_one_part(cast: factories.Cast, log_in: LogIn) -> None:
    job = factories.job(cast)
    for number in range(14):
        factories.take_in(job, serial=f"part-{number:02}")
    pages = [log_in("inspector"), log_in("inspector2")]
    for page in pages:
        bench(page, job)
    shown: list[str] = []
    for turn in range(8):
        page = pages[turn % 2]
        here, there = (one.locator("#serial").inner_text() for one in (page, pages[1 - turn % 2]))
        assert here != there
        shown.append(here)
        page.keyboard.press("1")
        expect(page.locator("#serial")).not_to_have_text(here)
        ready(page, "part-")
    for page in pages:
        saved(page, 4)
    assert len(set(shown)) == 8
    assert sorted(VerdictGiven.objects.values_list("item__serial", flat=True)) == sorted(shown)
    assert not VerdictGiven.objects.filter(late=True).exists()


def test_before_the_answer_nothing_tells_a_blind_part_from_one_with_a_hint(cast: factories.Cast, log_in: LogIn) -> None:
    jobs = []
    for slug, blind in (("covers", True), ("plates", False)):
        jobs.append(factories.job(cast, slug=slug, level=Level.PARTIAL))
        factories.item(jobs[-1], score=0.95, blind=blind, serial="part-0", data=factories.picture(1))
    drawn, hinted = seen_of_two(log_in("inspector"), *jobs)
    assert drawn == hinted


def test_a_blind_part_looks_like_one_of_a_job_without_an_ai(cast: factories.Cast, log_in: LogIn) -> None:
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, hint_mode=HintMode.CONCURRENT)
    jobs = []
    for slug, level in (("covers", Level.ASSISTANCE), ("plates", Level.SHADOW)):
        jobs.append(factories.job(cast, slug=slug, level=level, policy=policy))
        factories.item(
            jobs[-1], score=0.95, blind=level == Level.ASSISTANCE, serial="part-0", data=factories.picture(1)
        )
    drawn, without = seen_of_two(log_in("inspector"), *jobs)
    assert drawn == without
