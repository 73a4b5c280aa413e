"""The strict content policy, and pages that need nothing which it forbids."""

from __future__ import annotations

import re

import pytest

from inspection.models import Job
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db

PAGES = (
    "/jobs/", "/new-job/", "/jobs/covers/", "/jobs/covers/inspect/", "/jobs/covers/agreement/", "/jobs/covers/level/",
    "/jobs/covers/people/", "/jobs/nothing/",
)  # fmt: skip
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_brings_no_inline_code_and_a_strict_policy(cast: factories.Cast, job: Job, path: str) -> None:
    factories.item(job, score=0.5)
    answer = browser_of(cast.admin).get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert INLINE.findall(answer.content.decode()) == []


def test_the_page_of_a_part_brings_no_inline_code(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    factories.answer(factories.claim_one(job, cast.inspector))
    answer = browser_of(cast.manager).get(f"/items/{item.pk}/")
    assert INLINE.findall(answer.content.decode()) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_a_skip_link_and_a_title(cast: factories.Cast, job: Job, path: str) -> None:
    text = browser_of(cast.admin).get(path).content.decode()
    assert text.count("<h1") == 1
    assert 'class="skip" href="#main"' in text
    assert re.search(r"<title>[^<]{3,} · Sightline</title>", text)
