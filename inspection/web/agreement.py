"""How well the AI and the people agree: one sentence, the number behind it, and the rows behind that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from inspection.models import Job, ModelVersion
from inspection.permissions import may_read_agreement
from inspection.policy.agreement import Matrix
from inspection.queries.agreement import UNBIASED_ONLY, Wanted
from inspection.queries.agreement import agreement as count
from inspection.queries.agreement_by_lot import LotPoint, by_lot, changes
from inspection.templatetags.figures import decimal, number, percent
from inspection.vocabulary import Drawn, Verdict
from inspection.web.access import Seat, job_page
from inspection.web.plot import Plot, plot

DRAWN_WORDS: dict[Drawn, str] = {
    Drawn.SHADOW: _("people judged, the AI ran hidden"),
    Drawn.BLIND: _("drawn before the AI was looked at, judged without a hint"),
    Drawn.AUDIT_RANDOM: _("drawn from what the AI had decided, judged without a hint"),
    Drawn.AUDIT_RISK: _("picked because it looked risky"),
    Drawn.SEEDED: _("known parts, slipped in"),
    Drawn.ROUTED: _("handed over because the AI was not sure"),
    Drawn.ASSISTED: _("judged with the AI's hint in sight"),
}


@require_safe
@job_page(may=may_read_agreement)
def agreement(request: HttpRequest, seat: Seat) -> HttpResponse:
    wanted, wrong = _wanted(request.GET, seat.job)
    whole = count(job=seat.job, wanted=wanted)
    every = count(job=seat.job, wanted=replace(wanted, drawn=()))
    points = by_lot(job=seat.job, wanted=wanted)
    found = dict(every.by_drawn)
    context = {
        **seat.context,
        "wanted": wanted,
        "wrong": wrong,
        "said": request.GET,
        "headline": _headline(whole.whole),
        "matrix": whole.whole,
        "table": _table(whole.whole),
        "verdicts": list(Verdict),
        "by_model": whole.by_model,
        "by_drawn": [(way, gettext(DRAWN_WORDS[way]), way in UNBIASED_ONLY, found.get(way)) for way in Drawn],
        "models": ModelVersion.objects.filter(job=seat.job).order_by("-at", "-id"),
        "ways": [(way, way in wanted.drawn, way in UNBIASED_ONLY) for way in Drawn],
        "biased": [way.label for way in wanted.drawn if way not in UNBIASED_ONLY],
        "points": points,
        "plot": _plot(seat.job, points),
        "anything": bool(found),
    }
    return render(request, "agreement/agreement.html", context)


def _plot(job: Job, points: list[LotPoint]) -> Plot | None:
    if not points:
        return None
    between = changes(job=job, since=points[0].first, until=timezone.now())
    return plot(points, between)


def _headline(matrix: Matrix) -> str:
    """One sentence for a manager between two meetings."""
    share = matrix.agree
    interval = share.interval()
    if interval is None:
        return ""
    low, high = (decimal(100 * end, 1) for end in interval)
    return gettext(
        "In {k} of {n} parts the AI and the person said the same: {percent}, "
        "with 95 % confidence between {low} and {high}."
    ).format(k=number(share.k), n=number(share.n), percent=percent(share.value), low=low, high=high)


def _table(matrix: Matrix) -> list[tuple[Verdict, list[tuple[Verdict, int, bool]], int]]:
    """Rows the person's verdict, columns the AI's opinion; agreement is marked."""
    return [
        (
            person,
            [(ai, matrix.at(person=person, ai=ai), person == ai) for ai in Verdict],
            sum(matrix.at(person=person, ai=ai) for ai in Verdict),
        )
        for person in Verdict
    ]


def _wanted(said: QueryDict, job: Job) -> tuple[Wanted, list[str]]:
    """The filter in the address, and what in it makes no sense; without a word on draws only unbiased evidence."""
    wrong: list[str] = []
    drawn = tuple(way for way in Drawn if way in said.getlist("drawn")) or UNBIASED_ONLY
    since = _day(said, "since", job, wrong)
    until = _day(said, "until", job, wrong)
    # A manager who says "until Friday" means Friday included.
    until = until + timedelta(days=1) if until is not None else None
    return Wanted(model=said.get("model", "")[:64], since=since, until=until, drawn=drawn, unaided=True), wrong


def _day(said: QueryDict, name: str, job: Job, wrong: list[str]) -> datetime | None:
    text = said.get(name, "")
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=ZoneInfo(job.time_zone))
    except ValueError:
        wrong.append(gettext("“{text}” is no day; it was left out of the filter.").format(text=text[:20]))
        return None
