"""The production server, started for a measurement and stopped behind it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import requests
from django.conf import settings


@contextmanager
def running() -> Iterator[tuple[str, psutil.Process]]:
    """The production server as `make run` starts it, with one page more: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "inspection.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class",
            "gthread", "--workers", "1", "--threads", "24", "--log-level", "error",
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "deploy.bench.settings"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            requests.get(f"{address}/healthz", timeout=2).raise_for_status()
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not come up within a minute")
