"""What the figures of a study mean, in sentences: the answer first, then each appraiser by the mark that is worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspection.policy.agreement import Share
from inspection.policy.attribute_study import (
    EFFECTIVENESS,
    FALSE_ALARMS,
    MISSES,
    Appraiser,
    Band,
    Report,
)
from inspection.policy.signal_detection import GRR, Detection
from inspection.sentences import Percent, Sentence

WORDS = {
    Band.ACCEPTABLE: Sentence("good"),
    Band.MARGINAL: Sentence("marginal"),
    Band.UNACCEPTABLE: Sentence("not good enough"),
}
NEVER_CAME_BACK = Sentence("No worker came back from asking the AI about this picture.")
"""The fault of a reading of the AI; kept as it stands here and said again in the language of whoever reads it."""
_WORST_FIRST = (Band.UNACCEPTABLE, Band.MARGINAL, Band.ACCEPTABLE)


@dataclass(frozen=True)
class Mark:
    """One of the three figures by which an appraiser is judged, with its band; None where it has no value."""

    name: Sentence
    share: Share | None
    band: Band | None
    good: float
    fair: float
    more_is_better: bool
    why: Sentence | None

    @property
    def said(self) -> Sentence:
        """The figure with its counts, and what it takes to be good."""
        if self.share is None or self.share.value is None:
            return self.why or Sentence("undefined")
        counted = {"percent": Percent(self.share.value), "k": self.share.k, "n": self.share.n, "name": self.name}
        if self.more_is_better:
            return Sentence("{name} {percent} ({k} of {n}; good from {good} on)", good=Percent(self.good), **counted)
        return Sentence("{name} {percent} ({k} of {n}; good up to {good})", good=Percent(self.good), **counted)


def marks(one: Appraiser) -> tuple[Mark, Mark, Mark]:
    """Effectiveness per part, misses per reading of a bad part, false alarms per reading of a good part."""
    return (
        Mark(
            Sentence("effectiveness"),
            one.effectiveness,
            one.effectiveness_band,
            *EFFECTIVENESS,
            more_is_better=True,
            why=one.why.get("effectiveness"),
        ),
        Mark(Sentence("misses"), one.misses, one.miss_band, *MISSES, more_is_better=False, why=one.why.get("misses")),
        Mark(
            Sentence("false alarms"),
            one.false_alarms,
            one.false_alarm_band,
            *FALSE_ALARMS,
            more_is_better=False,
            why=one.why.get("false_alarms"),
        ),
    )


def standing(one: Appraiser) -> Band | None:
    """The worst of the three bands; None while one of the figures has no value."""
    bands = [mark.band for mark in marks(one)]
    if None in bands:
        return None
    return next(band for band in _WORST_FIRST if band in bands)


def of_appraiser(one: Appraiser, *, name: str) -> Sentence:
    """One line on an appraiser, with the figures that made it so."""
    band = standing(one)
    worst = [mark.said for mark in marks(one) if mark.band == band]
    if band is None:
        return Sentence("{name}: no judgement, since a figure is undefined.", name=name)
    if band == Band.ACCEPTABLE:
        return Sentence("{name} is good by all three marks.", name=name)
    first, second, third = [*worst, "", ""][:3]
    said = {"name": name, "band": WORDS[band], "first": first, "second": second, "third": third}
    if not second:
        return Sentence("{name} is {band}: {first}.", **said)
    if not third:
        return Sentence("{name} is {band}: {first}, {second}.", **said)
    return Sentence("{name} is {band}: {first}, {second}, {third}.", **said)


def headline(people: Sequence[Appraiser], *, ai: Appraiser | None) -> list[Sentence]:
    """What a manager reads first: how many people judge well enough, and whether the AI does."""
    said = [_of_people(people)] if people else []
    if ai is None:
        return said
    band = standing(ai)
    if band is None:
        return [*said, Sentence("Of the AI nothing can be said.")]
    return [*said, Sentence("The AI is {band}.", band=WORDS[band])]


def _of_people(people: Sequence[Appraiser]) -> Sentence:
    good = sum(standing(one) == Band.ACCEPTABLE for one in people)
    bad = sum(standing(one) == Band.UNACCEPTABLE for one in people)
    if good == len(people):
        return Sentence("Everybody judges well enough by all three marks.")
    if bad == len(people):
        return Sentence("Nobody judges well enough: everybody fails at least one of the three marks.")
    return Sentence(
        "Of {n} people {good} are good by all three marks, {fair} marginal and {bad} not good enough.",
        n=len(people),
        good=good,
        fair=sum(standing(one) == Band.MARGINAL for one in people),
        bad=bad,
    )


def together(people: Report) -> list[Sentence]:
    """How far people agree with one another."""
    if people.between is None or people.between.value is None or people.all_correct is None:
        why = people.why.get("between") or people.why.get("all_correct")
        return [why] if why is not None else []
    return [
        Sentence(
            "On {k} of {n} parts everybody said the same in every trial, on {right} of them what the standard says.",
            k=people.between.k,
            n=people.between.n,
            right=people.all_correct.k,
        )
    ]


def zones(found: Detection) -> Sentence:
    """How wide the zones are in which people are divided, or why nobody can say."""
    if found.share is None or found.band is None:
        return Sentence("How wide the zone is in which people are divided: no figure. {why}", why=found.why["share"])
    good, fair = GRR
    return Sentence(
        "The zone in which people are divided is {share} of the tolerance wide: {band} (good below {good}, marginal up "
        "to {fair}).",
        share=Percent(found.share),
        band=WORDS[found.band],
        good=Percent(good),
        fair=Percent(fair),
    )
