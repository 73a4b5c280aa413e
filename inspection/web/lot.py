"""The results of a lot as CSV, streamed, so that a large lot needs no large memory."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from inspection.acts.note_exposure import note_exposure
from inspection.models import Job
from inspection.permissions import may_read_items
from inspection.queries import lots
from inspection.queries.items import decided_by_ai
from inspection.web import part_table
from inspection.web.access import Seat, job_page


@require_safe
@job_page(may=may_read_items)
def results(_request: HttpRequest, seat: Seat, lot: str) -> StreamingHttpResponse:
    return _answer(seat, lot)


@require_safe
@job_page(may=may_read_items)
def results_without_lot(_request: HttpRequest, seat: Seat) -> StreamingHttpResponse:
    """The parts that came without a lot."""
    return _answer(seat, "")


def _answer(seat: Seat, lot: str) -> StreamingHttpResponse:
    if not lots.exists(job=seat.job, lot=lot):
        raise Http404
    answer = StreamingHttpResponse(
        part_table.lines(part_table.COLUMNS, _rows(seat, lot)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(seat.job, lot)}"'
    return answer


def _file_name(job: Job, lot: str) -> str:
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in lot)
    return f"{job.slug}-{safe or 'without-lot'}.csv"


def _rows(seat: Seat, lot: str) -> Iterator[list[str]]:
    """The rows as they are read; whoever downloads what the AI decided is noted before any of it goes out."""
    for some in lots.parts(job=seat.job, lot=lot):
        note_exposure(person=seat.person, items=[item.pk for item in some if decided_by_ai(item)])
        yield from map(part_table.row, some)
