from __future__ import annotations

import pytest
from django.test import Client

from tests.web.conftest import all_works

pytestmark = pytest.mark.django_db


def test_healthz_asks_no_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_readyz_names_each_part_and_why_it_does_not_work() -> None:
    answer = Client().get("/readyz")
    parts = answer.json()["parts"]
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert [part["name"] for part in parts] == ["database", "broker", "workers", "sweeper", "model"]
    assert [part["works"] for part in parts] == [True, False, False, False, True]
    assert all(part["why"] for part in parts if not part["works"])


def test_readyz_is_ready_when_everything_works(broker: object) -> None:
    all_works()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
