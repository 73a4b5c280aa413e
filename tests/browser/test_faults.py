"""What happens in a hall: the network is cut, the server restarts, pages crash, clocks jump. As many verdicts are
stored as were given, and none twice."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from inspection.models import Job, VerdictGiven
from tests import factories
from tests.browser.conftest import LogIn, bench, enter, ready, saved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("may_be_cut_off")]


def parts(cast: factories.Cast, count: int) -> Job:
    job = factories.job(cast)
    for number in range(count):
        factories.take_in(job, serial=f"part-{number}")
    return job


def given() -> list[tuple[str, str]]:
    """Every verdict that is stored, late ones too."""
    return list(VerdictGiven.objects.order_by("item__serial", "id").values_list("item__serial", "verdict"))


def judge(page: Page, keys: str, *, first: int = 0) -> list[tuple[str, str]]:
    """Judge part after part with these keys; what was given."""
    told = []
    for number, key in enumerate(keys, start=first):
        ready(page, f"part-{number}")
        page.keyboard.press(key)
        told.append((f"part-{number}", {"1": "OK", "2": "NG", "3": "UNSURE"}[key]))
    return told


def test_with_the_network_cut_people_judge_on_what_they_hold_and_all_of_it_arrives(
    cast: factories.Cast, log_in: LogIn
) -> None:
    page = log_in("inspector")
    bench(page, parts(cast, 9))
    with page.expect_response("**/reviews/next/"):
        told = judge(page, "1")
    saved(page, 1)
    page.context.set_offline(True)
    none_left = page.locator("#say", has_text="No next part: no connection, trying again.")
    while page.locator("[data-verdict=OK]:enabled").or_(none_left).first.get_attribute("id") != "say":
        told += judge(page, "2", first=len(told))
    assert len(told) >= 4, "three parts were held ahead"
    expect(page.locator("#saved")).to_have_text(f"{len(told) - 1} unsent: no connection, trying again")
    page.context.set_offline(False)
    saved(page, len(told))
    told += judge(page, "3", first=len(told))
    saved(page, len(told))
    assert given() == told


class Mortal(ThreadedWSGIServer):
    """A server that can die with whatever it is just answering, and come back at the same address."""

    lines: list[socket.socket] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "allow_reuse_address": True})

    def process_request(self, request: Any, client_address: Any) -> None:
        self.lines.append(request)
        super().process_request(request, client_address)


@pytest.fixture
def mortal(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    monkeypatch.setattr(LiveServerThread, "server_class", Mortal)
    server = LiveServer("localhost")
    yield server
    die(server)


def die(server: LiveServer) -> None:
    server.stop()
    # A browser keeps its lines open, and the threads behind them would answer on.
    while Mortal.lines:
        with suppress(OSError):
            Mortal.lines.pop().shutdown(socket.SHUT_RDWR)


def test_a_server_that_dies_and_comes_back_gets_what_was_given_meanwhile(
    cast: factories.Cast, new_page: Callable[..., Page], mortal: LiveServer
) -> None:
    address = str(mortal)
    page = new_page(base_url=address)
    enter(page, "inspector", at=address)
    bench(page, parts(cast, 4))
    die(mortal)
    told = judge(page, "12")
    expect(page.locator("#saved")).to_contain_text("2 unsent: no connection, trying again")
    again = LiveServer(address.removeprefix("http://"))
    saved(page, 2)
    told += judge(page, "3", first=2)
    saved(page, 3)
    die(again)
    assert given() == told


def test_a_page_that_crashes_has_lost_nothing(cast: factories.Cast, log_in: LogIn) -> None:
    job = parts(cast, 3)
    page = log_in("inspector")
    bench(page, job)
    page.route("**/verdict/", lambda route: route.abort())
    told = judge(page, "21")
    ready(page, "part-2")
    with pytest.raises(Error):
        page.goto("chrome://crash")
    page = page.context.new_page()
    bench(page, job)
    saved(page, 2)
    assert given() == told
    expect(page.locator("#serial")).to_have_text("part-2")


def test_a_clock_that_jumps_changes_nothing(cast: factories.Cast, log_in: LogIn) -> None:
    job = parts(cast, 4)
    page = log_in("inspector")
    bench(page, job)
    told = judge(page, "1")
    page.clock.set_system_time("2001-01-01")
    told += judge(page, "2", first=1)
    page.clock.set_system_time("2099-01-01")
    told += judge(page, "3", first=2)
    saved(page, 3)
    assert given() == told
    # No time at all is better than a wrong one.
    assert all(row.seconds is None or 0 <= row.seconds < 60 for row in VerdictGiven.objects.all())


def test_as_many_verdicts_are_stored_as_were_given_however_badly_the_line_works(
    cast: factories.Cast, log_in: LogIn
) -> None:
    page = log_in("inspector")
    fates = cycle(["lost on the way", "arrives", "answer lost", "arrives", "stumbles", "arrives"])

    def suffer(route: Route) -> None:
        fate = next(fates)
        if fate == "stumbles":
            route.fulfill(status=429)
        elif fate == "lost on the way":
            route.abort()
        elif fate == "answer lost":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    bench(page, parts(cast, 9))
    page.route("**/verdict/", suffer)
    told = judge(page, "12" * 4)
    saved(page, 8)
    assert given() == told
    assert not VerdictGiven.objects.filter(late=True).exists()


@pytest.mark.usefixtures("may_be_cut_off")
def test_a_picture_that_a_cut_line_kept_away_comes_with_the_line(cast: factories.Cast, log_in: LogIn) -> None:
    page = log_in("inspector")
    page.route("**/reviews/*/picture/", lambda route: route.abort())
    page.goto(f"/jobs/{parts(cast, 1).slug}/inspect/")
    expect(page.locator("#say")).to_contain_text("The picture cannot be shown.")
    page.unroute("**/reviews/*/picture/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-verdict=OK]:enabled").wait_for()
