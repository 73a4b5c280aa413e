"""Search and browse: the parts of a job that fit a filter, as thumbnails and as CSV, for those who lead the job.

The whole filter stands in the address, so that a view can be sent to a colleague.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspection.acts.note_exposure import note_exposure
from inspection.acts.reopen_item import reopen_item
from inspection.models import Item, Job, Label, Prediction
from inspection.permissions import may_browse, may_reopen
from inspection.policy.words import is_storable
from inspection.queries import browse
from inspection.queries.labels import names
from inspection.refused import Refused
from inspection.vocabulary import DecidedBy, State, Verdict
from inspection.web import part_table, refusals
from inspection.web.access import Seat, job_page, seat_at

T = TypeVar("T")
IN_A_FILE = 500
"""Parts that are read for a file at once."""
OWN = ("serial", "lot", "station", "shift", "state", "verdict", "label", "by", "differs", "from", "to",
       "score_from", "score_to")  # fmt: skip


class Unreadable(Exception):
    """A filter that cannot be read. Shown, not passed over: a misspelt filter would show everything."""


@dataclass(frozen=True)
class Line:
    """One part of the page with what the AI said of it; nothing while somebody is `asked` to judge it."""

    item: Item
    said: Prediction | None
    asked: bool


@require_safe
@job_page(may=may_browse)
def parts(request: HttpRequest, seat: Seat) -> HttpResponse:
    called = names(seat.job)
    context = {
        **seat.context,
        "said": request.GET,
        "query": _query(request),
        "states": State.choices,
        "verdicts": Verdict.choices,
        "deciders": DecidedBy.choices,
        "names": called,
        "labels": list(called.items()),
    }
    try:
        wanted = read(request.GET, seat.job)
    except Unreadable as unreadable:
        return render(request, "parts/parts.html", {**context, "unreadable": str(unreadable)}, status=422)
    return render(request, "parts/parts.html", {**context, **_found(request, seat, wanted)})


@require_safe
@job_page(may=may_browse)
def export(request: HttpRequest, seat: Seat) -> HttpResponse | StreamingHttpResponse:
    """The same parts as a file; streamed, so that a million of them need no large memory."""
    try:
        wanted = read(request.GET, seat.job)
    except Unreadable as unreadable:
        return HttpResponse(str(unreadable), content_type="text/plain; charset=utf-8", status=422)
    columns = (*part_table.COLUMNS, *part_table.OPINION_COLUMNS)
    answer = StreamingHttpResponse(
        part_table.lines(columns, _rows(seat, wanted)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{seat.job.slug}-parts.csv"'
    return answer


@require_POST
@login_required
def reopen(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Ask about a part once more, from its own page."""
    seat, item = seat_at(request, item_id)
    if not may_reopen.covers(seat.role):
        raise PermissionDenied
    try:
        reopen_item(item=item, reason=request.POST.get("reason", ""), by=seat.person, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("Somebody else is asked to look at this part again."))
    return redirect("item", item.pk)


def _found(request: HttpRequest, seat: Seat, wanted: browse.Wanted) -> dict[str, Any]:
    older, newer = _key(request, "older"), _key(request, "newer")
    page = browse.page(job=seat.job, wanted=wanted, older=older, newer=newer)
    return {
        "page": page,
        "lines": _lines(seat, page.items),
        "many": page.total is not None and page.total > browse.MOST_COUNTED,
        "most": browse.MOST_COUNTED,
        "first": page.newer is None,
        "left_out": wanted.asks_the_ai,
    }


def _lines(seat: Seat, items: list[Item]) -> list[Line]:
    """Whoever reads what the AI said of these parts is no blind judge of them any more, nor is one who reads what a
    colleague said."""
    asked = browse.asked(items)
    said = browse.opinions_on(items, asked=asked)
    if told := browse.telling(items, said):
        note_exposure(person=seat.person, items=told)
    return [Line(item, said.get(item.pk), item.pk in asked) for item in items]


def _rows(seat: Seat, wanted: browse.Wanted) -> Iterator[list[str]]:
    """Row by row; who reads them is noted before any of them goes out."""
    older = None
    while True:
        page = browse.page(job=seat.job, wanted=wanted, older=older, most=IN_A_FILE)
        for line in _lines(seat, page.items):
            yield [*part_table.row(line.item), *part_table.opinion(line.said)]
        if page.older is None:
            return
        older = page.older


def read(said: QueryDict, job: Job) -> browse.Wanted:
    """The filter as it stands in an address. Raises `Unreadable`."""
    texts = {name: said.get(name, "").strip() for name in OWN}
    if not all(is_storable(text) and len(text) <= 200 for text in texts.values()):
        raise Unreadable(_("This filter holds marks that no part has."))
    label = texts["label"]
    if label and not Label.objects.filter(job=job, code=label).exists():
        raise Unreadable(_("This job has no label %(code)s.") % {"code": label})
    return browse.Wanted(
        **{name: texts[name] for name in ("serial", "lot", "station", "shift")},
        state=_read(texts["state"], State),
        verdict=_read(texts["verdict"], Verdict),
        label=label,
        by=_read(texts["by"], DecidedBy),
        differs=texts["differs"] == "1",
        score_from=_read(texts["score_from"], _score),
        score_to=_read(texts["score_to"], _score),
        since=_midnight(texts["from"], job),
        until=_midnight(texts["to"], job, days=1),
    )


def _read(text: str, kind: Callable[[str], T]) -> T | None:
    if not text:
        return None
    try:
        return kind(text)
    except (ValueError, OverflowError) as error:
        raise Unreadable(_("“%(text)s” is nothing that a filter can be.") % {"text": text}) from error


def _score(text: str) -> float:
    """0 to 1, with a comma too; whatever is no number lies in no band."""
    value = float(text.replace(",", "."))
    if not 0 <= value <= 1:
        raise ValueError("no score")
    return value


def _midnight(text: str, job: Job, *, days: int = 0) -> datetime | None:
    """The beginning of a day on the job's own clock, or of the day after it."""

    def beginning(day: str) -> datetime:
        there = date.fromisoformat(day) + timedelta(days=days)
        return datetime.combine(there, time(), tzinfo=ZoneInfo(job.time_zone)).astimezone(UTC)

    return _read(text, beginning)


def _key(request: HttpRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _query(request: HttpRequest) -> str:
    """The filter without the place in the list, for the links of this page."""
    kept = QueryDict(mutable=True)
    for name in OWN:
        if value := request.GET.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()
