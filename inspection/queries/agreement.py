"""The agreement of people and AI in one job, counted in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from inspection.models import Evidence, Job, ModelVersion
from inspection.policy.agreement import Matrix
from inspection.vocabulary import UNBIASED, Drawn, Verdict


@dataclass(frozen=True)
class Wanted:
    """Which evidence to count. `model` is a digest or the beginning of one; no `drawn` means however it was drawn."""

    model: str = ""
    since: datetime | None = None
    until: datetime | None = None
    drawn: tuple[Drawn, ...] = ()
    unaided: bool = False
    """Leave out what was drawn by chance and then judged by somebody who had seen the AI's opinion elsewhere."""


UNBIASED_ONLY = tuple(UNBIASED)


@dataclass(frozen=True)
class Agreement:
    """The matrix of a job, whole and by part. Rows are what people said unaided, where they were asked that."""

    whole: Matrix
    by_model: list[tuple[ModelVersion, Matrix]]
    by_drawn: list[tuple[Drawn, Matrix]]


@dataclass(frozen=True)
class _Cell:
    verdict: Verdict
    opinion: Verdict
    model: int
    drawn: Drawn
    n: int


def agreement(*, job: Job, wanted: Wanted) -> Agreement:
    """Count a job's evidence by verdict, opinion, model and draw; two queries however much there is."""
    cells = _cells(job, wanted)
    models = ModelVersion.objects.filter(pk__in={cell.model for cell in cells}).order_by("-at", "-id")
    drawn = [way for way in Drawn if any(cell.drawn == way for cell in cells)]
    return Agreement(
        whole=_matrix(cells),
        by_model=[(model, _matrix(cell for cell in cells if cell.model == model.pk)) for model in models],
        by_drawn=[(way, _matrix(cell for cell in cells if cell.drawn == way)) for way in drawn],
    )


def evidence(job: Job, wanted: Wanted) -> QuerySet[Evidence]:
    """The rows of a job that are asked for."""
    rows = Evidence.objects.filter(job=job, undone=False)
    if wanted.model:
        rows = rows.filter(model__digest__startswith=wanted.model)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.drawn:
        rows = rows.filter(drawn__in=wanted.drawn)
    if wanted.unaided:
        rows = rows.exclude(drawn__in=UNBIASED, hint_shown=True)
    return rows


def _cells(job: Job, wanted: Wanted) -> list[_Cell]:
    counted = (
        evidence(job, wanted).order_by().values_list("verdict", "opinion", "model", "drawn").annotate(n=Count("id"))
    )
    return [
        _Cell(verdict=Verdict(verdict), opinion=Verdict(opinion), model=model, drawn=Drawn(drawn), n=n)
        for verdict, opinion, model, drawn, n in counted
    ]


def _matrix(cells: Iterable[_Cell]) -> Matrix:
    return Matrix.of(((cell.verdict, cell.opinion), cell.n) for cell in cells)
