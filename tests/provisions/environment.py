"""What must stand in the environment before Django's settings are read: a data folder and a database of the tests' own.

TEST_DATABASE=sqlite (default) or postgres chooses the database; nothing of the caller's own is ever touched.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from deploy.words import compile_all
from tests.provisions import postgres

# Where the first process of a run tells the others which PostgreSQL it started.
SHARED = "SIGHTLINE_TEST_POSTGRES"


def prepare() -> Path:
    """Called once by tests/settings.py in each process; returns the folder that is removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-"))
    atexit.register(_remove, folder, os.getpid())
    os.environ |= {
        "SIGHTLINE_DATA": str(folder / "data"),
        "SIGHTLINE_SECRET_KEY": "only for tests, where nothing is secret",
        # Nobody listens there until a test asks for the fixture `broker`.
        "REDIS_URL": f"redis+socket://{folder / 'redis.sock'}",
    }
    os.environ.pop("SIGHTLINE_DEMO_PASSWORD", None)
    compile_all()
    if os.environ.get("TEST_DATABASE", "sqlite") == "postgres":
        os.environ["DATABASE_URL"] = os.environ.get(SHARED) or _start_postgres()
    else:
        os.environ.pop("DATABASE_URL", None)
    return folder


def _start_postgres() -> str:
    os.environ[SHARED] = postgres.start()
    return os.environ[SHARED]


def _remove(folder: Path, owner: int) -> None:
    # A forked child must not remove what its parent still uses.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
