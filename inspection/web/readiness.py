"""May this job climb? What the page of the level says to those who lead the job."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inspection.models import Epoch, Proposal
from inspection.permissions import may_change_bars, may_climb, may_sign
from inspection.policy import counting, ladder, routing, stepping_down
from inspection.policy.audit_price import Fall, Price
from inspection.policy.evalues import ALARM, Detector, upper_limit
from inspection.policy.promotion import LEAST_PAIRS, MOST_DEMOTIONS, Finding
from inspection.queries import incidents, proposals, readiness
from inspection.queries.readiness import Look, Mark, Point
from inspection.queries.standing import undecided
from inspection.refused import spoken
from inspection.sentences import Count, Percent, Sentence
from inspection.templatetags.figures import number, plain
from inspection.vocabulary import AuditPlan, Level, MemberRole, Proof, ProposalState
from inspection.web.access import Seat
from inspection.web.proof_plot import ProofPlot, proof_plot

SIGNS = {Proof.PROVEN: "✓", Proof.NOT_MET: "✕", Proof.NOT_YET: "…"}
LOUDNESS = (
    (10.0, Sentence("quiet")),
    (100.0, Sentence("a few errors, nothing unusual")),
    (1_000.0, Sentence("more errors than expected")),
    (math.inf, Sentence("close to an alarm")),
)
"""What a detector's level means, by the level below which it says so."""
WHY_AUDITED = {
    AuditPlan.TIGHTENED: Sentence("after a climb, a warning, or two lots with an error out of five"),
    AuditPlan.NORMAL: Sentence("nothing calls for more or allows for less"),
    AuditPlan.REDUCED: Sentence("ten lots without an error, and an upper limit of at most half the bar"),
}


TITLES = {
    "ai_error": Sentence("AI error"),
    "miss": Sentence("misses among defects"),
    "escape": Sentence("escapes per inspected part"),
    "escape_blind": Sentence("escapes in the blind share"),
    "escape_audit": Sentence("escapes in the random audit"),
    "miss_blind": Sentence("misses in the blind share"),
    "overkill_blind": Sentence("overkill in the blind share"),
    "ai_share": Sentence("parts that the AI would pass by itself"),
    "items": Sentence("parts counted"),
    "defects": Sentence("defects counted"),
    "lots": Sentence("lots or ten-minute slots"),
    "shifts": Sentence("shifts"),
    "people": Sentence("people who judged"),
    "days": Sentence("days"),
    "days_in_partial": Sentence("days in partial automation"),
    "alarms": Sentence("open alarms and incidents"),
    "unsettled": Sentence("parts on which people could not tell"),
    "demotions": Sentence("demotions"),
    "cool_down": Sentence("cool-down"),
}
"""What the criteria are called in a table, by their names."""
UNITS = {
    counting.Of.ITEMS: Sentence("counted parts"),
    counting.Of.DEFECTS: Sentence("counted defects"),
    counting.Of.GOOD: Sentence("counted good parts"),
}
DENOMINATORS = {counter.name: counter.of for counter in counting.ALWAYS}
SMALL, LARGE = 0.001, 1_000_000
ROWS = 40
"""Rows of the table behind a plot: the newest points."""


def title(name: str) -> str:
    """What a criterion is called; those of single classes are named with a colon and the class."""
    counter, _colon, label = name.partition(":")
    if label:
        return spoken(Sentence("misses of the class {label}", label=label))
    return spoken(TITLES.get(counter, counter))


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
        return title(self.finding.name)

    @property
    def unit(self) -> str:
        return unit(self.finding.counter)

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
    return {
        "look": found,
        "answer": answer(found, standing),
        "lines": lines(found),
        "proposal": standing,
        **(_proposal(seat, standing, found, now=now) if standing else {}),
        "watched": watched(found),
        "audit": audit(found),
        "prices": found.prices(),
        "price_words": price_words(found.prices(), seat.job.audit.share(seat.job.audit_share)),
        "falls": [fall_words(fall) for fall in found.prices()[0].falls],
        "warnings": readiness.warnings(found.epoch) if found.epoch else [],
        "open_incidents": incidents.open_of_job(seat.job),
        "on_alarm": on_alarm(found),
        "earlier": [_earlier(epoch) for epoch in readiness.earlier(seat.job, found.epoch)],
        "closed": readiness.closed_proposals(seat.job),
        "trainers": [who.shown_name for who in readiness.trainers(found.epoch)] if found.epoch else [],
        "ceiling": ceiling_words(found),
        "changes_bars": may_change_bars.covers(seat.role),
    }


