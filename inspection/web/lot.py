"""The results of a lot as CSV, streamed, so that a large lot needs no large memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from inspection.acts.note_exposure import note_exposure
from inspection.models import Item, Job
from inspection.permissions import may_read_items
from inspection.queries import lots
from inspection.queries.items import decided_by_ai
from inspection.web.access import Seat, job_page

COLUMNS = (
    "serial", "pass", "lot", "station", "shift", "captured_at", "received_at", "state", "level", "verdict", "labels",
    "decided_by", "person", "model", "accept_at", "reject_at", "decided_at", "item",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    answer = StreamingHttpResponse(_lines(seat, lot), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(seat.job, lot)}"'
    return answer


def _file_name(job: Job, lot: str) -> str:
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in lot)
    return f"{job.slug}-{safe or 'without-lot'}.csv"


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(seat: Seat, lot: str) -> Iterator[str]:
    """The lines as they are read; whoever downloads what the AI decided is noted before any of it goes out."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for some in lots.parts(job=seat.job, lot=lot):
        note_exposure(person=seat.person, items=[item.pk for item in some if decided_by_ai(item)])
        for item in some:
            yield writer.writerow([_guarded(value) for value in _row(item)])


def _row(item: Item) -> Sequence[str]:
    decision = item.decision
    part = [
        item.serial, str(item.pass_number), item.lot, item.station, item.shift,
        item.captured_at.isoformat() if item.captured_at else "", item.received_at.isoformat(), item.state,
    ]  # fmt: skip
    if decision is None:
        return [*part, item.level, *[""] * 8, str(item.pk)]
    thresholds = decision.thresholds
    return [
        *part,
        decision.level,
        decision.verdict,
        " ".join(decision.labels),
        decision.by,
        decision.person.shown_name if decision.person else "",
        decision.model.digest if decision.model else "",
        str(thresholds.accept_at) if thresholds and thresholds.accept_at is not None else "",
        str(thresholds.reject_at) if thresholds and thresholds.reject_at is not None else "",
        decision.at.isoformat(),
        str(item.pk),
    ]


def _guarded(value: str) -> str:
    """A serial like "=HYPERLINK(...)" must stay text when the file is opened in a spreadsheet."""
    return f"'{value}" if value.startswith(_FORMULA) else value
