"""May this job climb? What the page of the level says to those who lead the job."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inspection.models import Epoch, LedgerEntry, Proposal
from inspection.permissions import may_change_bars, may_climb, may_sign
from inspection.policy import ladder, routing, stepping_down
from inspection.policy.evalues import ALARM, Detector, upper_limit
from inspection.policy.promotion import Finding
from inspection.queries import incidents, proposals, readiness
from inspection.queries.readiness import Look, Mark, Point
from inspection.refused import spoken
from inspection.sentences import Count, Percent, Sentence
from inspection.templatetags.figures import number
from inspection.vocabulary import AuditPlan, Level, Proof
from inspection.web import acceptance_words
from inspection.web import readiness_words as say
from inspection.web.access import Seat
from inspection.web.proof_plot import ProofPlot, proof_plot

SIGNS = {Proof.PROVEN: "✓", Proof.NOT_MET: "✕", Proof.NOT_YET: "…"}


ROWS = 40
"""Rows of the table behind a plot: the newest points."""


@dataclass(frozen=True)
class Line:
    """One criterion: its state as sign and word, what it says, how many shifts it still takes, and its way so far."""

    finding: Finding
    shifts: int | None
    plot: ProofPlot | None = None
    points: Sequence[Point] = ()
    marks: Sequence[Mark] = ()
    stands: str = ""

    @property
    def sign(self) -> str:
        return SIGNS[self.finding.proof]

    @property
    def tone(self) -> str:
        return self.finding.proof.value

    @property
    def name(self) -> str:
        return say.title(self.finding.name)

    @property
    def unit(self) -> str:
        return say.unit(self.finding.counter)

    @property
    def newest(self) -> Sequence[Point]:
        return self.points[: -ROWS - 1 : -1]


@dataclass(frozen=True)
class Gauge:
    """One detector: its level, how far it is to the alarm on a log scale (0 to 1), and what that means."""

    against: str
    level: float
    share: float
    words: str

    @property
    def whole(self) -> int:
        return round(min(self.level, ALARM))

    @property
    def width(self) -> float:
        return round(200 * self.share, 1)


@dataclass(frozen=True)
class Watched:
    figure: str
    gauges: tuple[Gauge, Gauge]


@dataclass(frozen=True)
class Earlier:
    """Another stretch of the job with what came of it."""

    epoch: Epoch
    escape: str
    ai_error: str


def context(seat: Seat, *, now: datetime) -> dict[str, Any]:
    """All that the page says besides the ladder and the switch."""
    found = readiness.look(seat.job, now=now)
    standing = proposals.standing(seat.job)
    prices = found.prices()
    proposed = _proposal(seat, standing, now=now) if standing else {}
    return {
        "look": found,
        "answer": answer(found, None if proposed.get("changed") else standing),
        "lines": lines(found),
        "proposal": standing,
        "consequence": say.consequence(Level(seat.job.level), found),
        **proposed,
        "watched": watched(found),
        "audit": audit(found),
        "prices": prices,
        "price_words": say.price_words(prices, seat.job.audit.share(seat.job.audit_share)),
        "falls": [say.fall_words(fall) for fall in prices[0].falls],
        **_compared(found),
        "warnings": warnings(found),
        "open_incidents": incidents.open_of_job(seat.job),
        "on_alarm": say.on_alarm(found),
        "earlier": [_earlier(epoch) for epoch in readiness.earlier(seat.job, found.epoch)],
        "closed": readiness.closed_proposals(seat.job),
        "trainers": [who.shown_name for who in readiness.trainers(found.epoch)] if found.epoch else [],
        "ceiling": say.ceiling_words(found),
        "changes_bars": may_change_bars.covers(seat.role),
    }


def answer(found: Look, standing: Proposal | None) -> str:
    """The page's question in one sentence; `standing` is a proposal that still holds."""
    level = Level(found.job.level)
    to = ladder.above(level)
    if to is None:
        return _("This job stands on the top level")
    if found.ready is None:
        return _("Nothing has to be proven for {level}: an admin may switch").format(level=to.label)
    if standing is not None:
        words = _("proven and signed, an admin may switch")
        if proposals.signatures_missing(standing):
            words = _("proven, waits for a signature")
        return _("To {level}: {words}").format(level=to.label, words=words)
    open_ones = sum(finding.proof != Proof.PROVEN for finding in found.ready.findings)
    if found.epoch is None:
        return _("Not yet to {level}: nothing has been counted").format(level=to.label)
    if not open_ones:
        return _("To {level}: all is proven").format(level=to.label)
    return _("Not yet to {level}: {n} of {all} criteria are open").format(
        level=to.label, n=open_ones, all=len(found.ready.findings)
    )


def lines(found: Look) -> list[Line]:
    """Every criterion of the next climb, those with figures with their way so far."""
    if found.ready is None:
        return []
    stretch = readiness.stretch(found.epoch) if found.epoch else None
    return [_line(finding, found, stretch) for finding in found.ready.findings]


