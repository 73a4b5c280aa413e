"""The whole product as a newcomer starts it: `manage.py up` on a free port and a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from deploy.place import short_socket
from tests.provisions import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """A running Sightline."""

    address: str
    data: Path
    environ: dict[str, str]
    process: subprocess.Popen[str]

    def manage(self, *arguments: str) -> str:
        """Runs a management command on this site's data; returns what it said."""
        command = [sys.executable, "manage.py", *arguments]
        told = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def pid(self, part: str) -> int:
        """The process of a part, 0 while it is not running."""
        path = short_socket(self.data, "supervisor.sock")
        transport = SupervisorTransport("", "", f"unix://{path}")
        return int(ServerProxy("http://127.0.0.1", transport).supervisor.getProcessInfo(part)["pid"])  # type: ignore[index, arg-type, call-overload]

    def kill(self, part: str) -> None:
        """As `kill -9`, and waits until the supervisor has it back."""
        before = self.pid(part)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pid(part) not in (0, before))

    def stop(self) -> int:
        """As Ctrl-C in the terminal; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    """Asks ten times a second; fails the test when it never came true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.1)


def environment(data: Path, **more: str) -> dict[str, str]:
    """A newcomer's environment: nothing that the tests set for themselves, a broker of the site's own."""
    ours = ("SIGHTLINE_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "TEST_DATABASE", "PORT", "PYTEST_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**inherited, "SIGHTLINE_DATA": str(data), "PORT": str(free_port()), "DEMO": "none", **more}


@contextmanager
def running(data: Path, **more: str) -> Iterator[Site]:
    """A site on SQLite below `data`, or on a fresh database where the tests run on PostgreSQL."""
    with ExitStack() as stack:
        environ = environment(data, **more)
        if server := os.environ.get("SIGHTLINE_TEST_POSTGRES"):
            environ["DATABASE_URL"] = stack.enter_context(postgres.fresh_database(server))
        data.mkdir(parents=True, exist_ok=True)
        log = stack.enter_context((data / "up.log").open("w"))
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=environ, stdout=log, stderr=log, text=True
        )
        site = Site(f"http://127.0.0.1:{environ['PORT']}", data, environ, process)
        try:
            _wait_for(site)
            yield site
        finally:
            if process.poll() is None:
                site.stop()


def _wait_for(site: Site) -> None:
    def ready() -> bool:
        told = (site.data / "up.log").read_text()
        assert site.process.poll() is None, told
        try:
            with urllib.request.urlopen(f"{site.address}/readyz", timeout=5):
                return True
        except OSError:
            return False

    wait_until(ready, seconds=READY_SECONDS)
