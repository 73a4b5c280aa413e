"""Without broker, or without workers, the line runs on: parts go to people within the job's patience, and it is said.

On one database only: what is missing here is not the database.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator

import pytest
import requests

from inspection.bell import PAUSE_SECONDS
from tests.stories import plant
from tests.stories.plant import PASSWORD, Plant, picture, until
from tests.stories.terminal import Json

JOB = "covers"
PARTS = 8
BROKER_AWAY = "The message broker (Redis) cannot be reached: parts go to people as human only."
WORKERS_AWAY = "No AI worker answers: parts go to people as human only."


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """A site with a job at full automation whose AI is sure of everything, and which waits two seconds for it."""
    with plant.running(tmp_path_factory.mktemp("line")) as site:
        site.open_job(JOB, level="full", score=0.1, blind_share=0.01, patience_seconds=2)
        site.hire(JOB, "manager", "manager")
        yield site


def send(line: Plant, name: str) -> list[Json]:
    return [line.admin.send(JOB, f"{name}-{number}", picture(number)) for number in range(PARTS)]


def reasons(line: Plant, parts: list[Json]) -> set[str]:
    """Why these parts went where they went, but for the hundredth that is always drawn for the blind share."""
    return {str(row["reason"]) for part in parts for row in line.events(part, "route")} - {"blind"}


def waiting(line: Plant, parts: list[Json]) -> bool:
    return [line.admin.get(f"/items/{part['id']}/")["state"] for part in parts] == ["waiting"] * len(parts)


def not_ready(line: Plant) -> set[str]:
    status, told = line.readiness()
    away = {part["name"] for part in told["parts"] if not part["works"]}
    assert (status == 503) == bool(away)
    return away


def page(line: Plant) -> str:
    """The page of the job as its manager has it on the screen."""
    with requests.Session() as browser:
        address = f"{line.site.address}/log-in/"
        hidden = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(address).text)
        assert hidden
        who = {"username": "manager", "password": PASSWORD, "csrfmiddlewaretoken": hidden[1]}
        browser.post(address, data=who).raise_for_status()
        return browser.get(f"{line.site.address}/jobs/{JOB}/").text


def test_without_broker_parts_reach_people_and_everybody_is_told_why(line: Plant) -> None:
    with line.without("redis"):
        parts = send(line, "no-broker")
        until(lambda: waiting(line, parts))
        assert reasons(line, parts) == {"late"}
        assert "broker" in not_ready(line)
        until(lambda: BROKER_AWAY in page(line))
    assert line.admin.statuses.count(201) >= PARTS
    looked = line.log_in("manager").work_off(JOB)
    assert {part["serial"] for part in parts} <= {look.serial for look in looked if look.accepted}


def test_bursts_of_parts_pay_for_the_missing_broker_once(line: Plant) -> None:
    log = line.site.data / "logs" / "web.log"
    with line.without("redis"):
        before, begun = log.read_text().count("broker cannot be reached"), time.monotonic()
        bursts = (send(line, f"burst-{number}") for number in itertools.count())
        tries = until(lambda: next(bursts) and log.read_text().count("broker cannot be reached") - before)
        assert tries <= 1 + (time.monotonic() - begun) // PAUSE_SECONDS


def test_without_workers_parts_reach_people_and_everybody_is_told_why(line: Plant) -> None:
    with line.without("worker"):
        parts = send(line, "no-workers")
        until(lambda: waiting(line, parts))
        assert reasons(line, parts) == {"late"}
        until(lambda: not_ready(line) == {"workers"})
        until(lambda: WORKERS_AWAY in page(line))


def test_a_step_down_to_people_does_not_wait_for_the_ai_that_is_away(line: Plant) -> None:
    job = line.open_job("patient", level="shadow", score=0.1, patience_seconds=3600)
    with line.without("worker"):
        part = line.admin.send(job, "patient-1", picture(1))
        assert part["state"] == "received"
        line.admin.post(f"/jobs/{job}/level/", {"level": "human_only", "reason": "the AI is away"})
        assert waiting(line, [part])


def test_what_was_away_and_is_back_decides_again(line: Plant) -> None:
    bursts = (send(line, f"again-{number}") for number in itertools.count())
    until(lambda: "ai_sure" in reasons(line, next(bursts)))
