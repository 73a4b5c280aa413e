"""supervisord's event listener: `python -m deploy.watch RUN_FOLDER PARENT_PID`.

Writes every death and return of a part to `restarts.json`, so that a page can say so, and ends everything when the
process that started it all is gone: supervisord would live on as an orphan that holds the port.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from supervisor import childutils

from deploy import restarts

# The listener itself and parts that are being stopped on purpose are no incident: those end as STOPPED.
DIED = {"PROCESS_STATE_EXITED", "PROCESS_STATE_BACKOFF", "PROCESS_STATE_FATAL"}
BACK = "PROCESS_STATE_RUNNING"


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def note(run: Path, event: str, part: str) -> None:
    if part == "watch":
        return
    if event in DIED:
        restarts.died(run, part)
    elif event == BACK:
        restarts.returned(run, part)


def main(run: Path, parent: int) -> None:
    while True:
        headers, payload = childutils.listener.wait()
        if headers["eventname"].startswith("TICK"):
            if not lives(parent):
                os.kill(os.getppid(), signal.SIGTERM)
        else:
            note(run, headers["eventname"], childutils.get_headers(payload)["processname"])
        childutils.listener.ok()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