def answer(found: Look, standing: Proposal | None) -> str:
    """The page's question in one sentence."""
    level = Level(found.job.level)
    to = ladder.above(level)
    if to is None:
        return _("This job stands on the top level")
    if found.ready is None:
        return _("Nothing has to be proven for {level}: an admin may switch").format(level=to.label)
    if standing is not None:
        words = _("proven and signed, an admin may switch")
        if standing.state == ProposalState.OPEN:
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
        stands=_stands(finding, found.ready.alpha),
    )


def _stands(finding: Finding, alpha: float) -> str:
    """The sentence under a plot."""
    return _(
        "What a bet of 1 against “{bar} or worse” has become, one by one. At {needed} the claim is proven, however "
        "often one looks; after {n} {unit} it stands at {value}."
    ).format(
        bar=_percent(finding.bar or 0.0),
        needed=number(round(1 / alpha)),
        n=number(finding.n),
        unit=unit(finding.counter),
        value=_e_value(-math.inf if finding.log_e is None else finding.log_e),
    )


def _e_value(log_e: float) -> str:
    """An e-value as people read it: where it is far from what matters, how far is all there is to say."""
    if log_e < math.log(SMALL):
        return _("less than {value}").format(value=plain(SMALL))
    if log_e > math.log(LARGE):
        return _("more than {value}").format(value=number(LARGE))
    value = math.exp(log_e)
    return number(round(value)) if value >= 100 else plain(float(f"{value:.2g}"))


def unit(counter: str) -> str:
    return spoken(UNITS[DENOMINATORS.get(counter, counting.Of.DEFECTS)])


def _percent(share: float) -> str:
    return spoken(Sentence("{share}", share=Percent(share)))


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
    words = next(words for most, words in LOUDNESS if level < most)
    share = min(1.0, math.log10(max(1.0, level)) / math.log10(ALARM))
    return Gauge(against=spoken(against), level=level, share=share, words=spoken(words))


def audit(found: Look) -> dict[str, Any]:
    """The audit plan in force: which, how much, why, and for how long."""
    plan = found.job.audit
    return {
        "decides": bool(routing.LEVELS[Level(found.job.level)].ai_decides),
        "plan": plan.plan.label,
        "share": plan.share(found.job.audit_share),
        "why": spoken(WHY_AUDITED[plan.plan]),
        "left": math.ceil(plan.left) if plan.plan == AuditPlan.TIGHTENED else 0,
    }


def fall_words(fall: Fall) -> str:
    """A fall as people say it: by the share that is right."""
    said = Sentence("from {before} to {after}", before=Percent(1 - fall.before), after=Percent(1 - fall.after))
    return spoken(said)


def price_words(prices: Sequence[Price], share: float) -> str:
    """What the rate in force, or the nearest one, buys."""
    nearest = min(prices, key=lambda price: abs(price.rate - share))
    fall = nearest.falls[0]
    return spoken(
        Sentence(
            "At {rate} random audit, a fall from {before} to {after} is noticed after about {parts} parts; half of all "
            "such falls sooner, half later.",
            rate=Percent(nearest.rate),
            before=Percent(1 - fall.before),
            after=Percent(1 - fall.after),
            parts=Count(_round(fall.parts)),
        )
    )


