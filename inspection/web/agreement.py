"""How well the AI and the people agree: one sentence, the number behind it, and the rows behind that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from inspection.acts.note_exposure import note_exposure
from inspection.models import Job, Label, ModelVersion
from inspection.permissions import may_inspect, may_read_agreement
from inspection.policy import agreement_words as words
from inspection.policy.agreement import Matrix, Share
from inspection.policy.kappa import kappa_misleads
from inspection.queries import agreement_few, agreement_own
from inspection.queries import agreement_gallery as gallery
from inspection.queries.agreement import UNBIASED_ONLY, Wanted
from inspection.queries.agreement_cells import Counts, steady
from inspection.queries.agreement_line import Yield, line_of
from inspection.queries.agreement_report import Report, Segment, report, used
from inspection.queries.labels import names as names_of_labels
from inspection.templatetags.figures import decimal, number, percent
from inspection.vocabulary import Drawn, Verdict
from inspection.web import agreement_charts as charts
from inspection.web.access import Seat, job_page
from inspection.web.agreement_filter import Read, only, read

DRAWN_WORDS: dict[Drawn, str] = {
    Drawn.SHADOW: _("people judged, the AI ran hidden"),
    Drawn.BLIND: _("drawn before the AI was looked at, judged without a hint"),
    Drawn.AUDIT_RANDOM: _("drawn from what the AI had decided, judged without a hint"),
    Drawn.AUDIT_RISK: _("picked because it looked risky"),
    Drawn.SEEDED: _("known parts, slipped in"),
    Drawn.ROUTED: _("handed over because the AI was not sure"),
    Drawn.ASSISTED: _("judged with the AI's hint in sight"),
}
ON_THE_REPORT = 8
"""Differences shown on the report itself; all others are a page away."""


@dataclass(frozen=True)
class Found:
    """All that the page is made from."""

    read: Read
    report: Report
    line: Yield
    choices: dict[str, list[tuple[Any, str]]]
    differences: gallery.Page
    models: list[ModelVersion]
    anything: bool
    """Whether there is any evidence at all, whatever the filter."""


@require_safe
@job_page(may=may_read_agreement)
def agreement(request: HttpRequest, seat: Seat) -> HttpResponse:
    found = steady(seat.job, lambda counts: _find(request, seat, counts))
    report, called = found.report, names_of_labels(seat.job)
    _note(seat, found.differences, also=agreement_few.given_away(seat.job, found.read.wanted, report))
    context = {
        **seat.context,
        **_filter(seat.job, found, request),
        "found": report,
        "whole": report.whole,
        "headline": _headline(report.whole.matrix),
        "table": _table(report.whole.matrix),
        "verdicts": list(Verdict),
        **_words(report, seat.job),
        "by_drawn": _by_drawn(report),
        "segments": _segments(found),
        "labels": _labels(report, called),
        "names": called,
        "yield": found.line,
        **charts.of_report(seat.job, report, found.line, called),
        "differences": found.differences,
        "anything": found.anything,
        "printed_at": timezone.now(),
        "printed_by": seat.person.shown_name,
    }
    return render(request, "agreement/agreement.html", context)


@require_safe
@job_page(may=may_read_agreement)
def differences(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every part on which somebody differs, worst first, page by page."""

    def find(counts: Counts) -> tuple[Read, gallery.Page]:
        asked = read(request.GET, counts)
        return asked, gallery.page(counts, asked.wanted, number=_page_number(request))

    asked, page = steady(seat.job, find)
    _note(seat, page)
    context = {**seat.context, "query": asked.query, "wrong": asked.wrong, "wanted": asked.wanted, "differences": page}
    return render(request, "agreement/differences.html", {**context, "names": names_of_labels(seat.job)})


@require_safe
@job_page(may=may_inspect)
def own(request: HttpRequest, seat: Seat) -> HttpResponse:
    """How the own answers fared; nobody sees anybody else's here."""
    now = timezone.now()
    found = steady(seat.job, lambda counts: agreement_own.own(counts=counts, job=seat.job, person=seat.person, now=now))
    called = names_of_labels(seat.job)
    classes = [(called.get(code, code), share) for code, share in found.missed_by_class.items()]
    return render(request, "agreement/own.html", {**seat.context, "own": found, "classes": classes})


