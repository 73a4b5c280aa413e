"""What tried-out settings would have come to, in sentences."""

from __future__ import annotations

from inspection.policy.routing import LEVELS
from inspection.policy.sampling import FACTOR, TIGHTENED_PARTS
from inspection.policy.what_if import Figures, Seen, Setting, Work
from inspection.sentences import Count, Number, Percent, Sentence
from inspection.vocabulary import AuditPlan, Level

FIGURES = ("automation", "to_people", "hours", "escapes", "misses", "overkill", "rejected", "audits", "noticed")
"""What is told of a setting, in the order in which it is read."""
TITLES = {
    "automation": Sentence("Decided by the AI"),
    "to_people": Sentence("Looks of people a shift"),
    "hours": Sentence("People's time a shift"),
    "escapes": Sentence("Escapes per inspected part"),
    "misses": Sentence("Misses among bad parts"),
    "overkill": Sentence("Overkill among good parts"),
    "rejected": Sentence("Rejected without a person"),
    "audits": Sentence("Audits a shift"),
    "noticed": Sentence("Until doubled escapes are noticed"),
}
UNKNOWN = (
    Sentence(
        "People who see a hint judge otherwise than people who see none: this says what the AI would have said, "
        "not what people would have made of it."
    ),
    Sentence(
        "These are the parts, the light and the camera of those days. Defects that did not come then, or another "
        "light, are not in these figures."
    ),
    Sentence(
        "A threshold that is picked because it looks best here is better here than it will be: only later parts "
        "prove it."
    ),
    Sentence(
        "Parts on which the AI gave no answer go to people at every level; they are counted neither here nor there. "
        "Second looks, adjudication and known parts take time on top."
    ),
)
"""What no replay can tell."""


def sentence(name: str, found: Figures, seen: Seen) -> Sentence:
    """What one figure of a setting says, in words."""
    return _SAY[name](found, seen)


def _automation(found: Figures, _seen: Seen) -> Sentence:
    share = found.automation
    if not found.setting.decides:
        return Sentence("People decide every part.")
    if share.value is None:
        return _nothing()
    if not found.setting.effective.blind:
        return Sentence("{share} of the parts would need no person.", share=_whole(share.value))
    return Sentence(
        "{share} of the parts would need no person; {blind} of all go to one blind, whatever the AI thinks.",
        share=_whole(share.value),
        blind=Percent(found.setting.effective.blind),
    )


def _to_people(found: Figures, _seen: Seen) -> Sentence:
    if found.to_people is None or found.audits is None:
        return _nothing()
    if not found.setting.decides:
        return Sentence("All {n} parts of a shift.", n=_count(found.to_people))
    return Sentence(
        "About {n} looks a shift, {audits} of them audits of what the AI decided.",
        n=_count(found.to_people),
        audits=_count(found.audits),
    )


def _hours(found: Figures, seen: Seen) -> Sentence:
    if seen.seconds is None:
        return Sentence("Undefined: no verdict of these parts has its time on record.")
    if found.hours is None:
        return _nothing()
    return Sentence(
        "At about {seconds} seconds a verdict, the median of those who judged these parts.",
        seconds=Count(max(1, round(seen.seconds))),
    )


def _escapes(found: Figures, _seen: Seen) -> Sentence:
    share = found.escapes
    if share is None:
        return Sentence("The AI passes nothing by itself; what people let through is not in these figures.")
    if share.high is None:
        return _nothing()
    return Sentence(
        "With 95 % confidence at most {upper} of the inspected parts are bad and would be passed (seen: {k} of {n}).",
        upper=Percent(share.high),
        k=Count(share.k),
        n=Count(share.n),
    )


def _misses(found: Figures, _seen: Seen) -> Sentence:
    share = found.misses
    if not share.n:
        return Sentence("Undefined: there was no bad part.")
    return Sentence("Of {n} bad parts the AI would call {k} OK.", n=Count(share.n), k=Count(share.k))


