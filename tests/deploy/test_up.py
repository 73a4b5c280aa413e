"""`manage.py up`, as a newcomer starts it: every part real, under its supervisor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from deploy import restarts
from tests.provisions import server
from tests.provisions.server import Site

WEB_MEGABYTES = 150


def parts(site: Site) -> dict[str, int]:
    return {name: site.pid(name) for name in ("redis", "worker", "sweeper", "beat", "web")}


def test_a_part_that_is_killed_comes_back_and_is_written_down(site: Site) -> None:
    others = {name: pid for name, pid in parts(site).items() if name != "web"}
    site.kill("web")
    server.wait_until(lambda: [row.part for row in restarts.read(site.data / "run") if row.back_at] == ["web"])
    assert {name: pid for name, pid in parts(site).items() if name != "web"} == others
    with urllib.request.urlopen(f"{site.address}/healthz") as answer:
        assert answer.status == 200


def test_ctrl_c_stops_every_part_and_is_no_failure(site: Site) -> None:
    running = [psutil.Process(pid) for pid in parts(site).values()]
    assert site.stop() == 0
    assert [process for process in running if process.is_running()] == []
    assert "nothing was lost" in (site.data / "up.log").read_text()


def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(site: Site) -> None:
    second = {**site.environ, "PORT": str(server.free_port())}
    told = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=server.ROOT, env=second, capture_output=True, text=True
    )
    assert (told.returncode, told.stderr.strip()) == (
        1, f"CommandError: A Sightline already runs on {site.data}: stop it, or choose SIGHTLINE_DATA=."
    )  # fmt: skip


def test_when_its_starter_is_killed_everything_ends(site: Site) -> None:
    running = [psutil.Process(pid) for pid in parts(site).values()]
    site.process.kill()
    site.process.wait()
    server.wait_until(lambda: not any(process.is_running() for process in running), seconds=60)


def test_the_web_process_is_small_when_idle(site: Site) -> None:
    (worker,) = psutil.Process(site.pid("web")).children()
    urllib.request.urlopen(f"{site.address}/log-in/").close()
    time.sleep(0.5)
    assert worker.memory_info().rss < WEB_MEGABYTES * 1024 * 1024


def test_every_part_is_well_by_name(site: Site) -> None:
    with urllib.request.urlopen(f"{site.address}/readyz") as answer:
        assert {"database", "broker", "workers", "sweeper", "model"} <= set(json.dumps(json.load(answer)).split('"'))


def test_nobody_can_log_in_yet_is_said_where_there_are_no_people(tmp_path: Path) -> None:
    with server.running(tmp_path / "empty") as site:
        server.wait_until(lambda: "createsuperuser" in (site.data / "up.log").read_text())
