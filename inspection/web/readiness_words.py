"""What the page of the level says, word by word: criteria, prices, alarms, consequences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from inspection.policy import counting, ladder, stepping_down
from inspection.policy.audit_price import Fall, Price
from inspection.policy.promotion import LEAST_PAIRS, MOST_DEMOTIONS, Finding
from inspection.queries.readiness import Look
from inspection.queries.standing import undecided
from inspection.refused import spoken
from inspection.sentences import Count, Percent, Sentence
from inspection.templatetags.figures import number, plain
from inspection.vocabulary import AuditPlan, Cause, Level

LOUDNESS = (
    (100.0, Sentence("quiet")),
    (1_000.0, Sentence("more errors than expected")),
    (math.inf, Sentence("close to an alarm")),
)
"""What a detector's level means, by the level below which it says so."""
ALARMS = {
    "bar": Sentence("{figure}: alarm, the evidence speaks against the bar"),
    "change": Sentence("{figure}: warning, more than at the promotion"),
}
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
    "not_accepted": Sentence("parts that the AI would not pass"),
    "ai_share": Sentence("parts that the AI would pass by itself"),
    "items": Sentence("parts counted"),
    "defects": Sentence("defects counted"),
    "lots": Sentence("lots or ten-minute slots"),
    "shifts": Sentence("shifts"),
    "people": Sentence("people who judged"),
    "days": Sentence("days"),
    "shifts_apart": Sentence("time between the shifts"),
    "days_apart": Sentence("time between the days"),
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
    counting.Of.PASSED: Sentence("counted parts that the AI passed"),
}
DENOMINATORS = {counter.name: counter.of for counter in counting.ALWAYS}
SMALL, LARGE = 0.001, 1_000_000


def title(name: str) -> str:
    """What a criterion is called; those of single classes are named with a colon and the class."""
    counter, _colon, label = name.partition(":")
    if label:
        return spoken(Sentence("misses of the class {label}", label=label))
    return spoken(TITLES.get(counter, counter))


def stands(finding: Finding, alpha: float) -> str:
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


def alarm_words(name: str) -> str:
    """An alarm of the ledger: which detector it was, or that a critical defect was let through."""
    kind, _colon, watch = name.partition(":")
    if kind not in ALARMS or watch not in stepping_down.FIGURES:
        return str(Cause.CRITICAL.label) if kind == Cause.CRITICAL else name
    return spoken(Sentence(ALARMS[kind], figure=stepping_down.FIGURES[watch]))


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


def consequence(now: Level, found: Look) -> str:
    """What the next climb changes from then on, in words."""
    to = ladder.above(now)
    if to == Level.SHADOW:
        return _("From then on the AI looks at every part, hidden from all; people go on deciding.")
    if to == Level.ASSISTANCE:
        return spoken(
            Sentence(
                "From then on inspectors see what the AI thinks, but for {blind} of the parts; people go on deciding.",
                blind=Percent(found.job.shares.blind),
            )
        )
    share = found.ai_share
    tally = found.tallies.get(counting.NOT_ACCEPTED.name, counting.NONE)
    if to is None or share is None or not tally.n:
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
