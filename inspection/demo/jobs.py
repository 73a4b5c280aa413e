"""The two demonstration jobs: what they are, what their models learn from, and how their parts are replayed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.demo import book
from inspection.demo.parts import Part, drawn_covers, solar_cells, write_known
from inspection.demo.people import CAST, SIMULATED, cast, somebody
from inspection.demo.simulated import Habits, Simulated
from inspection.journey.intake import Incoming
from inspection.models import Item, Job, Person
from inspection.vocabulary import Gate, Level, MemberRole, Severity, Source, State
from inspection.walk import change_job

AT_ONCE = 60
"""Parts that are taken in, judged by the AI and answered by people before the next ones come."""

Say = Callable[[str, int, int], None]
"""Gets (what is being done, done, total)."""


@dataclass(frozen=True)
class Chapter:
    """A stretch of the replay at one level; `why` is the reason that stands in the history of levels."""

    level: Level
    parts: int
    why: str = ""


@dataclass(frozen=True)
class Demonstration:
    """One demonstration job."""

    slug: str
    name: str
    labels: tuple[NewLabel, ...]
    parts: Callable[[int, int], Iterator[Part]]
    learn: tuple[int, int]
    replay_from: int
    chapters: tuple[Chapter, ...]
    ends_on: Chapter
    """The level on which it is left, with so many parts waiting for whoever comes."""
    book: Callable[..., None] | None = None
    """Fills the job's label book, given `job` and `by`."""


COVERS = Demonstration(
    slug="covers",
    name="Metal covers (drawn)",
    labels=(
        NewLabel("scratch", "Scratch", Severity.MINOR),
        NewLabel("dent", "Dent", Severity.MAJOR),
        NewLabel("stain", "Stain", Severity.MINOR),
        NewLabel("missing_screw", "Missing screw", Severity.CRITICAL, critical=True),
    ),
    parts=lambda start, stop: drawn_covers(start=start, stop=stop, defect_rate=0.3),
    learn=(0, 600),
    replay_from=12_000,
    chapters=(
        Chapter(Level.HUMAN_ONLY, 30),
        Chapter(Level.SHADOW, 180, "the model is trained; let it run hidden beside people"),
        Chapter(Level.ASSISTANCE, 60, "it agrees with people in shadow"),
        Chapter(Level.PARTIAL, 120, "trial of partial automation"),
        Chapter(Level.FULL, 60, "trial of full automation"),
    ),
    ends_on=Chapter(Level.PARTIAL, 120, "the trial is over; rejects go to people again"),
    book=book.write,
)

SOLAR_CELLS = Demonstration(
    slug="solar-cells",
    name="Solar cells (ELPV)",
    labels=(NewLabel("defect", "Defective cell", Severity.MAJOR),),
    parts=lambda start, stop: solar_cells(start=start, stop=stop),
    learn=(0, 1560),
    replay_from=1560,
    chapters=(
        Chapter(Level.HUMAN_ONLY, 30),
        Chapter(Level.SHADOW, 180, "the model is trained; let it run hidden beside people"),
        Chapter(Level.ASSISTANCE, 60, "trial of hints"),
        Chapter(Level.PARTIAL, 60, "trial of partial automation"),
        Chapter(Level.FULL, 60, "trial of full automation"),
    ),
    ends_on=Chapter(Level.ASSISTANCE, 100, "the AI is an assistant on this product, no automaton"),
)


def build(demonstration: Demonstration, *, say: Say) -> Job:
    """Create one demonstration job, train its model, replay its chapters, and leave parts waiting."""
    people = cast()
    job = _create(demonstration, by=people["admin"])
    _train(demonstration, job, by=people["admin"], say=say)
    place = demonstration.replay_from
    truth: dict[str, Part] = {}
    for chapter in demonstration.chapters:
        _go_to(job, chapter, by=people["admin"])
        place = _play(demonstration, job, chapter, place, truth, answered=True, say=say)
    _go_to(job, demonstration.ends_on, by=people["admin"])
    _play(demonstration, job, demonstration.ends_on, place, truth, answered=False, say=say)
    return job


def _create(demonstration: Demonstration, *, by: Person) -> Job:
    new = NewJob(
        slug=demonstration.slug,
        name=demonstration.name,
        labels=demonstration.labels,
        gate=Gate.ADVISORY,
        demonstration=True,
    )
    job = create_job(new=new, by=by, now=timezone.now())
    for name, role in CAST.items():
        if role is not None and name != by.username:
            add_member(job=job, username=name, role=role)
    for name in SIMULATED:
        add_member(job=job, username=name, role=MemberRole.INSPECTOR)
    if demonstration.book is not None:
        demonstration.book(job=job, by=by)
    return job


def _train(demonstration: Demonstration, job: Job, *, by: Person, say: Say) -> None:
    def tell(event: dict[str, Any]) -> None:
        say(f"{demonstration.slug}: training, {event['stage']}", event["done"], event["total"])

    with tempfile.TemporaryDirectory(prefix="known-", dir=settings.DATA) as scratch:
        say(f"{demonstration.slug}: pictures to learn from", 0, demonstration.learn[1])
        known = list(write_known(demonstration.parts(*demonstration.learn), Path(scratch)))
        model = walk.train(job=job, by=by, imported=known, on_progress=tell)
    job.refresh_from_db()
    change_job(job=job, by=by, policy=model.suggested)


def _go_to(job: Job, chapter: Chapter, *, by: Person) -> None:
    job.refresh_from_db()
    if job.level != chapter.level:
        walk.switch_level(job=job, new=chapter.level, reason=chapter.why, by=by)
        job.refresh_from_db()


def _play(
    demonstration: Demonstration,
    job: Job,
    chapter: Chapter,
    place: int,
    truth: dict[str, Part],
    *,
    answered: bool,
    say: Say,
) -> int:
    """Replay one chapter from part `place` on; returns the place after it. `truth` grows by its parts: somebody may be
    asked for a second look at a part of any chapter before."""
    end = place + chapter.parts
    inspectors = [
        Simulated(person=somebody(name, simulated=True), habits=Habits(), seed=number)
        for number, name in enumerate(SIMULATED)
    ]
    for start in range(place, end, AT_ONCE):
        parts = list(demonstration.parts(start, min(start + AT_ONCE, end)))
        say(f"{demonstration.slug}: {chapter.level.label}", start - place, chapter.parts)
        truth |= _take_in(job, parts)
        if answered:
            for turn, inspector in enumerate(inspectors):
                # The first leaves half of the parts to the second one.
                inspector.work(job=job, truth=truth, now=timezone.now(), most=len(parts) // 2 if turn == 0 else None)
    return end


def _take_in(job: Job, parts: list[Part]) -> dict[str, Part]:
    """Take parts in and let the AI look at them here and now; by serial, without their pictures."""
    serials = {}
    for part in parts:
        incoming = Incoming(
            data=part.data,
            name=part.name,
            serial=part.name.rsplit(".", 1)[0],
            lot=part.lot,
            station="demonstration",
            metadata={"expert probability of a defect": part.target} if part.doubted else {},
        )
        walk.take_in(job=job, incoming=incoming, source=Source.DEMONSTRATION, by=None)
        serials[incoming.serial] = replace(part, data=b"")
    while ids := list(Item.objects.filter(job=job, state=State.RECEIVED).values_list("id", flat=True)[:16]):
        if not walk.predict_and_advance([str(pk) for pk in ids]):
            break
    return serials
