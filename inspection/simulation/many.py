"""Many simulated runs, each in a database of its own below a temporary folder; never in the site's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from inspection.simulation.outcome import Outcome, from_json
from inspection.simulation.plan import Plan, check

SETTINGS = "inspection.simulation.settings"

Say = Callable[[int], None]
"""Gets how many more parts are done."""


@contextmanager
def empty_database() -> Iterator[Path]:
    """A file of SQLite with all tables and no rows, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sightline-simulate-") as scratch:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
        _done(subprocess.run(command, cwd=settings.BASE_DIR, env=_environment(Path(scratch)), check=False))
        yield Path(scratch) / "sightline.sqlite3"


def many(plan: Plan, *, seeds: Sequence[int], empty: Path, processes: int, say: Say) -> list[Outcome]:
    """The outcomes of a plan under each seed, in the order of the seeds. Raises `Refused` `bad_simulation`."""
    check(plan)
    lock = threading.Lock()

    def tell(more: int) -> None:
        with lock:
            say(more)

    shares = [share for first in range(processes) if (share := seeds[first::processes])]
    with ThreadPoolExecutor(max(1, len(shares))) as pool:
        found = pool.map(lambda share: _worker(plan, share, empty, tell), shares)
        outcomes = {one.seed: one for some in found for one in some}
    return [outcomes[seed] for seed in seeds]


def _worker(plan: Plan, seeds: Sequence[int], empty: Path, say: Say) -> list[Outcome]:
    """One process works off its seeds."""
    wanted = json.dumps({"plan": asdict(plan), "seeds": list(seeds), "empty": str(empty)})
    with tempfile.TemporaryDirectory(prefix="worker-", dir=empty.parent) as scratch:
        process = subprocess.Popen(
            [sys.executable, "-m", "inspection.simulation"],
            cwd=settings.BASE_DIR,
            env=_environment(Path(scratch)),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(wanted)
        process.stdin.close()
        try:
            found = _heard(process, say)
        except BaseException:
            # Whoever stops a long simulation does not want its workers to go on.
            process.kill()
            raise
        finally:
            process.wait()
    if process.returncode:
        raise RuntimeError(f"a worker of the simulation ended with {process.returncode}; what it said stands above")
    return found


def _heard(process: subprocess.Popen[str], say: Say) -> list[Outcome]:
    """What a worker tells, line by line, until it ends."""
    assert process.stdout is not None
    found: list[Outcome] = []
    before = 0
    for line in process.stdout:
        told = json.loads(line)
        if "outcome" in told:
            found.append(from_json(told["outcome"]))
        say(told["done"] - before)
        before = 0 if "outcome" in told else told["done"]
    return found


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "SIGHTLINE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}


def _done(process: subprocess.CompletedProcess[bytes]) -> None:
    if process.returncode:
        raise RuntimeError("the simulation's tables could not be made; what went wrong stands above")
