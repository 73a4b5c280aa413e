"""May a job climb? The same as the page of the level says, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.api.access import Door, seat_in
from inspection.api.problems import FAILURES
from inspection.models import Epoch
from inspection.permissions import may_read_readiness
from inspection.policy import ladder
from inspection.policy.acceptance import DISCONTINUED, LEVELS
from inspection.policy.audit_price import INSPECTION_LEVEL, Comparison, Price
from inspection.policy.evalues import ALARM
from inspection.policy.promotion import Finding
from inspection.queries import proposals, readiness
from inspection.queries.readiness import Look
from inspection.refused import spoken
from inspection.vocabulary import AuditPlan, Gate, Level, Proof


class FindingShape(serializers.Serializer):
    name = serializers.CharField()
    proof = serializers.ChoiceField(choices=Proof.choices)
    sentence = serializers.CharField()
    k = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    bar = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True, help_text="Upper limit, valid however often one looks.")
    log_e = serializers.FloatField(allow_null=True, help_text="Natural logarithm of the e-value; null: below all.")
    needed_best = serializers.IntegerField(allow_null=True, help_text="More items, if no further error comes.")
    needed_rate = serializers.IntegerField(allow_null=True, help_text="More items at the present rate; null: never.")
    shifts = serializers.IntegerField(allow_null=True, help_text="About how many shifts that is; null: unknown.")


class EpochShape(serializers.Serializer):
    id = serializers.IntegerField()
    fingerprint = serializers.CharField()
    model = serializers.CharField()
    counting_since = serializers.DateTimeField()
    demotions = serializers.IntegerField()
    cool_until = serializers.DateTimeField(allow_null=True)
    cool_items = serializers.IntegerField()
    proven = serializers.ChoiceField(choices=Level.choices)


class DetectorShape(serializers.Serializer):
    name = serializers.CharField()
    against = serializers.ChoiceField(choices=["bar", "promotion"])
    rate = serializers.FloatField(help_text="The error rate above which it bets.")
    level = serializers.FloatField()
    alarm_at = serializers.FloatField()


class AuditShape(serializers.Serializer):
    plan = serializers.ChoiceField(choices=AuditPlan.choices)
    share = serializers.FloatField()
    left = serializers.FloatField(help_text="Parts for which it stays tightened.")


class FallShape(serializers.Serializer):
    before = serializers.FloatField(help_text="Share of bad parts among those passed, before.")
    after = serializers.FloatField()
    parts = serializers.IntegerField(help_text="Parts until half of all such falls are noticed.")


class PriceShape(serializers.Serializer):
    rate = serializers.FloatField()
    audits = serializers.FloatField(allow_null=True, help_text="Audits a shift at the present pace.")
    falls = FallShape(many=True)


class ChancesShape(serializers.Serializer):
    at_bar = serializers.FloatField(help_text="Probability that a lot is accepted whose process is at the escape bar.")
    five_times = serializers.FloatField(help_text="The same at five times the bar.")


class PlanShape(ChancesShape):
    plan = serializers.ChoiceField(choices=AuditPlan.choices, help_text="Severity of inspection.")
    letter = serializers.CharField(help_text="Row of the plan, after the arrows.")
    n = serializers.IntegerField(help_text="Parts looked at; at most the lot.")
    ac = serializers.IntegerField(help_text="Bad parts up to which the lot is accepted.")
    re = serializers.IntegerField(help_text="Bad parts from which it is not; a reduced plan leaves a gap.")


class AuditedLotShape(ChancesShape):
    share = serializers.FloatField(help_text="Share of the AI's decisions that is audited now.")
    parts = serializers.FloatField(help_text="Parts of the lot that are audited, on average; none may be bad.")


class SamplingShape(serializers.Serializer):
    lot = serializers.IntegerField(help_text="Median size of the latest lots that carry a name.")
    lots = serializers.IntegerField(help_text="How many lots those are.")
    inspection_level = serializers.ChoiceField(choices=list(LEVELS))
    aql = serializers.FloatField(help_text="Percent nonconforming; the largest preferred AQL not above the bar.")
    letter = serializers.CharField(help_text="Code letter of the lot.")
    plans = PlanShape(many=True)
    audit = AuditedLotShape()
    switching = serializers.ChoiceField(
        choices=[*AuditPlan.values, DISCONTINUED], help_text="Where the switching rules would stand after those lots."
    )


class CeilingShape(serializers.Serializer):
    agree = serializers.IntegerField()
    pairs = serializers.IntegerField()
    error = serializers.FloatField(allow_null=True, help_text="Share of people's own verdicts that are wrong.")


class ReadinessShape(serializers.Serializer):
    level = serializers.ChoiceField(choices=Level.choices)
    gate = serializers.ChoiceField(choices=Gate.choices)
    next = serializers.ChoiceField(choices=Level.choices, allow_null=True)
    proven = serializers.BooleanField(help_text="Whether all criteria of the next climb hold now.")
    alpha = serializers.FloatField(help_text="Chance of a wrong proof that is allowed now.")
    findings = FindingShape(many=True)
    epoch = EpochShape(allow_null=True)
    detectors = DetectorShape(many=True)
    audit = AuditShape()
    prices = PriceShape(many=True)
    sampling = SamplingShape(allow_null=True, help_text="The audit beside a sampling plan; null: no lot has a name.")
    ceiling = CeilingShape()
    trainers = serializers.ListField(child=serializers.CharField(), help_text="Judged before the model came.")
    proposal = serializers.IntegerField(allow_null=True, help_text="The one that waits to be signed or switched.")


class ReadinessOfJob(Door):
    @extend_schema(operation_id="read_readiness", responses={200: ReadinessShape, **FAILURES})
    def get(self, request: Request, slug: str) -> Response:
        """Each criterion of the next climb, what watches over the present level, and what the audit costs."""
        seat = seat_in(request, slug, may_read_readiness)
        found = readiness.look(seat.job, now=timezone.now())
        to, standing = ladder.above(Level(seat.job.level)), proposals.standing(seat.job)
        epoch, ready = found.epoch, found.ready
        return Response(
            {
                "level": seat.job.level,
                "gate": seat.job.gate,
                "next": to.value if to else None,
                "proven": ready.proven if ready else to is not None,
                "alpha": found.alpha,
                "findings": [_finding(found, one) for one in ready.findings] if ready else [],
                "epoch": _epoch(epoch) if epoch else None,
                "detectors": _detectors(found),
                "audit": _audit(found),
                "prices": [_price(price) for price in found.prices()],
                "sampling": _sampling(readiness.compared(found)),
                "ceiling": _ceiling(found),
                "trainers": [who.shown_name for who in readiness.trainers(epoch)] if epoch else [],
                "proposal": standing.pk if standing else None,
            }
        )


def _finding(found: Look, one: Finding) -> dict[str, Any]:
    names = ("name", "proof", "k", "n", "bar", "upper", "log_e", "needed_best", "needed_rate")
    told = one.as_json()
    return {**{name: told[name] for name in names}, "sentence": spoken(one.sentence), "shifts": found.shifts(one)}


def _epoch(epoch: Epoch) -> dict[str, Any]:
    return {
        "id": epoch.pk,
        "fingerprint": epoch.fingerprint,
        "model": epoch.model.digest,
        "counting_since": epoch.counting_since.isoformat(),
        "demotions": epoch.demotions,
        "cool_until": epoch.cool_until.isoformat() if epoch.cool_until else None,
        "cool_items": epoch.cool_items,
        "proven": epoch.proven,
    }


def _detectors(found: Look) -> list[dict[str, Any]]:
    return [
        {"name": name, "against": against, "rate": one.p0, "level": one.level, "alarm_at": ALARM}
        for name, pair in found.detectors().items()
        for against, one in (("bar", pair.bar), ("promotion", pair.change))
    ]


def _audit(found: Look) -> dict[str, Any]:
    plan = found.job.audit
    return {"plan": plan.plan.value, "share": plan.share(found.job.audit_share), "left": plan.left}


def _price(price: Price) -> dict[str, Any]:
    falls = [{"before": fall.before, "after": fall.after, "parts": fall.parts} for fall in price.falls]
    return {"rate": price.rate, "audits": price.audits, "falls": falls}


def _sampling(found: Comparison | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "lot": found.lot,
        "lots": found.lots,
        "inspection_level": INSPECTION_LEVEL,
        "aql": found.aql,
        "letter": found.letter,
        "plans": [
            {
                "plan": severity.value,
                "letter": plan.letter,
                "n": plan.n,
                "ac": plan.ac,
                "re": plan.re,
                **asdict(chances),
            }
            for severity, (plan, chances) in found.plans.items()
        ],
        "audit": {"share": found.share, "parts": found.audits, **asdict(found.audit)},
        "switching": found.standing.state,
    }


def _ceiling(found: Look) -> dict[str, Any]:
    ceiling = found.facts.ceiling
    return {"agree": ceiling.agree, "pairs": ceiling.pairs, "error": ceiling.error}