def _round(parts: int) -> int:
    """Two digits: the third one would promise what a median of simulations does not hold."""
    digits = max(0, len(str(parts)) - 2)
    return round(parts, -digits)


def on_alarm(found: Look) -> str:
    """What the next alarm of a detector would do."""
    level = Level(found.job.level)
    if not stepping_down.WATCHES.get(level):
        return ""
    demotions = (found.epoch.demotions if found.epoch else 0) + 1
    to = stepping_down.lands_on(ladder.below(level), demotions=demotions)
    said = Sentence(
        "An alarm of a bar detector lowers the job to {level}, at once and by itself; undecided parts that would go to "
        "people now: {n}.",
        level=to.label,
        n=Count(undecided(found.job)),
    )
    last = Sentence("It would be demotion number {n}: after it another model has to come.", n=demotions)
    return f"{spoken(said)} {spoken(last)}" if demotions >= MOST_DEMOTIONS else spoken(said)


def ceiling_words(found: Look) -> str:
    """How well people agree with one another: no AI can be proven to be better than that."""
    ceiling = found.facts.ceiling
    if ceiling.error is None:
        if ceiling.pairs >= LEAST_PAIRS:
            return _("unknown: two people agreed on less than half of the parts that both judged")
        said = Sentence("unknown: {n} of {least} pairs", n=Count(ceiling.pairs), least=LEAST_PAIRS)
        return spoken(said)
    said = Sentence(
        "about {error} of people's own verdicts are wrong (two people agreed on {agree} of {pairs} parts)",
        error=Percent(ceiling.error),
        agree=Count(ceiling.agree),
        pairs=Count(ceiling.pairs),
    )
    return spoken(said)


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


def _proposal(seat: Seat, standing: Proposal, found: Look, *, now: datetime) -> dict[str, Any]:
    """What the proposal needs besides itself: what has changed since, and who may do what with it."""
    signed_by = [signature.person_id for signature in standing.signatures.all()]
    second = bool(signed_by) and ladder.signatures(Level(standing.new)) > 1
    right_role = seat.role == MemberRole.MANAGER or (second and seat.role == MemberRole.ADMIN)
    missing = proposals.signatures_missing(standing)
    return {
        "changed": [spoken(sentence) for sentence in proposals.what_changed(standing, job=seat.job, now=now)],
        "missing": missing,
        "signs": may_sign.covers(seat.role) and right_role and bool(missing) and seat.person.pk not in signed_by,
        "refuses": may_sign.covers(seat.role),
        "switches": may_climb.covers(seat.role) and standing.state == ProposalState.SIGNED,
        "consequence": consequence(Level(standing.new), found),
        "frozen": [_frozen(row) for row in standing.evidence["findings"]],
        "digest": readiness.digest_of(standing),
    }


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "title": title(row["name"]), "word": Proof(row["proof"]).label, "sign": SIGNS[Proof(row["proof"])]}


def consequence(to: Level, found: Look) -> str:
    """What a climb changes from then on, in words."""
    if to == Level.ASSISTANCE:
        return spoken(
            Sentence(
                "From then on inspectors see what the AI thinks, but for {blind} of the parts; people go on deciding.",
                blind=Percent(found.job.blind_share),
            )
        )
    share = found.ai_share
    tally = found.tallies.get(counting.NOT_ACCEPTED.name, counting.NONE)
    if share is None or not tally.n:
        return ""
    said = Sentence(
        "From then on the AI passes about {share} of the parts by itself; {audit} of those are looked at again for the "
        "first {parts}.",
        share=Percent(round(share, 2)),
        audit=Percent(found.job.audit.tightened().share(found.job.audit_share)),
        parts=Count(1_000),
    )
    more = Sentence("What the AI rejects goes to no person any more.") if to == Level.FULL else ""
    return f"{spoken(said)} {spoken(more)}".strip()
