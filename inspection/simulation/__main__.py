"""One worker of a simulation: reads from its standard input what to run, and writes a line of JSON for each bit done.

Started by `many`, in a data folder of its own.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django


def main() -> None:
    django.setup()
    wanted = json.load(sys.stdin)
    _simulate(wanted)


def _simulate(wanted: dict[str, Any]) -> None:
    # After the setup: tables cannot be imported before it.
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from inspection.bell import bell  # noqa: PLC0415
    from inspection.simulation.plan import Plan  # noqa: PLC0415
    from inspection.simulation.run import run  # noqa: PLC0415

    bell.mute()
    plan = Plan.from_json(wanted["plan"])
    for seed in wanted["seeds"]:
        connection.close()
        # Each run begins with empty tables, or the last ones would be slower than the first.
        shutil.copyfile(wanted["empty"], Path(settings.DATA) / "sightline.sqlite3")
        found = run(plan, seed=seed, say=_tell_done)
        _tell(done=plan.parts, outcome=asdict(found))


def _tell_done(done: int, _total: int) -> None:
    _tell(done=done)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
