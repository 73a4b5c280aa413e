"""What figures of agreement mean, in sentences for a manager between two meetings."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspection.policy.agreement import Matrix, Share
from inspection.policy.symmetry import bowker, mcnemar
from inspection.sentences import Count, Number, Percent, Sentence
from inspection.vocabulary import Verdict

ENOUGH = 30
"""With fewer parts a share of one half is known to no better than 18 points either way (Wilson, 95 %)."""
DOUBT = 0.05
"""A difference that chance brings about less often than this is called one."""
LEAST_P = 0.001
"""What is less likely than this is only said to be so: nobody decides by its digits."""


@dataclass(frozen=True)
class Shared:
    """Shares of a job, 0 to 1: drawn blind, and looked at again by a second person."""

    blind: float
    again: float


def stricter(matrix: Matrix) -> Sentence:
    """Is the AI stricter than people? McNemar's test by its mid-p value over parts that both judged OK or NG."""
    ai_alone = matrix.at(person=Verdict.OK, ai=Verdict.NG)
    person_alone = matrix.at(person=Verdict.NG, ai=Verdict.OK)
    found = mcnemar(b=ai_alone, c=person_alone)
    if found is None:
        return Sentence("No part was called OK by one side and NG by the other, so neither is stricter.")
    told = {"ai": Count(ai_alone), "person": Count(person_alone), "p": shown_p(found.p_mid)}
    if found.p_mid >= DOUBT:
        return Sentence(
            "It is not shown that either side is stricter: rejected by the AI alone {ai}, by the person alone {person} "
            "(McNemar, p {p}).",
            **told,
        )
    if ai_alone > person_alone:
        return Sentence(
            "The AI is stricter than people: it alone rejected {ai} parts, the person alone {person} (McNemar, p {p}).",
            **told,
        )
    return Sentence(
        "People are stricter than the AI: they alone rejected {person} parts, the AI alone {ai} (McNemar, p {p}).",
        **told,
    )


def lopsided(matrix: Matrix) -> Sentence | None:
    """Bowker's test with UNSURE as a class of its own; None where nobody was unsure, which McNemar's covers."""
    unsure = sum(matrix.counts[-1]) + sum(row[-1] for row in matrix.counts)
    found = bowker(matrix.counts) if unsure else None
    if found is None:
        return None
    told = {"statistic": Number(found.statistic, places=1), "df": Count(found.df), "p": shown_p(found.p)}
    if found.p >= DOUBT:
        return Sentence(
            "With UNSURE as an answer of its own no lean to one side is shown (Bowker {statistic}, {df} degrees of "
            "freedom, p {p}).",
            **told,
        )
    return Sentence(
        "With UNSURE as an answer of its own the two lean to different sides (Bowker {statistic}, {df} degrees of "
        "freedom, p {p}).",
        **told,
    )


def shown_p(p: float) -> Sentence:
    if p < LEAST_P:
        return Sentence("< {p}", p=Number(LEAST_P))
    return Sentence("= {p}", p=Number(p, places=3))


def both_wrong(rechecked: Share) -> Sentence:
    """How often AI and person agreed and were both wrong, by the agreements that chance sent to a second person."""
    if rechecked.value is None:
        return Sentence(
            "How often the AI and a person agree and are both wrong is not known: no agreement has been looked at "
            "again by a second person."
        )
    return Sentence(
        "Of {n} agreements that a second person looked at again, {k} were wrong on both sides: {share}.",
        n=Count(rechecked.n),
        k=Count(rechecked.k),
        share=Percent(rechecked.value),
    )


def how_to_know(*, assisted: Share, blind: Share, aided: Share, misled: Share, shares: Shared) -> list[Sentence]:
    """What it takes for the figures of the hint that have none yet: which setting, and about how many parts more."""
    said: list[Sentence] = []
    if not assisted.n:
        said.append(Sentence("Only at assistance is the hint shown to people before they decide."))
    if not blind.n or blind.k == blind.n:
        said.append(_more_blind(blind, shares.blind))
    if not aided.n:
        said.append(_more_looks(shares.again))
    elif not misled.n:
        said.append(
            Sentence(
                "In none of the {n} settled parts judged with the hint was the AI wrong; more of them may tell.",
                n=Count(aided.n),
            )
        )
    return said


def _more_blind(blind: Share, share: float) -> Sentence:
    if not share:
        return Sentence("No part is drawn blind: set the blind share above 0 in the settings of the job.")
    if blind.n:
        return Sentence(
            "Blind parts on which people and the AI differ are still to come; of the next {parts} about {n} are blind "
            "at the present blind share of {share}, a larger one brings them sooner.",
            parts=Count(_parts_for(ENOUGH, share)),
            n=Count(ENOUGH),
            share=Percent(share),
        )
    return Sentence(
        "At the present blind share of {share} it takes about {parts} parts for {n} blind ones.",
        share=Percent(share),
        parts=Count(_parts_for(ENOUGH, share)),
        n=Count(ENOUGH),
    )


def _more_looks(again: float) -> Sentence:
    if not again:
        return Sentence(
            "Whether people are right with the hint is not known: nobody looks at such parts again. Set "
            '"Agreements looked at again" above 0 in the settings of the job.'
        )
    return Sentence(
        "Whether people are right with the hint is not known: no part judged with it has been looked at again and "
        "settled. At {share} looked at again it takes about {parts} of them for {n}.",
        share=Percent(again),
        parts=Count(_parts_for(ENOUGH, again)),
        n=Count(ENOUGH),
    )


def _parts_for(n: int, share: float) -> int:
    return math.ceil(round(n / share, 6))


def follow(rate: float | None, *, assisted: Share, blind: Share) -> Sentence:
    """How far people go along with the AI they see."""
    told = {"assisted": Count(assisted.n), "blind": Count(blind.n)}
    if rate is None and blind.n and assisted.n:
        return Sentence(
            "How far people follow the AI is not known: it was sure of {blind} parts of the blind share, and people "
            "said the same of all of them without its hint.",
            **told,
        )
    if rate is None:
        return Sentence(
            "How far people follow the AI is not known: it takes parts on which it is sure, judged with its hint "
            "({assisted} so far) and of the blind share ({blind} so far).",
            **told,
        )
    if rate <= 0:
        return Sentence(
            "People do not follow the AI: with its hint in view they agree with it no more often than without "
            "({assisted} parts with, {blind} without).",
            **told,
        )
    return Sentence(
        "People follow the AI in about {rate} of the cases in which they would have disagreed ({assisted} parts with "
        "its hint, {blind} without).",
        rate=Percent(round(rate, 2)),
        **told,
    )
