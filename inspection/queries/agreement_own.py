"""How one inspector's own answers fared: for that person first, and nothing of a part before it is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inspection.models import Evidence, Job, Person
from inspection.policy.agreement import Matrix, Share, misses_by_class
from inspection.policy.answers import FINAL_AFTER
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Cell, Counts, place_of
from inspection.vocabulary import Drawn, Verdict

SURE = (Verdict.OK, Verdict.NG)
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Own:
    """A person's answers given without a hint, beside what was settled in the end."""

    matrix: Matrix
    """Rows what was settled, columns what the person said."""
    missed_by_class: dict[str, Share]
    changed: Share
    """First answers unlike the AI's that were changed to it once its hint was seen."""
    since: date

    @property
    def right(self) -> Share:
        return self.matrix.agree

    @property
    def misses(self) -> Share:
        return self.matrix.misses

    @property
    def overkill(self) -> Share:
        return self.matrix.overkill


def own(*, counts: Counts, job: Job, person: Person, now: datetime) -> Own:
    """The last thirty days. Of today only what cannot be taken back any more: who learned at once that nobody
    objected could tell the AI's opinion by it, and answer again."""
    today = now.astimezone(ZoneInfo(job.time_zone)).date()
    since = today - LATELY
    days = Wanted(person=person.pk, first_day=since, last_day=today - timedelta(days=1))
    cells = [*counts.cells(days), *((cell, 1) for cell in _today(job, person, today, now))]
    alone = [(cell, n) for cell, n in cells if cell.verdict and cell.reference in SURE and not cell.hint_shown]
    helped = [
        (cell, n)
        for cell, n in cells
        if cell.drawn == Drawn.ASSISTED
        and not cell.hint_shown
        and cell.opinion in SURE
        and cell.verdict != cell.opinion
    ]
    return Own(
        matrix=Matrix.of(((Verdict(cell.reference), Verdict(cell.verdict)), n) for cell, n in alone),
        missed_by_class=misses_by_class(_bad(alone)),
        changed=Share(
            k=sum(n for cell, n in helped if cell.final_verdict == cell.opinion), n=sum(n for _, n in helped)
        ),
        since=since,
    )


def _differed_before_the_hint(cell: Cell) -> bool:
    alone = cell.drawn == Drawn.ASSISTED and not cell.hint_shown
    return alone and cell.opinion in SURE and cell.verdict != cell.opinion


def _bad(cells: Iterable[tuple[Cell, int]]) -> list[tuple[list[str], Verdict, int]]:
    """Of bad parts: their classes, what the person said, how many."""
    return [(cell.labels.split(), Verdict(cell.verdict), n) for cell, n in cells if cell.reference == Verdict.NG]


def _today(job: Job, person: Person, today: date, now: datetime) -> list[Cell]:
    rows = Evidence.objects.filter(job=job, person=person, day=today, at__lte=now - FINAL_AFTER, undone=False)
    recent = rows.filter(at__gte=now - timedelta(days=2)).select_related("item", "prediction")
    places = (place_of(row, zone=ZoneInfo(job.time_zone), critical=frozenset()) for row in recent)
    return [place.cell for place in places if place.cell is not None]
