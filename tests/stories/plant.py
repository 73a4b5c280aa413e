"""A running Sightline with people and jobs, all made by the public doors, and a look into its rows at the end."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

import numpy as np
from PIL import Image
from supervisor.xmlrpc import SupervisorTransport

from deploy.place import short_socket
from inference.bundle import pack
from inference.predictors.constant import write_constant
from tests.provisions import server
from tests.provisions.server import Site
from tests.stories.terminal import Json, Terminal

PASSWORD = "a-long-enough-secret"
UNDER_WAY = ("received", "predicting")


class Plant:
    """One site; whoever it hires keeps the statuses of all answers, and none of them may be a server's own failure."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.terminals: list[Terminal] = []
        site.manage("createsuperuser", "--noinput", "--username", "admin", "--email", "admin@example.org")
        self.admin = self.log_in("admin")

    def log_in(self, username: str) -> Terminal:
        """One more desk of this person."""
        terminal = Terminal(self.site.address, username, PASSWORD)
        self.terminals.append(terminal)
        return terminal

    def hire(self, job: str, username: str, role: str = "inspector") -> Terminal:
        self.admin.post("/people/", {"username": username, "password": PASSWORD})
        self.admin.post(f"/jobs/{job}/members/", {"username": username, "role": role})
        return self.log_in(username)

    def open_job(self, slug: str, *, level: str, score: float | None = None, **policy: Any) -> str:
        """An advisory job on this level; with a score it has a model that gives every part that one."""
        labels = [{"code": "dent", "name": "Dent", "severity": "major", "critical": False}]
        # Second looks that chance asks for would come as they please: a story counts its looks.
        policy = {"accept_at": 0.2, "reject_at": 0.8, "double_share": 0, "recheck_share": 0, "seed_share": 0, **policy}
        job = {"slug": slug, "name": slug, "labels": labels, "level": level, "gate": "advisory", "policy": policy}
        self.admin.post("/jobs/", job)
        if score is not None:
            folder = self.site.data / f"bundle-{slug}"
            write_constant(folder, labels=["dent"], score=score)
            self.admin.ask("POST", f"/jobs/{slug}/models/", files={"bundle": ("bundle.zip", pack(folder))})
        return slug

    def nothing_under_way(self, job: str) -> bool:
        return not any(self.admin.parts(job, state=state) for state in UNDER_WAY)

    def events(self, part: Json, kind: str) -> list[Json]:
        rows = self.admin.get(f"/items/{part['id']}/history/")["results"]
        return [row for row in rows if row["kind"] == kind]

    def rows(self, *tables: str) -> list[Json]:
        """What really lies in these tables, read past the product's own reading."""
        told = self.site.manage("dumpdata", *(f"inspection.{table}" for table in tables))
        return [{"table": row["model"], "pk": row["pk"], **row["fields"]} for row in json.loads(told)]

    def readiness(self) -> tuple[int, Json]:
        try:
            with urllib.request.urlopen(f"{self.site.address}/readyz", timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    @property
    def supervisor(self) -> Any:
        transport = SupervisorTransport("", "", f"unix://{short_socket(self.site.data, 'supervisor.sock')}")
        return ServerProxy("http://127.0.0.1", transport).supervisor  # type: ignore[arg-type]

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """A part is switched off; it comes back at the end."""
        self.supervisor.stopProcess(part)
        try:
            yield
        finally:
            self.supervisor.startProcess(part, False)
            server.wait_until(lambda: self.readiness()[0] == 200, seconds=90)

    def failures(self) -> list[str]:
        """Answers by which the server says that it has failed."""
        return [line for terminal in self.terminals for line in terminal.refused if ": 5" in line]


@contextmanager
def running(folder: Path) -> Iterator[Plant]:
    with server.running(folder / "site", DJANGO_SUPERUSER_PASSWORD=PASSWORD) as site:
        plant = Plant(site)
        yield plant
        for terminal in plant.terminals:
            terminal.close()
        assert plant.failures() == []


def picture(number: int, *, size: int = 48) -> bytes:
    """A drawn part that is fit to be judged; another one for each number."""
    pixels = np.random.default_rng(number).integers(90, 166, (size, size, 3)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def until(found: Callable[[], Any], *, seconds: float = 60) -> Any:
    """Asks again and again; what came, once it is something."""
    deadline = time.monotonic() + seconds
    while not (come := found()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.1)
    return come
