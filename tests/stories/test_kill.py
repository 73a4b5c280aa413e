"""`kill -9` of every part under load: nothing is lost and nothing happens twice."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.stories import plant
from tests.stories.plant import Plant, picture, until
from tests.stories.terminal import Json, Looked, Terminal

# A database that loses its clients in mid-transaction is the point: both are tried.
pytestmark = pytest.mark.database

CAMERAS, INSPECTORS = 2, 2
LARGE = 1400
"""Pixels of a side: a worker that opens some of these is busy long enough to be caught at it."""


class Load:
    """Cameras that send parts and inspectors who judge them, until told to stop."""

    def __init__(self, site: Plant, job: str) -> None:
        self.job = job
        self.answered: dict[str, Json] = {}
        self.looks: list[Looked] = []
        self._cameras_off, self._people_off = threading.Event(), threading.Event()
        self._numbers = itertools.count()
        self._pool = ThreadPoolExecutor(CAMERAS + INSPECTORS)
        cameras = [site.log_in("admin") for _ in range(CAMERAS)]
        people = [site.hire(job, f"eye-{number}") for number in range(INSPECTORS)]
        self._sending = [self._pool.submit(self._send, camera) for camera in cameras]
        self._judging = [self._pool.submit(self._judge, person) for person in people]

    def _send(self, camera: Terminal) -> None:
        while not self._cameras_off.is_set():
            serial = f"P-{next(self._numbers):05d}"
            self.answered[serial] = camera.send(self.job, serial, self.picture(serial))

    @staticmethod
    def picture(serial: str) -> bytes:
        """Every fifth is a large one."""
        number = int(serial.removeprefix("P-"))
        return picture(number) if number % 5 else LARGE_PICTURE

    def _judge(self, person: Terminal) -> None:
        while not self._people_off.is_set():
            held = person.next(self.job)
            self.looks += [person.look(review, "NG" if number == 2 else "OK") for number, review in enumerate(held)]
            if not held:
                time.sleep(0.1)

    def stop_cameras(self) -> None:
        self._cameras_off.set()
        for sending in self._sending:
            sending.result(timeout=90)

    def stop_people(self) -> None:
        self._people_off.set()
        for judging in self._judging:
            judging.result(timeout=90)
        self._pool.shutdown()


LARGE_PICTURE = picture(0, size=LARGE)


def kill(site: Plant, part: str, *, with_children: bool) -> None:
    """As `kill -9`, and waits until the supervisor has the part back."""
    before = psutil.Process(site.site.pid(part))
    for process in [*(before.children(recursive=True) if with_children else ()), before]:
        process.kill()
    until(lambda: site.site.pid(part) not in (0, before.pid))


def kill_workers_in_mid_batch(site: Plant, job: str) -> list[str]:
    """Freezes the pool at moments until it holds parts, kills it then; the parts it was at."""
    pool = psutil.Process(site.site.pid("worker")).children(recursive=True)

    def caught() -> list[str]:
        for child in pool:
            child.suspend()
        at = [part["id"] for part in site.admin.parts(job, state="predicting")]
        if not at:
            for child in pool:
                child.resume()
        return at

    at = until(caught)
    for child in pool:
        child.kill()
    return list(at)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Plant]:
    with plant.running(tmp_path) as one:
        yield one


def test_killing_each_part_under_load_loses_and_doubles_nothing(site: Plant) -> None:
    load = Load(site, site.open_job("covers", level="full", score=0.1, blind_share=0.3, audit_share=0.3))
    until(lambda: len(load.looks) >= 5)
    caught = kill_workers_in_mid_batch(site, load.job)
    kill(site, "worker", with_children=False)
    kill(site, "redis", with_children=False)
    kill(site, "web", with_children=True)
    sent, looked = len(load.answered), len(load.looks)
    until(lambda: len(load.answered) >= sent + 10 and len(load.looks) >= looked + 5)
    load.stop_cameras()
    until(lambda: site.nothing_under_way(load.job), seconds=90)
    load.stop_people()
    check_every_part_is_there_once(site, load)
    check_every_verdict_is_there_once(site, load)
    check_every_part_is_decided_once_or_waits_for_one_person(site)
    check_what_was_caught_was_tried_again(site, caught)


def check_every_part_is_there_once(site: Plant, load: Load) -> None:
    there = [(row["serial"], row["pk"]) for row in site.rows("item")]
    assert sorted(there) == sorted((serial, answer["id"]) for serial, answer in load.answered.items())
    assert {status for terminal in site.terminals for status in terminal.statuses} <= {200, 201}
    assert any(terminal.broken_lines for terminal in site.terminals), "nobody was at it when the web process died"


def check_every_verdict_is_there_once(site: Plant, load: Load) -> None:
    stored = Counter(row["client_key"] for row in site.rows("verdictgiven") if not row["late"])
    assert stored == Counter(look.client_key for look in load.looks if look.accepted)
    assert len(stored) == len(load.looks)


def check_every_part_is_decided_once_or_waits_for_one_person(site: Plant) -> None:
    decisions, reviews = site.rows("decision"), site.rows("review")
    first = Counter(row["item"] for row in decisions if row["supersedes"] is None)
    followed = Counter(row["supersedes"] for row in decisions if row["supersedes"] is not None)
    asked = Counter(row["item"] for row in reviews if row["state"] == "open" and row["look"] == "first")
    for item in site.rows("item"):
        state, decided, waits = item["state"], first[item["pk"]], asked[item["pk"]]
        assert (state in ("decided", "held"), decided, waits) in {(True, 1, 0), (False, 0, 1)}, item
    assert set(followed.values()) <= {1}
    assert Counter(Counter(row["item"] for row in site.rows("prediction")).values()).keys() == {1}


def check_what_was_caught_was_tried_again(site: Plant, caught: list[str]) -> None:
    attempts = {row["pk"]: row["attempts"] for row in site.rows("item")}
    assert {attempts[pk] > 1 for pk in caught} == {True}
