"""The two demonstration jobs: what they are, what their models learn from, and how their parts are replayed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.demo import book
from inspection.demo.parts import Part, drawn_covers, solar_cells, write_known
from inspection.demo.people import CAST, SIMULATED, SIMULATED_MANAGER, cast
from inspection.demo.story import Chapter, Parts, Say, Story
from inspection.models import Job, Person
from inspection.vocabulary import Gate, Level, MemberRole, Severity
from inspection.walk import change_job


@dataclass(frozen=True)
class Demonstration:
    """One demonstration job."""

    slug: str
    name: str
    labels: tuple[NewLabel, ...]
    learn: Callable[[], Iterator[Part]]
    parts: Parts
    replay_from: int
    chapters: tuple[Chapter, ...]
    ends_on: int
    """So many parts wait for whoever comes, on the level that the job has come to."""
    book: Callable[..., None] | None = None
    """Fills the job's label book, given `job` and `by`."""
    thresholds: tuple[float, float] | None = None
    """What the manager has set instead of what the model suggests, before anything was proven."""
    days: int | None = None
    """So long ago its first part was captured, others after it at `PER_DAY`; such a job counts by that time."""


PER_DAY = 150
LOT = 3
"""Of one lot three parts count as evidence; lots of three prove most with the fewest pictures."""


def _usual(start: int, stop: int) -> Iterator[Part]:
    return drawn_covers(start=start, stop=stop, defect_rate=0.12, lot_size=LOT)


def _faint(start: int, stop: int) -> Iterator[Part]:
    """A polish that hides: as many lots are affected, and their defects are hardly a third as strong."""
    return drawn_covers(start=start, stop=stop, defect_rate=0.4, lot_size=LOT, strength=0.3)


COVERS = Demonstration(
    slug="covers",
    name="Metal covers (drawn)",
    labels=(
        NewLabel("scratch", "Scratch", Severity.MINOR),
        NewLabel("dent", "Dent", Severity.MAJOR),
        NewLabel("stain", "Stain", Severity.MINOR),
        NewLabel("missing_screw", "Missing screw", Severity.CRITICAL, critical=True),
    ),
    # From 120 lots: from ten the model learnt their light, and rejected one good part in twenty in any other.
    learn=lambda: drawn_covers(start=0, stop=600, defect_rate=0.4, lot_size=5),
    parts=_usual,
    replay_from=20_000,
    # At the suggested ones, about 0.4 and 0.5, some of the bad parts of the hold-out pass: what is to pass by itself
    # has to be far surer.
    thresholds=(0.1, 0.3),
    days=10,
    chapters=(
        Chapter(Level.HUMAN_ONLY, 30),
        # Hidden every part counts, with hints one in ten: who wants to go on soon stays here until both are proven.
        Chapter(
            Level.SHADOW,
            1800,
            "the model is trained; let it run hidden beside people",
            enough_for=Level.PARTIAL,
        ),
        Chapter(
            Level.ASSISTANCE,
            300,
            "days in shadow, all shifts: fewer errors than the bar allows",
            proven=True,
            until_proposed=True,
        ),
        Chapter(Level.PARTIAL, 120, "next to nothing would have slipped through", proven=True),
        Chapter(Level.PARTIAL, 600, proven=True, until_lowered=True, otherwise=_faint),
        # The usual parts again: what is counted anew after the fall is to be seen.
        Chapter(Level.ASSISTANCE, 120, proven=True),
    ),
    ends_on=100,
    book=book.write,
)

SOLAR_CELLS = Demonstration(
    slug="solar-cells",
    name="Solar cells (ELPV)",
    labels=(NewLabel("defect", "Defective cell", Severity.MAJOR),),
    learn=lambda: solar_cells(start=0, stop=1560),
    parts=lambda start, stop: solar_cells(start=start, stop=stop),
    replay_from=1560,
    chapters=(
        Chapter(Level.HUMAN_ONLY, 30),
        Chapter(Level.SHADOW, 180, "the model is trained; let it run hidden beside people"),
        Chapter(Level.ASSISTANCE, 120, "trial of hints, though nothing is proven", until_lowered=True),
    ),
    ends_on=100,
)


def build(demonstration: Demonstration, *, say: Say) -> Job:
    """Create one demonstration job, train its model, tell its story, and leave parts waiting."""
    people = cast()
    job = _create(demonstration, by=people["admin"])
    _train(demonstration, job, by=people["admin"], say=say)
    story = Story(
        slug=demonstration.slug,
        job=job,
        parts=demonstration.parts,
        place=demonstration.replay_from,
        say=say,
        admin=people["admin"],
        manager=people["manager"],
        begins=_begins(demonstration),
        per_day=PER_DAY,
    )
    story.tell(demonstration.chapters)
    job.refresh_from_db()
    story.leave(Chapter(Level(job.level), demonstration.ends_on))
    return job


def _begins(demonstration: Demonstration) -> datetime | None:
    return None if demonstration.days is None else timezone.now() - timedelta(days=demonstration.days)


def _create(demonstration: Demonstration, *, by: Person) -> Job:
    new = NewJob(
        slug=demonstration.slug,
        name=demonstration.name,
        labels=demonstration.labels,
        gate=Gate.ADVISORY,
        demonstration=True,
        captured_time=demonstration.days is not None,
    )
    job = create_job(new=new, by=by, now=timezone.now())
    for name, role in CAST.items():
        if role is not None and name != by.username:
            add_member(job=job, username=name, role=role)
    for name in SIMULATED:
        add_member(job=job, username=name, role=MemberRole.INSPECTOR)
    add_member(job=job, username=SIMULATED_MANAGER, role=MemberRole.MANAGER)
    if demonstration.book is not None:
        demonstration.book(job=job, by=by)
    return job


def _train(demonstration: Demonstration, job: Job, *, by: Person, say: Say) -> None:
    def tell(event: dict[str, Any]) -> None:
        say(f"{demonstration.slug}: training, {event['stage']}", event["done"], event["total"])

    with tempfile.TemporaryDirectory(prefix="known-", dir=settings.DATA) as scratch:
        say(f"{demonstration.slug}: pictures to learn from", 0, 1)
        known = list(write_known(demonstration.learn(), Path(scratch)))
        model = walk.train(job=job, by=by, imported=known, on_progress=tell)
    job.refresh_from_db()
    accept_at, reject_at = demonstration.thresholds or (model.suggested["accept_at"], model.suggested["reject_at"])
    change_job(job=job, by=by, policy={"accept_at": accept_at, "reject_at": reject_at})
