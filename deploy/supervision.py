"""Starts supervisord as a child, waits until the site is ready, and stops it so that nothing in hand is lost."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy import restarts
from deploy.place import ROOT, CannotStart, Place
from deploy.programs import configuration

READY_SECONDS = 90.0
# What the longest part may take to stop, and a little.
STOP_SECONDS = 120.0


@contextmanager
def only_one(place: Place) -> Iterator[None]:
    """Holds the data folder: two supervisors on one folder would run every part twice."""
    place.run.mkdir(parents=True, exist_ok=True)
    with (place.run / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"A Sightline already runs on {place.data}: stop it, or choose SIGHTLINE_DATA=."
            ) from None
        _wait_for_orphan(place)
        yield


def start(place: Place) -> subprocess.Popen[bytes]:
    """supervisord in a session of its own: Ctrl-C in the terminal reaches us alone, and we stop it in order."""
    place.logs.mkdir(parents=True, exist_ok=True)
    restarts.forget(place.run)
    file = place.run / "supervisord.conf"
    file.write_text(configuration(place, parent=os.getpid()))
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]
    output = (place.logs / "supervisord.out").open("wb")
    with output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(place),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Web first, broker last; each part ends what it has in hand."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def missing(place: Place) -> Mapping[str, Any] | None:
    """What `/readyz` does not yet call well; None when all is ready, `{"web": ...}` while nobody answers."""
    try:
        with urllib.request.urlopen(f"{place.address}/readyz", timeout=5):  # noqa: S310 - our own address
            return None
    except urllib.error.HTTPError as answer:
        return _not_well(answer.read())
    except OSError as error:
        return {"web": str(error)}


def wait_until_ready(place: Place, process: subprocess.Popen[bytes]) -> Mapping[str, Any] | None:
    """Waits at most READY_SECONDS; returns what is still missing then. CannotStart when supervisord ended."""
    deadline = time.monotonic() + READY_SECONDS
    while lacking := missing(place):
        if process.poll() is not None:
            raise CannotStart(f"The parts could not be started; see {place.logs / 'supervisord.out'}.")
        if time.monotonic() > deadline:
            return lacking
        time.sleep(0.25)
    return None


def follow(place: Place, process: subprocess.Popen[bytes]) -> Iterator[str]:
    """One line for each part that dies or comes back, until supervisord ends."""
    known = set(restarts.read(place.run))
    while process.poll() is None:
        for row in restarts.read(place.run):
            if row not in known:
                known.add(row)
                yield f"{row.part} is back since {row.back_at}" if row.back_at else f"{row.part} died at {row.died_at}"
        time.sleep(1)


def _environment(place: Place) -> dict[str, str]:
    return {
        **os.environ,
        "SIGHTLINE_DATA": str(place.data),
        "REDIS_URL": place.broker_url,
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _not_well(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {"web": "answers, but not in words"}
    return told if isinstance(told, dict) and told else {"web": "answers, but not in words"}


def _wait_for_orphan(place: Place) -> None:
    """After a kill -9 of `up` its supervisord stops by itself within seconds; starting beside it would double it."""
    deadline = time.monotonic() + STOP_SECONDS
    while _answers(place.supervisor):
        if time.monotonic() > deadline:
            raise CannotStart(f"The parts of an earlier start do not stop; see {place.logs / 'supervisord.log'}.")
        time.sleep(0.5)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        return door.connect_ex(str(path)) == 0
