from __future__ import annotations

import pytest
from django.test import Client
from django.views.defaults import server_error

from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_an_unknown_page_says_so_in_the_same_frame(cast: factories.Cast) -> None:
    answer = browser_of(cast.inspector).get("/nothing/here/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
    assert "Log out" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(cast: factories.Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.admin)
    answer = browser.post("/new-job/", {"name": "x"})
    assert answer.status_code == 403
    assert "The page was too old" in answer.content.decode()


def test_the_page_for_a_fault_of_ours_needs_nothing_that_may_be_broken(rf: object) -> None:
    answer = server_error(rf.get("/"))  # type: ignore[attr-defined]
    assert answer.status_code == 500
    assert "Nothing that was saved is lost" in answer.content.decode()
