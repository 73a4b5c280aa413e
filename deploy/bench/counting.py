"""What counting, detectors and summaries add to the CPU of a verdict: the same server with and without them."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil
import requests
from django.utils import timezone
from rest_framework.authtoken.models import Token

from deploy.bench.server import running
from deploy.bench.verdicts import cpu_seconds
from inspection import walk
from inspection.acts.simulate import take_in_simulated
from inspection.models import Job, Person
from inspection.simulation.plan import Plan, Rates
from inspection.simulation.run import SimulatedAI, asking, one_picture, simulated_job, simulated_people
from inspection.simulation.stream import Made, stream

ROUNDS, AT_ONCE, WARM = 20, 30, 60
"""Measured in turns: other work on the machine then weighs on both alike. The mean is taken, since the system counts
CPU in hundredths of a second, and a median of thirty verdicts knows thirds of a millisecond alone."""
MOST = 1.30

Say = Callable[[str], None]


@dataclass(frozen=True)
class Counting:
    """CPU of the server for one verdict in shadow, in milliseconds: as it is, and with nothing counted."""

    with_ms: float
    without_ms: float

    @property
    def ratio(self) -> float:
        return self.with_ms / self.without_ms

    @property
    def holds(self) -> bool:
        return self.ratio <= MOST


def measure(*, say: Say) -> Counting:
    """Each lot has three parts, so that every verdict moves the figures: the dearest case."""
    plan = Plan(parts=WARM + 2 * ROUNDS * AT_ONCE, per_day=500, lot=3, ai=Rates(0, 0, 0), inspectors=1)
    people = simulated_people(plan)
    job = simulated_job(plan, seed=1, people=people)
    say(f"taking in {plan.parts} parts")
    _take_in(job, plan)
    with running() as (address, server):
        one = _Inspector(address, people["inspectors"][0], job)
        one.answer(one.ask(AT_ONCE))
        say("verdicts, counted and not")
        rounds = [(_cpu_ms(server, one, counted=True), _cpu_ms(server, one, counted=False)) for _ in range(ROUNDS)]
    counted, plain = zip(*rounds, strict=True)
    return Counting(with_ms=round(statistics.fmean(counted), 2), without_ms=round(statistics.fmean(plain), 2))


def _take_in(job: Job, plan: Plan) -> None:
    made = list(stream(plan, seed=1, begins=timezone.now()))
    ai, stored = SimulatedAI(), one_picture()
    ai.said = {str(one.part.id): one.score for one in made}
    with asking(ai):
        for start in range(0, len(made), AT_ONCE):
            _walk(job, made[start : start + AT_ONCE], stored)


def _walk(job: Job, made: list[Made], stored: str) -> None:
    ids = [str(one.part.id) for one in made]
    take_in_simulated(job=job, parts=[one.part for one in made], stored=stored, now=timezone.now())
    while walk.predict_and_advance(ids):
        pass


class _Inspector:
    def __init__(self, address: str, person: Person, job: Job) -> None:
        self._address, self._job = address, job.slug
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Token {Token.objects.create(user=person).key}"

    def count(self, *, on: bool) -> None:
        self._post("/bench/counting/", {"on": True} if on else {})

    def ask(self, hold: int) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = self._post(f"/api/v1/jobs/{self._job}/reviews/next/", {"hold": hold})["reviews"]
        return held

    def answer(self, held: list[dict[str, Any]]) -> None:
        for review in held:
            answer = {"lease": review["lease"], "client_key": str(uuid.uuid4()), "verdict": "OK", "seconds": 1.0}
            self._post(f"/api/v1/reviews/{review['id']}/verdict/", answer)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._session.post(f"{self._address}{path}", json=body, timeout=60)
        answer.raise_for_status()
        read: dict[str, Any] = answer.json()
        return read


def _cpu_ms(server: psutil.Process, one: _Inspector, *, counted: bool) -> float:
    one.count(on=counted)
    held = one.ask(AT_ONCE)
    before = cpu_seconds(server)
    one.answer(held)
    return 1000 * (cpu_seconds(server) - before) / len(held)
