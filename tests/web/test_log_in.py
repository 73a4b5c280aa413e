from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> factories.Cast:
    return factories.people(password=factories.PASSWORD)


def log_in(username: str, password: str, browser: Client | None = None) -> tuple[int, str]:
    answer = (browser or Client()).post("/log-in/", {"username": username, "password": password})
    return answer.status_code, answer.content.decode()


def test_the_right_password_leads_to_the_jobs(cast: factories.Cast) -> None:
    browser = Client()
    assert log_in("inspector", factories.PASSWORD, browser)[0] == 302
    assert browser.get("/jobs/").status_code == 200


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(cast: factories.Cast) -> None:
    token = re.compile(r"[0-9A-Za-z]{64}")
    answers = {token.sub("", log_in(name, "wrong")[1]).replace(name, "") for name in ("inspector", "nobody-at-all")}
    [answer] = answers
    assert "Name and password do not match." in answer


@override_settings(LOGIN_TRIES=3)
def test_after_some_wrong_passwords_the_right_one_has_to_wait_too(cast: factories.Cast) -> None:
    for _ in range(3):
        assert log_in("inspector", "wrong")[0] == 200
    status, text = log_in("inspector", factories.PASSWORD)
    assert status == 429
    assert "Too many tries" in text
    assert log_in("manager", factories.PASSWORD)[0] == 302


def test_log_out_takes_a_post(cast: factories.Cast) -> None:
    browser = Client()
    log_in("inspector", factories.PASSWORD, browser)
    assert browser.get("/log-out/").status_code == 405
    browser.post("/log-out/")
    assert browser.get("/jobs/").status_code == 302


def test_a_log_in_does_not_lead_to_a_foreign_site(cast: factories.Cast) -> None:
    said = {"username": "inspector", "password": factories.PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/log-in/", said)["Location"] == "/jobs/"
