"""Train a model for a job in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from inference import pictures
from inspection.models import Job, ModelVersion
from inspection.queries.jobs import label_codes
from inspection.queries.training import blind_examples
from inspection.refused import Refused
from inspection.sentences import Sentence


@dataclass(frozen=True)
class Imported:
    """A picture outside the job whose verdict is known; `target` is the probability, 0..1, that it is NG.

    Between 0 and 1 it tells how much the experts doubted.
    """

    path: Path
    target: float
    lot: str
    labels: tuple[str, ...] = ()


Progress = Callable[[dict[str, Any]], None]
"""Gets `{stage, done, total, seconds_left}` each time the child has something to tell."""


@contextmanager
def train_model(
    *,
    job: Job,
    imported: Iterable[Imported] = (),
    backbone: str = "",
    on_progress: Progress = lambda _: None,
) -> Iterator[Path]:
    """Train on the job's blind verdicts and the imported ones; gives the folder of the bundle, gone again afterwards.

    Raises `Refused` in words when training cannot work: one class only, no bad picture in validation, and so on.
    """
    with tempfile.TemporaryDirectory(prefix="training-", dir=_room()) as scratch:
        folder = Path(scratch)
        _write_dataset(folder / "dataset.jsonl", job, imported)
        command = [
            sys.executable, "-m", "inference", "train", str(folder / "dataset.jsonl"),
            "--out", str(folder / "bundle"), "--name", _name(job),
            "--labels", ",".join(label_codes(job)), "--progress", "json",
            *(["--backbone", backbone] if backbone else []),
        ]  # fmt: skip
        _run(command, on_progress)
        yield folder / "bundle"


def _name(job: Job) -> str:
    """By its job and number: reports set the models of several jobs side by side."""
    return f"{job.slug}-{ModelVersion.objects.filter(job=job).count() + 1}"


def _room() -> Path:
    """Beside the bundles, where there is room for one, and not in a memory file system under /tmp."""
    settings.BUNDLES.mkdir(parents=True, exist_ok=True)
    return Path(settings.BUNDLES)


def _write_dataset(path: Path, job: Job, imported: Iterable[Imported]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in blind_examples(job):
            path = Path(default_storage.path(row.picture))
            _write_line(out.write, Imported(path, row.target, row.lot, row.labels), key=row.digest)
        for known in imported:
            _write_line(out.write, known, key=_digest(known.path))


def _write_line(write: Callable[[str], int], known: Imported, *, key: str) -> None:
    """With the digest as its key: by a path, what a model is like later would lead nowhere and tell of this machine."""
    line = {"path": str(known.path.resolve()), "target": known.target, "lot": known.lot, "key": key}
    write(json.dumps(line | {"labels": list(known.labels)}) + "\n")


def _digest(path: Path) -> str:
    try:
        return pictures.stored_digest(path.read_bytes())
    except OSError:
        return path.name  # training says of all at once which cannot be read


def _run(command: list[str], on_progress: Progress) -> None:
    """Run the child, pass its progress on, and turn its refusal into ours."""
    last: dict[str, Any] = {}
    with tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=complaints, text=True)
        assert child.stdout is not None
        try:
            for line in child.stdout:
                last = _event(line) or last
                if last.get("event") == "progress":
                    on_progress(last)
            code = child.wait()
        finally:
            # Whoever interrupts the training must not leave the child behind at full load.
            child.kill()
            child.wait()
        if last.get("event") == "refused":
            raise Refused(last["code"], last["detail"])
        if code != 0 or last.get("event") != "done":
            complaints.seek(0)
            raise Refused(
                "training_failed",
                Sentence("Training ended with code {code}: {why}", code=code, why=complaints.read()[-2000:]),
            )


def _event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None
