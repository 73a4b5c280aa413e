"""The audit beside a sampling plan, in sentences that a quality manager can repeat to an auditor."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.policy.acceptance import Plan
from inspection.policy.audit_price import Chances, Comparison
from inspection.refused import spoken
from inspection.sentences import Count, Percent, Sentence
from inspection.templatetags.figures import decimal, number
from inspection.vocabulary import AuditPlan

ALMOST = 0.9995
PLACES = ((10.0, 0), (1.0, 1), (0.1, 2), (0.0, 3))
"""Digits behind the point of an AQL, from the size that has them on."""
IN_ORDER = (AuditPlan.REDUCED, AuditPlan.NORMAL, AuditPlan.TIGHTENED)


@dataclass(frozen=True)
class Row:
    """One way to look at a lot, in words; `letter` is empty where no plan stands behind it."""

    name: str
    letter: str
    n: str
    ac: int
    re: int
    at_bar: str
    five_times: str


def rows(found: Comparison) -> list[Row]:
    """The three severities of the plan, as they tighten, then the audit."""
    plans = [_row(severity, *found.plans[severity]) for severity in IN_ORDER]
    audit = Row(
        name=spoken(Sentence("random audit, {share}", share=Percent(found.share))),
        letter="",
        n=spoken(Sentence("about {n}", n=on_average(found.audits))),
        ac=0,
        re=1,
        at_bar=chance(found.audit.at_bar),
        five_times=chance(found.audit.five_times),
    )
    return [*plans, audit]


def _row(severity: AuditPlan, plan: Plan, chances: Chances) -> Row:
    return Row(
        name=str(severity.label),
        letter=plan.letter,
        n=_sample(plan),
        ac=plan.ac,
        re=plan.re,
        at_bar=chance(chances.at_bar),
        five_times=chance(chances.five_times),
    )


def _sample(plan: Plan) -> str:
    return spoken(Sentence("all {n}", n=Count(plan.n))) if plan.whole else number(plan.n)


def chance(probability: float) -> str:
    """A probability in per cent; what would be rounded to always or never is not called that."""
    if probability >= ALMOST:
        return spoken(Sentence("over {share}", share=Percent(0.999)))
    if probability < 1 - ALMOST:
        return spoken(Sentence("under {share}", share=Percent(0.001)))
    return spoken(Sentence("{share}", share=Percent(probability)))


def aql(percent: float) -> str:
    """An AQL as tables print it, two digits or three: 0.010, 0.65, 1.0, 10."""
    return decimal(percent, next(places for least, places in PLACES if percent >= least))


def on_average(parts: float) -> str:
    """A mean number of parts; tenths where they are few."""
    return decimal(parts, 1) if parts < 10 else number(parts)


def paragraphs(found: Comparison) -> list[str]:
    """Which plan such a lot would get; what plan and audit let through; where the switching rules would stand."""
    said = ([_lot(found), *_arrow(found)], [_both(found), _stricter(found)], [_switching(found)])
    return [" ".join(map(spoken, sentences)) for sentences in said]


def _lot(found: Comparison) -> Sentence:
    return Sentence(
        "The usual lot here has {lot} parts (median; lots counted: {lots}). The largest preferred AQL not above the "
        "escape bar of {bar} is {aql}. At inspection level II such a lot has code letter {letter}.",
        lot=Count(found.lot),
        lots=Count(found.lots),
        bar=Percent(found.bar),
        aql=aql(found.aql),
        letter=found.letter,
    )


def _arrow(found: Comparison) -> list[Sentence]:
    """Where the table sends one on to another letter."""
    to = found.plan.letter
    said = Sentence("There the table has an arrow: the plan of letter {letter} is used.", letter=to)
    return [] if to == found.letter else [said]


def _both(found: Comparison) -> Sentence:
    plan, chances = found.plans[AuditPlan.NORMAL]
    return Sentence(
        "Of lots from a process with {bar} bad parts the plan (parts looked at: {n}, bad ones allowed: {ac}) would "
        "accept {plan}, the audit (parts looked at: about {audits}, bad ones allowed: 0) {audit}.",
        bar=Percent(found.bar),
        n=_sample(plan),
        ac=plan.ac,
        plan=chance(chances.at_bar),
        audits=on_average(found.audits),
        audit=chance(found.audit.at_bar),
    )


def _stricter(found: Comparison) -> Sentence:
    if found.audit.at_bar > found.plans[AuditPlan.NORMAL][1].at_bar:
        return Sentence(
            "With a single such lot the audit is less strict than the plan. It adds its errors up over all lots "
            "instead: the table above says after how many parts a fall is noticed."
        )
    return Sentence(
        "With a single such lot the audit is no less strict than the plan, and it adds its errors up over all lots."
    )


def _switching(found: Comparison) -> Sentence:
    """The switching rules over the lots that the audit has looked at."""
    said = {"n": Count(len(found.audited)), "bad": Count(found.audited.count(False))}
    if not found.audited:
        return Sentence("No lot has been audited yet; the switching rules begin with normal inspection.")
    if found.standing.discontinued:
        return Sentence(
            "After the latest audited lots (lots: {n}, with an error: {bad}) the switching rules would allow no more "
            "sampling until the process has been mended.",
            **said,
        )
    return Sentence(
        "After the latest audited lots (lots: {n}, with an error: {bad}) the switching rules would ask for {severity} "
        "inspection.",
        **said,
        severity=found.standing.severity.label,
    )
