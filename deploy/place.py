"""Where one Sightline lives: its data folder, address and broker, read from the environment."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
PORTS_TRIED = 20
# The kernel takes 108 bytes for the path of a socket, the final zero included.
LONGEST_SOCKET_PATH = 100


class CannotStart(Exception):
    """A reason in one sentence why this Sightline cannot be started here."""


@dataclass(frozen=True)
class Place:
    """Everything that the programs of one Sightline need to know."""

    data: Path
    host: str
    port: int
    # None: bring our own Redis.
    redis_url: str | None
    workers: int

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}"

    @property
    def own_redis(self) -> Path:
        return short_socket(self.data, "redis.sock")

    @property
    def supervisor(self) -> Path:
        return short_socket(self.data, "supervisor.sock")

    @property
    def broker_url(self) -> str:
        return self.redis_url or f"redis+socket://{self.own_redis}"


def read(environ: Mapping[str, str]) -> Place:
    """Raises CannotStart where a value is wrong or the port is taken."""
    host = environ.get("SIGHTLINE_BIND", "127.0.0.1")
    return Place(
        data=Path(environ.get("SIGHTLINE_DATA") or ROOT / "data").resolve(),
        host=host,
        port=_port(environ.get("PORT"), host),
        redis_url=environ.get("REDIS_URL") or None,
        workers=_whole(environ, "SIGHTLINE_WORKERS", os.cpu_count() or 1),
    )


def short_socket(data: Path, name: str) -> Path:
    """A socket's path in the data folder, or in a private temporary one where that path would be too long."""
    wished = data / name
    if len(os.fsencode(wished)) <= LONGEST_SOCKET_PATH:
        return wished
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"sightline-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / name


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. A port in TIME_WAIT is free, as it is for the server."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _port(wished: str | None, host: str) -> int:
    if not wished:
        return _first_free(host)
    if not wished.isdecimal() or not 0 < int(wished) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {wished!r}.")
    if not is_free(host, int(wished)):
        raise CannotStart(f"Port {wished} is taken by another program: stop it, or choose another with PORT=.")
    return int(wished)


def _first_free(host: str) -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(host, port):
            return port
    raise CannotStart(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken: choose another with PORT=.")


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise CannotStart(f"{name} must be a whole number from 1, not {text!r}.")
    return int(text)
