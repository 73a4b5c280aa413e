"""What `next` and `verdict` cost the server, against the same server answering an authenticated empty view."""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psutil
import requests
from django.utils import timezone
from rest_framework.authtoken.models import Token

from deploy.bench.server import running
from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.create_job import NewJob, create_job
from inspection.acts.create_person import create_person
from inspection.demo import covers
from inspection.demo.parts import drawn_covers
from inspection.journey.intake import Incoming
from inspection.models import Item, Job, Person
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import MemberRole, Source, State

ROUNDS, CALLS = 5, 60
"""Measured in turns, and the median taken: other work on the machine then weighs on both alike."""
NOTHINGS = 5
"""Empty calls for each pair: the system counts CPU in hundredths of a second."""
CROWDS = (10, 50)
LOOKS = 600
"""Parts that a crowd works off."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Verdicts:
    """CPU of the server's processes in milliseconds a call; `crowds`: inspectors at once -> what went wrong."""

    nothing_ms: float
    pair_ms: float
    idle_mb: float
    crowds: dict[int, dict[str, float]]

    @property
    def ratio(self) -> float:
        return self.pair_ms / self.nothing_ms


def measure(*, say: Say) -> Verdicts:
    job, people = _cast(max(CROWDS))
    tokens = [Token.objects.create(user=person).key for person in people]
    with running() as (address, server):
        idle = _memory_mb(server)
        _fill(job, ROUNDS * CALLS + 20, 0)
        one = _Inspector(address, tokens[0], job.slug)
        for _ in range(20):
            one.nothing()
            one.look()
        say("one inspector")
        nothing, pair = _in_turns(server, one)
        crowds = {}
        for size in CROWDS:
            say(f"{size} inspectors at once")
            crowds[size] = _crowd(job, address, tokens[:size])
    return Verdicts(nothing_ms=nothing, pair_ms=pair, idle_mb=idle, crowds=crowds)


def _cast(size: int) -> tuple[Job, list[Person]]:
    admin = create_person(username="verdict-admin", password="bench", weak=True)  # noqa: S106  lives for minutes
    # Each part is looked at once, so that a part that comes twice is a fault.
    policy = JobPolicy(double_share=0, recheck_share=0, seed_share=0)
    job = create_job(new=NewJob(slug="verdicts", name="Verdicts", policy=policy), by=admin, now=timezone.now())
    people = [create_person(username=f"eye-{n:02d}", password="bench", weak=True) for n in range(size)]  # noqa: S106
    for person in people:
        add_member(job=job, username=person.username, role=MemberRole.INSPECTOR)
    return job, people


def _fill(job: Job, parts: int, start: int) -> None:
    """Parts of one picture under many serials: what is measured here does not look at pictures."""
    data = next(iter(drawn_covers(start=0, stop=1, defect_rate=0.0))).data
    for number in range(start, start + parts):
        incoming = Incoming(data=data, serial=f"V{number:06d}", lot=f"L{number // covers.LOT_SIZE}")
        walk.take_in(job=job, incoming=incoming, source=Source.FOLDER, by=None)


class _Inspector:
    def __init__(self, address: str, token: str, job: str) -> None:
        self._address, self._job = address, job
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Token {token}"

    def nothing(self) -> None:
        self._post("/bench/nothing/", {})

    def look(self) -> str | None:
        """Ask for one review and answer it; the serial, None when there was nothing."""
        held = self._post(f"/api/v1/jobs/{self._job}/reviews/next/", {"hold": 1})["reviews"]
        if not held:
            return None
        review = held[0]
        answer = {"lease": review["lease"], "client_key": str(uuid.uuid4()), "verdict": "OK", "seconds": 1.0}
        self._post(f"/api/v1/reviews/{review['id']}/verdict/", answer)
        return str(review["serial"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._session.post(f"{self._address}{path}", json=body, timeout=60)
        answer.raise_for_status()
        read: dict[str, Any] = answer.json()
        return read


def _in_turns(server: psutil.Process, one: _Inspector) -> tuple[float, float]:
    rounds = [(_cpu_ms(server, one.nothing, NOTHINGS * CALLS), _cpu_ms(server, one.look, CALLS)) for _ in range(ROUNDS)]
    nothings, pairs = zip(*rounds, strict=True)
    return statistics.median(nothings), statistics.median(pairs)


def _cpu_ms(server: psutil.Process, call: Callable[[], object], times: int) -> float:
    before = cpu_seconds(server)
    for _ in range(times):
        call()
    return 1000 * (cpu_seconds(server) - before) / times


def cpu_seconds(server: psutil.Process) -> float:
    """CPU that a process and all below it have used so far."""
    family = [server, *server.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def _memory_mb(server: psutil.Process) -> float:
    """Resident memory of the largest process, idle."""
    return max(process.memory_info().rss for process in [server, *server.children(recursive=True)]) / 1e6


def _crowd(job: Job, address: str, tokens: list[str]) -> dict[str, float]:
    start = Item.objects.filter(job=job).count()
    _fill(job, LOOKS, start)
    served: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    lock = threading.Lock()

    def work(token: str) -> None:
        inspector = _Inspector(address, token, job.slug)
        try:
            while serial := inspector.look():
                with lock:
                    served[serial] += 1
        except requests.RequestException as error:
            with lock:
                errors[str(error)[:200]] += 1

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(tokens)) as pool:
        list(pool.map(work, tokens))
    seconds = time.perf_counter() - begun
    left = Item.objects.filter(job=job).exclude(state=State.DECIDED).count()
    doubled = sum(count - 1 for count in served.values())
    return {"double": doubled, "errors": sum(errors.values()), "left": left, "pairs_per_second": round(LOOKS / seconds)}
