"""The threshold that keeps its target, or why there is none, in sentences."""

from __future__ import annotations

from inspection.policy.evalues import still_needed
from inspection.policy.thresholds import Choice, Point
from inspection.sentences import Count, Number, Percent, Sentence


def useful(choice: Choice | None) -> Point | None:
    """The chosen threshold where it passes anything; one below every score would lock people's work in for nothing."""
    chosen = choice.chosen if choice else None
    return chosen if chosen is not None and chosen.passed else None


def verdict(choice: Choice | None, *, target: float, alpha: float) -> Sentence:
    """Which threshold was chosen and what it would pass; where none was, why."""
    if choice is None:
        return Sentence("No model is live: there are no scores to choose a threshold from.")
    chosen = choice.chosen
    if chosen is None:
        return _none(choice.points[0], target=target, alpha=alpha)
    if not chosen.passed:
        return Sentence(
            "Escapes stay below {target} at every step up to {at}, but no part scores as low as that: it would pass "
            "nothing.",
            target=Percent(target),
            at=_at(chosen),
        )
    return Sentence(
        "The highest threshold that keeps escapes below {target} at every step up to it is {at}; it would pass {share} "
        "of the parts.",
        target=Percent(target),
        at=_at(chosen),
        share=Percent(round(chosen.passed / chosen.n, 2) or chosen.passed / chosen.n),
    )


def _none(lowest: Point, *, target: float, alpha: float) -> Sentence:
    """Nothing is chosen as long as even the lowest threshold may let too much through."""
    needed = still_needed(lowest.escapes, lowest.n, target, alpha, rate=0.0)
    if needed is None:
        return Sentence("Even the lowest threshold lets too many bad parts through: the model has to become better.")
    if not lowest.escapes:
        return Sentence(
            "No threshold yet: so far {n} parts count, at most three of a lot. About {needed} more, with no bad one "
            "among the lowest scores, show that escapes stay below {target}.",
            n=Count(lowest.n),
            needed=Count(needed),
            target=Percent(target),
        )
    return Sentence(
        "No threshold yet: even at the lowest one {k} of {n} parts were bad or have no verdict yet. About {needed} "
        "more parts without another show that escapes stay below {target}.",
        k=Count(lowest.escapes),
        n=Count(lowest.n),
        needed=Count(needed),
        target=Percent(target),
    )


def _at(point: Point) -> Number:
    return Number(point.at)


def limit(choice: Choice | None, *, target: float) -> Sentence | None:
    """What keeps the threshold from being higher; None where nothing does, or nothing is chosen."""
    if choice is None or choice.chosen is None or choice.chosen is choice.points[-1]:
        return None
    above = choice.points[choice.points.index(choice.chosen) + 1]
    return Sentence(
        "At {at} it would be at most {upper} (seen: {k} of {n}), which is above {target}.",
        at=_at(above),
        upper=Percent(above.upper),
        k=Count(above.escapes),
        n=Count(above.n),
        target=Percent(target),
    )
