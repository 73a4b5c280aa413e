"""`manage.py up`, as a newcomer starts it: every part real, under its supervisor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from deploy import restarts
from tests.provisions import server
from tests.provisions.server import Site

WEB_MEGABYTES = 150
WORD = "made-for-the-first-admin"
PARTS = ("redis", "worker", "sweeper", "beat", "web")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for the tests that leave it standing: a start takes ten seconds."""
    with server.running(tmp_path_factory.mktemp("standing") / "site", DJANGO_SUPERUSER_PASSWORD=WORD) as one:
        yield one


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own; how it ends is the same on every database, so it runs on one only."""
    with server.running(tmp_path / "site") as one:
        yield one


def post(site: Site, path: str, body: dict[str, object], *, token: str = "") -> dict[str, str]:
    headers = {"Authorization": f"Token {token}"} if token else {}
    answer = requests.post(f"{site.address}/api/v1/{path}", json=body, headers=headers, timeout=30)
    assert answer.ok, answer.text
    return dict(answer.json())


def processes(site: Site) -> list[psutil.Process]:
    return [psutil.Process(site.pid(part)) for part in PARTS]


def test_a_part_that_is_killed_comes_back_and_is_written_down(standing: Site) -> None:
    before = {part: standing.pid(part) for part in PARTS}
    standing.kill("beat")
    server.wait_until(lambda: [row.part for row in restarts.read(standing.data / "run") if row.back_at] == ["beat"])
    assert {part for part in PARTS if standing.pid(part) != before[part]} == {"beat"}


def test_ctrl_c_stops_every_part_and_is_no_failure(ending: Site) -> None:
    running = processes(ending)
    assert ending.stop() == 0
    assert [process for process in running if process.is_running()] == []
    assert "nothing was lost" in (ending.data / "up.log").read_text()


def test_when_its_starter_is_killed_everything_ends(ending: Site) -> None:
    running = processes(ending)
    ending.process.kill()
    ending.process.wait()
    server.wait_until(lambda: not any(process.is_running() for process in running), seconds=60)


def refused(site: Site, *arguments: str) -> str:
    """The one sentence with which a command ends."""
    command = [sys.executable, "manage.py", *arguments]
    environ = {**site.environ, "PORT": str(server.free_port())}
    told = subprocess.run(command, cwd=server.ROOT, env=environ, capture_output=True, text=True)
    assert told.returncode == 1, told.stdout
    return told.stderr.strip()


def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(standing: Site) -> None:
    sentence = f"A Sightline already runs on {standing.data}: stop it, or choose SIGHTLINE_DATA=."
    assert refused(standing, "up") == f"CommandError: {sentence}"


def test_a_site_that_runs_is_backed_up_and_not_restored_over(standing: Site, tmp_path: Path) -> None:
    assert "site.tar" in standing.manage("backup", str(tmp_path / "site.tar"))
    assert "already runs" in refused(standing, "restore", str(tmp_path / "site.tar"), "--replace")


def test_the_web_process_is_small_when_idle(standing: Site) -> None:
    (worker,) = psutil.Process(standing.pid("web")).children()
    urllib.request.urlopen(f"{standing.address}/log-in/").close()
    time.sleep(0.5)
    assert worker.memory_info().rss < WEB_MEGABYTES * 1024 * 1024


def test_every_part_is_well_by_name(standing: Site) -> None:
    with urllib.request.urlopen(f"{standing.address}/readyz") as answer:
        told = json.load(answer)
    assert told["ready"]
    assert [part["name"] for part in told["parts"]] == ["database", "broker", "workers", "sweeper", "model"]


def test_the_first_admin_is_made_as_the_start_says_and_can_make_jobs(standing: Site) -> None:
    server.wait_until(lambda: "manage.py createsuperuser" in (standing.data / "up.log").read_text())
    standing.manage("createsuperuser", "--noinput", "--username=first", "--email=")
    token = post(standing, "token/", {"username": "first", "password": WORD})["token"]
    labels = [{"code": "dent", "name": "Dent", "severity": "major", "critical": False}]
    made = post(standing, "jobs/", {"slug": "doors", "name": "Doors", "labels": labels}, token=token)
    assert made["slug"] == "doors"