def _overkill(found: Figures, _seen: Seen) -> Sentence:
    share = found.overkill
    if not share.n:
        return Sentence("Undefined: there was no good part.")
    if found.rejected is None:
        return Sentence(
            "Of {n} good parts the AI would call {k} NG; a person still decides them.",
            n=Count(share.n),
            k=Count(share.k),
        )
    return Sentence("Of {n} good parts the AI would call {k} NG.", n=Count(share.n), k=Count(share.k))


def _rejected(found: Figures, _seen: Seen) -> Sentence:
    if found.rejected is None or found.rejected_good is None:
        return Sentence("Nothing: whatever the AI rejects goes to a person.")
    if found.rejected_good.high is None:
        return _nothing()
    return Sentence(
        "Nobody would look at them; with 95 % confidence at most {upper} of all parts are good ones among them.",
        upper=Percent(found.rejected_good.high),
    )


def _audits(found: Figures, _seen: Seen) -> Sentence:
    if not found.setting.decides:
        return Sentence("None: there is no decision of the AI to look at again.")
    if found.audits is None:
        return _nothing()
    return Sentence(
        "{rate} of what the AI decides, drawn at random, and about as many of what it passes picked by risk.",
        rate=Percent(found.setting.effective.audit),
    )


def _noticed(found: Figures, seen: Seen) -> Sentence:
    if found.noticed is None or found.doubling is None:
        return Sentence("The AI decides nothing that an audit would have to watch.") if seen.n else _nothing()
    before, after = found.doubling
    return Sentence(
        "A rise of escapes from {before} to {after} is noticed after about so many parts of the AI's; half of all "
        "such rises sooner, half later.",
        before=Percent(before),
        after=Percent(after),
    )


_SAY = {
    "automation": _automation,
    "to_people": _to_people,
    "hours": _hours,
    "escapes": _escapes,
    "misses": _misses,
    "overkill": _overkill,
    "rejected": _rejected,
    "audits": _audits,
    "noticed": _noticed,
}


def _nothing() -> Sentence:
    return Sentence("Undefined: no part speaks yet.")


def _whole(share: float) -> Percent:
    """Large shares without places: their intervals are wider than one per cent."""
    return Percent(round(share, 2)) if share >= 0.01 else Percent(share)


def _count(work: Work) -> Count:
    return Count(round(work.value))


def headline(now: Figures, then: Figures) -> Sentence:
    """The answer in one sentence."""
    if then.automation.value is None:
        return Sentence("Nothing of these days can say: no part was drawn by chance and judged without a hint.")
    if now.setting == then.setting:
        return Sentence("This is what is in force now. Change a setting to see what it would have come to.")
    if not then.setting.decides or then.escapes is None or then.escapes.high is None:
        return Sentence("At {level} people decide every part.", level=then.setting.level.label)
    return Sentence(
        "At {level} with OK up to {at} the AI would have decided {share} of the parts and passed, with 95 % "
        "confidence, at most {upper} bad ones per inspected part (seen: {k} of {n}).",
        level=then.setting.level.label,
        at=_threshold(then.setting),
        share=_whole(then.automation.value),
        upper=Percent(then.escapes.high),
        k=Count(then.escapes.k),
        n=Count(then.escapes.n),
    )


def _threshold(setting: Setting) -> Number | Sentence:
    accept = setting.thresholds.accept_at
    return Sentence("no score at all") if accept is None else Number(accept)


def tightened(setting: Setting, *, now: Level) -> Sentence | None:
    """After a climb the audit is tighter for a while than what was tried."""
    order = list(LEVELS)
    if not setting.decides or order.index(setting.level) <= order.index(now):
        return None
    return Sentence(
        "After a climb {audit} are audited for the first {parts} parts.",
        audit=Percent(min(1.0, setting.effective.audit * FACTOR[AuditPlan.TIGHTENED])),
        parts=Count(TIGHTENED_PARTS),
    )