def _find(request: HttpRequest, seat: Seat, counts: Counts) -> Found:
    asked = read(request.GET, counts)
    wanted = asked.wanted
    return Found(
        read=asked,
        report=report(counts, seat.job, wanted, now=timezone.now()),
        line=line_of(seat.job, wanted, counts.mark),
        choices=_choices(counts, wanted),
        differences=gallery.worst(counts, wanted, most=ON_THE_REPORT),
        models=list(counts.models.values()),
        anything=counts.last_day is not None,
    )


def _note(seat: Seat, page: gallery.Page, *, also: Sequence[UUID] = ()) -> None:
    """Whoever sees what the AI and others said of these parts is no blind judge of them any more."""
    if items := [*(one.row.item_id for one in page.lines), *also]:
        note_exposure(person=seat.person, items=items)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and 1 <= len(text) <= 4 and int(text) else 1


def _choices(counts: Counts, wanted: Wanted) -> dict[str, list[tuple[Any, str]]]:
    """What there is to choose from on these days."""
    days = Wanted(first_day=wanted.first_day, last_day=wanted.last_day)
    there: Counter[tuple[Any, ...]] = counts.by(days, "station", "shift", "person_id")
    people = counts.people({person for _, _, person in there if person})
    return {
        "station": [(name, name) for name in sorted({station for station, _, _ in there if station})],
        "shift": [(name, name) for name in sorted({shift for _, shift, _ in there if shift})],
        "inspector": sorted(people.items(), key=lambda pair: pair[1]),
    }


def _filter(job: Job, found: Found, request: HttpRequest) -> dict[str, Any]:
    wanted = found.read.wanted
    biased = [way.label for way in wanted.drawn if way not in UNBIASED_ONLY]
    return {
        "wanted": wanted,
        "wrong": found.read.wrong,
        "said": request.GET,
        "query": found.read.query,
        "narrowed": found.read.narrowed,
        "choices": found.choices,
        "models": found.models,
        "all_labels": Label.objects.filter(job=job),
        "ways": [(way, way in wanted.drawn, way in UNBIASED_ONLY) for way in Drawn],
        "biased": biased,
        "raw": found.read.raw,
    }


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


def _words(found: Report, job: Job) -> dict[str, Any]:
    """What the coefficients mean."""
    help, shares = found.help, words.Shared(blind=job.shares.blind, again=job.recheck_share)
    rests_on = {"assisted": help.with_hint, "blind": help.without, "aided": help.aided, "misled": help.misled}
    return {
        "misleads": kappa_misleads(used(found.whole.matrix)),
        "stricter": words.stricter(found.whole.matrix),
        "lopsided": words.lopsided(found.whole.matrix),
        "both_wrong": words.both_wrong(found.both_wrong),
        "follow": words.follow(help.follow, assisted=help.with_hint, blind=help.without),
        "how_to_know": words.how_to_know(**rests_on, shares=shares),
    }


def _by_drawn(found: Report) -> list[tuple[Drawn, str, bool, Any]]:
    return [(way, gettext(DRAWN_WORDS[way]), way in UNBIASED_ONLY, found.by_drawn.get(way)) for way in Drawn]


def _segments(found: Found) -> list[tuple[str, list[tuple[str, str, Any]]]]:
    """Heading, then (name, address of the report for it alone, figures)."""
    wanted, told = found.read.wanted, found.report.segments
    fields = {"inspector": "person", "station": "station", "shift": "shift"}
    headings = {
        "inspector": gettext("By inspector, up to yesterday"),
        "station": gettext("By station"),
        "shift": gettext("By shift"),
    }
    models = [Segment(f"{model.name} {model.digest[:8]}", model.digest, part) for model, part in found.report.by_model]
    rows = [(gettext("By model version"), _linked(models, wanted, "model"))]
    return rows + [(headings[kind], _linked(told[kind], wanted, field)) for kind, field in fields.items()]


def _linked(segments: list[Segment], wanted: Wanted, field: str) -> list[tuple[str, str, Any]]:
    return [
        (one.name or gettext("not named"), only(wanted, **{field: one.key}) if one.key else "", one.figures)
        for one in segments
    ]


def _labels(found: Report, called: dict[str, str]) -> list[tuple[str, Share | None, Share | None]]:
    """Name of a class, misses of it, and good parts rejected for it."""
    codes = sorted({*found.missed_by_class, *found.overkill_by_class})
    return [
        (called.get(code, code), found.missed_by_class.get(code), found.overkill_by_class.get(code)) for code in codes
    ]