def _line(finding: Finding, found: Look, stretch: readiness.Stretch | None) -> Line:
    shifts = None if finding.proof == Proof.PROVEN else found.shifts(finding)
    if stretch is None or found.epoch is None or found.ready is None or not finding.counter or finding.bar is None:
        return Line(finding=finding, shifts=shifts)
    points = stretch.path(finding.counter, finding.bar)
    marks = readiness.marks(found.epoch, stretch, finding.counter)
    return Line(
        finding=finding,
        shifts=shifts,
        plot=proof_plot(points, marks, alpha=found.ready.alpha),
        points=points,
        marks=marks,
        stands=say.stands(finding, found.ready.alpha),
    )


def watched(found: Look) -> list[Watched]:
    """The detectors of the present level; none where the AI does nothing that would have to be stopped."""
    return [
        Watched(
            figure=spoken(stepping_down.FIGURES[name]),
            gauges=(
                _gauge(pair.bar, Sentence("against the bar of {rate}", rate=Percent(pair.bar.p0))),
                _gauge(pair.change, Sentence("against the {rate} of the promotion", rate=Percent(pair.change.p0))),
            ),
        )
        for name, pair in found.detectors().items()
    ]


def _gauge(detector: Detector, against: Sentence) -> Gauge:
    level = detector.level
    words = next(words for most, words in say.LOUDNESS if level < most)
    share = min(1.0, math.log10(max(1.0, level)) / math.log10(ALARM))
    return Gauge(against=spoken(against), level=level, share=share, words=spoken(words))


def warnings(found: Look) -> list[tuple[LedgerEntry, str]]:
    """What has set something off lately, in words."""
    if found.epoch is None:
        return []
    entries = readiness.warnings(found.epoch)
    return [(entry, "; ".join(say.alarm_words(name) for name in entry.alarms)) for entry in entries]


def audit(found: Look) -> dict[str, Any]:
    """The audit plan in force: which, how much, why, and for how long."""
    plan = found.job.audit
    return {
        "decides": bool(routing.LEVELS[Level(found.job.level)].ai_decides),
        "plan": plan.plan.label,
        "share": plan.share(found.job.audit_share),
        "why": spoken(say.WHY_AUDITED[plan.plan]),
        "left": math.ceil(plan.left) if plan.plan == AuditPlan.TIGHTENED else 0,
    }


def _compared(found: Look) -> dict[str, Any]:
    """The audit beside a sampling plan; without a lot there is nothing to set it beside."""
    comparison = readiness.compared(found)
    if comparison is None:
        return {"compared": None}
    return {
        "compared": comparison,
        "compared_words": acceptance_words.paragraphs(comparison),
        "compared_rows": acceptance_words.rows(comparison),
    }


def _earlier(epoch: Epoch) -> Earlier:
    return Earlier(epoch=epoch, escape=_seen(epoch, "escape"), ai_error=_seen(epoch, "ai_error"))


def _seen(epoch: Epoch, counter: str) -> str:
    tally = epoch.tallies.get(counter)
    if not tally or not tally["n"]:
        return ""
    k, n = tally["k"], tally["n"]
    upper = upper_limit(k, n, epoch.bars.get("alpha", 0.05))
    said = Sentence("{k} of {n}, at most {upper}", k=Count(k), n=Count(n), upper=Percent(upper))
    return spoken(said)


def _proposal(seat: Seat, standing: Proposal, *, now: datetime) -> dict[str, Any]:
    """What the proposal needs besides itself: what has changed since, and who may do what with it."""
    signed_by = [signature.person_id for signature in standing.signatures.all()]
    right_role = seat.role in proposals.roles_to_sign(standing)
    missing = proposals.signatures_missing(standing)
    return {
        "changed": [spoken(sentence) for sentence in proposals.what_changed(standing, job=seat.job, now=now)],
        "missing": missing,
        "signs": may_sign.covers(seat.role) and right_role and bool(missing) and seat.person.pk not in signed_by,
        "refuses": may_sign.covers(seat.role),
        "fallen": [signature.pk for signature in proposals.fallen(standing)],
        "switches": may_climb.covers(seat.role) and not missing,
        "calendar": [spoken(words) for words in proposals.calendar_changes(standing)],
        "frozen": [_frozen(row) for row in standing.evidence["findings"]],
        "digest": readiness.digest_of(standing),
    }


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    """One criterion as it was proposed; of a minimum, how much there was and how much was asked for."""
    proof = Proof(row["proof"])
    told = {**row, "title": say.title(row["name"]), "word": proof.label, "sign": SIGNS[proof]}
    if row["n"] is None or row["bar"] is not None:
        return told
    return {**told, "n": None, "have": row["k"], "least": _("at least {low}").format(low=number(row["n"]))}
