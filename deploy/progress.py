"""Runs a quiet installer and shows that it lives. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

STEP = re.compile(
    r"^\s*(Collecting|Downloading|Installing collected packages|Building|Setting up|Unpacking)\b:?\s*(\S+)?"
)
# One line a step would scroll a log away; one line every few seconds shows that it moves.
LOG_EVERY_SECONDS = 5.0


class SetupFailed(Exception):
    """An installation that could not be made, told in words."""


def watch(what: str, command: Sequence[str | Path]) -> None:
    """Runs `command`, showing its latest step and the seconds so far; raises SetupFailed with its last lines."""
    started = time.monotonic()
    tail: deque[str] = deque(maxlen=30)
    shown = _Shown(what, started)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while True:
                if ready.select(timeout=1.0):
                    # Not readline(): lines it has buffered are invisible to select(), and the display lags behind.
                    chunk = os.read(process.stdout.fileno(), 65536)
                    if not chunk:
                        break
                    lines = chunk.decode(errors="replace").splitlines()
                    tail.extend(lines)
                    shown.steps_in(lines)
                shown.tick()
    shown.close(process.returncode == 0)
    if process.returncode:
        raise SetupFailed(f"{what} could not be installed:\n" + "\n".join(tail))


class _Shown:
    """One line that rewrites itself on a terminal, and a few lines in a log."""

    def __init__(self, what: str, started: float) -> None:
        self.what, self.started = what, started
        self.latest, self.steps = "", 0
        self.live = sys.stdout.isatty()
        self.told = started

    def steps_in(self, lines: Sequence[str]) -> None:
        for found in filter(None, map(STEP.match, lines)):
            self.steps += 1
            self.latest = "unpacking" if found[1] == "Installing collected packages" else str(found[2] or "")

    def tick(self) -> None:
        now = time.monotonic()
        text = f"setup: {self.what}, step {self.steps}, {now - self.started:.0f} s  {self.latest[:60]}"
        if self.live:
            sys.stdout.write(f"\r\x1b[K{text}")
        elif now - self.told > LOG_EVERY_SECONDS:
            sys.stdout.write(f"{text}\n")
            self.told = now
        sys.stdout.flush()

    def close(self, worked: bool) -> None:
        end = "done" if worked else "failed"
        start = "\r\x1b[K" if self.live else ""
        print(f"{start}setup: {self.what} {end} in {time.monotonic() - self.started:.0f} s", flush=True)
