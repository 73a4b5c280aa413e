"""How well people and AI agree in a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.acts.note_exposure import note_exposure
from inspection.api import shapes
from inspection.api.access import Door, seat_in
from inspection.api.agreement_filter import FILTERS, AgreementFilter, wanted
from inspection.api.agreement_shapes import AgreementShape
from inspection.api.problems import FAILURES
from inspection.permissions import may_read_agreement
from inspection.policy import agreement_words as words
from inspection.policy.agreement import Matrix, Share
from inspection.policy.kappa import Estimate, kappa_misleads
from inspection.policy.line_measures import Ceiling
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Counts, steady
from inspection.queries.agreement_few import given_away
from inspection.queries.agreement_line import Yield, line_of
from inspection.queries.agreement_report import (
    Figures,
    Help,
    Report,
    Sampled,
    of_a_person,
    report,
    used,
    with_days,
)
from inspection.refused import spoken
from inspection.vocabulary import Verdict


class AgreementOfJob(Door):
    @extend_schema(operation_id="read_agreement", parameters=FILTERS, responses={200: AgreementShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """The report on agreement: matrix, coefficients, errors by class and draw, segments. Managers and admins."""
        seat = seat_in(request, slug, may_read_agreement)
        asked = wanted(shapes.read_query(AgreementFilter, request.query_params), seat.job)

        def build(counts: Counts) -> tuple[Report, Yield, Wanted]:
            told = of_a_person(with_days(asked, counts), seat.job, timezone.now())
            found = report(counts, seat.job, told, now=timezone.now())
            return found, line_of(seat.job, told, counts.mark), told

        found, made, told = steady(seat.job, build)
        if items := given_away(seat.job, told, found):
            note_exposure(person=seat.person, items=items)
        return Response(_whole(found, made, told))


def _whole(found: Report, made: Yield, asked: Wanted) -> dict[str, Any]:
    whole = found.whole
    misleads = kappa_misleads(used(whole.matrix))
    return {
        **_figures(whole),
        "period": {"since": _said(asked.first_day or asked.since), "until": _said(asked.last_day or asked.until)},
        "matrix": _matrix(whole.matrix),
        "truth": _matrix(whole.truth),
        "open": vars(found.open),
        "kappa": _estimate(whole.kappa),
        "kappa_misleads": misleads and spoken(misleads),
        "ac1": _estimate(found.ac1),
        "alpha": found.alpha,
        "says": [spoken(sentence) for sentence in _sentences(found)],
        **{name: _share(getattr(found, name)) for name in ("both_wrong", "unsure_people", "unsure_ai", "pairs")},
        "ceiling": _ceiling(found.ceiling),
        "classes": _classes(found),
        "sampled": [_sampled(one) for one in found.sampled],
        "help": _help(found.help),
        "line": _line(made),
        **_segments(found),
    }


def _segments(found: Report) -> dict[str, Any]:
    told = found.segments
    return {
        "by_model": [{"model": model.digest, **_figures(part)} for model, part in found.by_model],
        "by_drawn": [{"drawn": way.value, **_figures(part)} for way, part in found.by_drawn.items()],
        **{f"by_{kind}": _named((one.name, one.figures) for one in told[kind]) for kind in told},
        "by_day": _named((day.isoformat(), part) for day, part in found.by_day),
        "by_lot": _named((lot, part) for lot, _, part in found.by_lot),
    }


def _named(parts: Iterable[tuple[str, Figures]]) -> list[dict[str, Any]]:
    return [{"name": name, **_figures(part)} for name, part in parts]


def _figures(found: Figures) -> dict[str, Any]:
    agree = found.agree
    interval = agree.interval()
    return {
        "n": agree.n,
        "agree": agree.k,
        "percent": _percent(agree.value),
        "interval": None if interval is None else [100 * end for end in interval],
        "misses": _share(found.misses),
        "overkill": _share(found.overkill),
    }


def _share(share: Share) -> dict[str, Any]:
    ends = share.exact()
    interval = None if ends is None else [100 * end for end in ends]
    return {"k": share.k, "n": share.n, "percent": _percent(share.value), "interval": interval}


def _percent(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    return None if found is None else {"value": found.value, "se": found.se}


def _ceiling(found: Ceiling) -> dict[str, Any]:
    return {"error": found.error, "why": None if found.unknown is None else spoken(found.unknown)}


def _matrix(matrix: Matrix) -> dict[str, dict[str, int]]:
    return {person.value: {ai.value: matrix.at(person=person, ai=ai) for ai in Verdict} for person in Verdict}


def _sentences(found: Report) -> list[str]:
    matrix, help = found.whole.matrix, found.help
    told = [words.stricter(matrix), words.lopsided(matrix), words.both_wrong(found.both_wrong)]
    told.append(words.follow(help.follow, assisted=help.with_hint, blind=help.without))
    return [sentence for sentence in told if sentence is not None]


def _classes(found: Report) -> list[dict[str, Any]]:
    missed, rejected = found.missed_by_class, found.overkill_by_class
    return [
        {
            "label": code,
            "misses": _share(missed[code]) if code in missed else None,
            "overkill": _share(rejected[code]) if code in rejected else None,
        }
        for code in sorted({*missed, *rejected})
    ]


def _sampled(one: Sampled) -> dict[str, Any]:
    return {
        "drawn": one.drawn.value,
        "probability": [one.lowest, one.highest],
        "stands_for": one.stands_for,
        "escapes": _share(one.escapes),
        "overkill": _share(one.overkill),
        "escape_rate": one.escape_rate,
        "overkill_rate": one.overkill_rate,
    }


def _help(found: Help) -> dict[str, Any]:
    return {
        "unaided": _share(found.unaided),
        "aided": _share(found.aided),
        "aided_when_the_ai_is_wrong": _share(found.misled),
        "agree_with_hint": _share(found.with_hint),
        "agree_without": _share(found.without),
        "changed_to_the_ai": _share(found.changed),
        "follow_rate": found.follow,
    }


def _line(made: Yield) -> dict[str, Any]:
    return {
        "first_pass": _share(made.first_pass),
        "automated": _share(made.automated),
        "overturned": made.overturned,
        "labels": [{"label": code, "n": n} for code, n in made.labels],
    }


def _said(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())
