"""The servers that tests stand on are the real ones."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from playwright.sync_api import Browser

from inspection.bell import bell
from tests.provisions.broker import Broker
from tests.provisions.browser import Complaints


@pytest.mark.django_db
def test_the_database_is_the_one_that_the_run_is_for() -> None:
    wanted = {"sqlite": "sqlite", "postgres": "postgresql"}[os.environ.get("TEST_DATABASE", "sqlite")]
    assert connection.vendor == wanted


def test_a_ring_lies_in_redis_until_a_worker_takes_it(broker: Broker) -> None:
    assert bell.ring(["a", "b"])
    assert broker.rings() == 1


def test_a_killed_redis_hears_nothing_and_raises_nothing(broker: Broker) -> None:
    broker.kill()
    assert not bell.ring(["a"])


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>nowhere()</script>", "nowhere is not defined"),
        ("<script>console.error('oh')</script>", "oh"),
        (
            "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\"><p style='color:red'>",
            "Content Security",
        ),
    ],
)
def test_a_page_that_complains_is_heard(browser: Browser, body: str, complaint: str) -> None:
    page, heard = browser.new_page(), Complaints()
    heard.hear(page)
    page.set_content(body)
    page.wait_for_timeout(50)
    page.close()
    assert len(heard) == 1
    assert complaint in heard[0]
