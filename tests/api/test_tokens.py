from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db


def log_in(call: Callers, username: str, password: str) -> Any:
    return call.anonymous.post("/token/", {"username": username, "password": password})


def test_the_token_of_a_log_in_opens_the_door(call: Callers) -> None:
    factories.person("ada", password=factories.PASSWORD)
    token = log_in(call, "ada", factories.PASSWORD).json()["token"]
    caller = Caller(None)
    assert caller.client.get("/api/v1/jobs/", headers={"Authorization": f"Token {token}"}).status_code == 200


def test_wrong_name_wrong_password_and_gone_get_one_answer(call: Callers) -> None:
    factories.person("ada", password=factories.PASSWORD)
    gone = factories.person("gone", password=factories.PASSWORD)
    gone.is_active = False
    gone.save()
    answers = [
        log_in(call, name, password) for name, password in [("nobody", "x"), ("ada", "x"), ("gone", factories.PASSWORD)]
    ]
    assert [code(answer) for answer in answers] == [(401, "bad_credentials")] * 3
    assert len({answer.content for answer in answers}) == 1


def test_after_too_many_wrong_passwords_there_is_a_pause(call: Callers, settings: Any) -> None:
    factories.person("ada", password=factories.PASSWORD)
    settings.LOGIN_TRIES = 3
    for _ in range(3):
        assert log_in(call, "Ada", "wrong").status_code == 401
    paused = log_in(call, "ada", factories.PASSWORD)
    assert code(paused) == (429, "too_many_tries")
    assert 290 <= int(paused["Retry-After"]) <= 300
    assert log_in(call, "somebody", "wrong").status_code == 401


def test_a_right_password_wipes_the_slate(call: Callers, settings: Any) -> None:
    factories.person("ada", password=factories.PASSWORD)
    settings.LOGIN_TRIES = 2
    for password in ["wrong", factories.PASSWORD, "wrong"]:
        log_in(call, "ada", password)
    assert log_in(call, "ada", factories.PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"username": "ada"},
        {"username": 5, "password": "x"},
        {"username": "a\x00", "password": "x"},
        {"username": "\ud800", "password": "x"},
        {"username": "", "password": "x"},
        {"username": ["ada"], "password": "x"},
    ],
)
def test_wrong_types_are_invalid(call: Callers, body: dict[str, Any]) -> None:
    assert code(call.anonymous.post("/token/", body)) == (422, "invalid")


def test_an_unknown_field_is_named(call: Callers) -> None:
    response = call.anonymous.post("/token/", {"username": "a", "password": "b", "remember": True})
    assert code(response) == (422, "unknown_field")
    assert response.json()["field"] == "remember"


def test_a_log_in_asks_the_database_little(
    call: Callers, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    factories.person("ada", password=factories.PASSWORD)
    with django_assert_max_num_queries(6):
        log_in(call, "ada", factories.PASSWORD)
