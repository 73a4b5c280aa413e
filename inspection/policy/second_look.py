"""Who is right where people and AI differ: first look, second look, adjudicator."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.policy.sampling import Draw
from inspection.vocabulary import Look, Settled, Verdict


@dataclass(frozen=True)
class Draws:
    """The chances of one item: to be judged twice whatever is said, to be looked at again though all agree."""

    double: Draw
    recheck: Draw


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
    adjudicated: Verdict | None = None
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


NOTHING = Standing(reference=None, settled=None)


def stand(heard: Heard, draws: Draws) -> Standing:
    """Where an item stands after what was heard.

    An AI that is UNSURE differs from nobody: it has said nothing that a second person could settle.
    """
    if heard.adjudicated is not None:
        return Standing(reference=heard.adjudicated, settled=Settled.ADJUDICATOR)
    if heard.first is None:
        return NOTHING
    if heard.second is None:
        return _after_one(heard, heard.first, draws)
    return _after_two(heard, heard.first, heard.second)


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
    if second != Verdict.UNSURE:
        if first == second:
            return Standing(reference=second, settled=Settled.SECOND_LOOK)
        if first == Verdict.UNSURE and not _differs(heard.opinion, second):
            return Standing(reference=second, settled=Settled.SECOND_LOOK)
    return Standing(reference=None, settled=None, ask=Look.ADJUDICATION, disputed=True)


def _differs(opinion: Verdict | None, verdict: Verdict) -> bool:
    return opinion is not None and opinion != Verdict.UNSURE and opinion != verdict
