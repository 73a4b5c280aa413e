"""Who is right where people and AI differ: first look, second look, adjudicator."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspection.policy.sampling import Draw
from inspection.vocabulary import Look, Settled, Verdict


@dataclass(frozen=True)
class Draws:
    """The chances of one item: to be judged twice whatever is said, to be looked at again though all agree."""

    double: Draw
    recheck: Draw


UNDRAWN = Draws(double=Draw(hit=False, probability=0.0), recheck=Draw(hit=False, probability=0.0))
"""For whoever asks where an item stands, and not whom to ask next."""


@dataclass(frozen=True)
class Reopened:
    """Somebody had a part that was through looked at again; `before` is the reference that it had until then."""

    before: Verdict | None


@dataclass(frozen=True)
class Heard:
    """What has been said of one item so far.

    `first` is the answer given without help where there is one; `blind` whether it was given without knowing the AI's
    opinion; `opinion` is None where the AI had none.
    """

    opinion: Verdict | None
    first: Verdict | None
    blind: bool
    second: Verdict | None = None
    second_knew: bool = False
    """The second person had seen what the AI said; such an answer settles nothing."""
    adjudicated: Verdict | None = None
    proves: bool = True
    """The adjudicator had not seen what the AI said."""
    reopened: Reopened | None = None
    helped: bool = False
    """The draw had the hint shown to the person, so that its help can be measured."""


@dataclass(frozen=True)
class Standing:
    """Where an item stands: the reference if there is one yet, who is asked next, and whether the part is disputed."""

    reference: Verdict | None
    settled: Settled | None
    ask: Look | None = None
    probability: float = 1.0
    disputed: bool = False
    """Two people differ: until an adjudicator has looked the part passes for nothing."""
    reopened: Reopened | None = None


NOTHING = Standing(reference=None, settled=None)


def stand(heard: Heard, draws: Draws) -> Standing:
    """Where an item stands after what was heard.

    An AI that is UNSURE differs from nobody: it has said nothing that a second person could settle. A part that was
    opened again and on which the AI is right now though it was wrong before goes to an adjudicator: whoever opens its
    errors, and only these, would sooner or later find somebody who agrees with it.
    """
    found = replace(_stand(heard, draws), reopened=heard.reopened)
    before = heard.reopened.before if heard.reopened else None
    if heard.adjudicated is not None or before in (None, Verdict.UNSURE) or found.reference != heard.opinion:
        return found
    if found.reference in (None, before):
        return found
    return Standing(None, None, ask=Look.ADJUDICATION, disputed=True, reopened=heard.reopened)


def _stand(heard: Heard, draws: Draws) -> Standing:
    if heard.adjudicated is not None:
        # Else an answer that proved nothing became the reference when somebody took a later one back.
        return Standing(reference=heard.adjudicated, settled=Settled.ADJUDICATOR) if heard.proves else NOTHING
    if heard.first is None:
        return NOTHING
    if heard.second is None:
        return _after_one(heard, heard.first, draws)
    return _after_two(heard, heard.first, heard.second)


def backed(standing: Standing, opinion: Verdict | None) -> Verdict | None:
    """The reference that a part has as evidence: what was said after it had been opened again may speak against the AI
    and never for it, since nobody opens a part by chance."""
    reopened = standing.reopened
    if reopened is None or _worth(standing.reference, opinion) <= _worth(reopened.before, opinion):
        return standing.reference
    return reopened.before


def _worth(reference: Verdict | None, opinion: Verdict | None) -> int:
    """What a reference is worth to an AI of this opinion: nothing where it counts as an error, little where the part is
    left out of the count."""
    if reference == Verdict.UNSURE:
        return 1
    return 2 if reference is not None and reference == opinion else 0


def _after_one(heard: Heard, first: Verdict, draws: Draws) -> Standing:
    ask, probability = _next_look(heard, first, draws)
    # With the AI in view, agreement proves nothing and a difference has been settled already.
    clear = heard.blind and first != Verdict.UNSURE and not _differs(heard.opinion, first)
    return Standing(
        reference=first if clear else None,
        settled=Settled.AGREEMENT if clear else None,
        ask=ask,
        probability=probability,
    )


def _next_look(heard: Heard, first: Verdict, draws: Draws) -> tuple[Look | None, float]:
    """Drawn pairs come first: they are a fair sample only when nothing that was said decides over them."""
    if heard.blind and draws.double.hit:
        return Look.DOUBLE, draws.double.probability
    if first == Verdict.UNSURE:
        return Look.UNSURE, 1.0
    if heard.blind and _differs(heard.opinion, first):
        return Look.DISAGREED, 1.0
    # Whatever was said with the hint in view: by the doubtful parts alone people would seem to be wrong with it.
    if draws.recheck.hit and (heard.helped or (heard.blind and heard.opinion == first)):
        return Look.RECHECK, draws.recheck.probability
    return None, 1.0


def _after_two(heard: Heard, first: Verdict, second: Verdict) -> Standing:
    """Two who both knew the AI's opinion and find the part good prove nothing, and hold nothing up; what they find bad
    goes to an adjudicator, so that an escape is not lost on people who had looked first."""
    if heard.second_knew:
        if not heard.blind and first == second == Verdict.OK:
            return NOTHING
        second = Verdict.UNSURE
    if second != Verdict.UNSURE:
        if first == second:
            return Standing(reference=second, settled=Settled.SECOND_LOOK)
        if first == Verdict.UNSURE and not _differs(heard.opinion, second):
            return Standing(reference=second, settled=Settled.SECOND_LOOK)
    return Standing(reference=None, settled=None, ask=Look.ADJUDICATION, disputed=True)


def _differs(opinion: Verdict | None, verdict: Verdict) -> bool:
    return opinion is not None and opinion != Verdict.UNSURE and opinion != verdict
