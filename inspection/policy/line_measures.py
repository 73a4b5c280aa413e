"""What the line and the people make of it: yields, escapes, means from samples, how far people follow the AI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from inspection.policy.agreement import Share
from inspection.sentences import Count, Sentence

PAIRS = 100
"""Fewer pairs of blind verdicts than this say too little about how often people slip."""


@dataclass(frozen=True)
class Line:
    """One stretch of production with the truth known: all of it counts of parts."""

    units: int
    bad: int
    bad_passed: int
    good_rejected: int
    sent_to_people: int = 0

    @property
    def passed(self) -> int:
        return self.units - self.bad - self.good_rejected + self.bad_passed

    @property
    def escapes(self) -> Share:
        """Bad parts that passed, of all bad parts."""
        return Share(k=self.bad_passed, n=self.bad)

    @property
    def detection(self) -> Share:
        return Share(k=self.bad - self.bad_passed, n=self.bad)

    @property
    def overkill(self) -> Share:
        return Share(k=self.good_rejected, n=self.units - self.bad)

    @property
    def right(self) -> Share:
        return Share(k=self.units - self.bad_passed - self.good_rejected, n=self.units)

    @property
    def automation(self) -> Share:
        """Parts decided without a person."""
        return Share(k=self.units - self.sent_to_people, n=self.units)

    @property
    def first_pass_yield(self) -> Share:
        return Share(k=self.passed, n=self.units)

    @property
    def escape_ppm(self) -> float | None:
        """Bad parts among a million that were passed on; None when none was."""
        return 1e6 * self.bad_passed / self.passed if self.passed else None


def rolled_throughput(yields: Sequence[float]) -> float | None:
    """The share of parts that gets through all stations at the first attempt: the product of their yields."""
    return prod(yields) if yields else None


def hajek_mean(values: Sequence[float], inclusion: Sequence[float]) -> float | None:
    """The mean over all parts from those drawn, each with the probability that it had to be drawn; None of none.

    J. Hajek's ratio form of the Horvitz-Thompson estimator (1971): sum(y / pi) / sum(1 / pi).
    """
    if not all(0 < share <= 1 for share in inclusion):
        raise ValueError("a probability of being drawn lies above 0 and up to 1")
    if not values:
        return None
    weights = 1 / np.asarray(inclusion, dtype=np.float64)
    return float(np.average(np.asarray(values, dtype=np.float64), weights=weights))


def ppi_mean(
    *,
    predicted: Sequence[float],
    labelled: Sequence[float],
    predicted_of_labelled: Sequence[float],
    trust: float = 1.0,
) -> float | None:
    """The mean label of all parts: the model's predictions for all, corrected by how wrong they are where labels exist.

    A. Angelopoulos et al., "Prediction-powered inference", Science 382 (2023) 669-674. `trust` is its lambda: 0 leaves
    the plain mean of the labels. None without a label or a prediction.
    """
    if not len(predicted) or not len(labelled):
        return None
    if len(labelled) != len(predicted_of_labelled):
        raise ValueError("each label needs the prediction for the same part")
    wrong_by = np.asarray(labelled, dtype=np.float64) - trust * np.asarray(predicted_of_labelled, dtype=np.float64)
    return float(trust * np.mean(predicted) + wrong_by.mean())


def follow_rate(*, assisted: float, blind: float) -> float | None:
    """In what share of the cases in which they would have disagreed people go along with the AI they see.

    `assisted` and `blind` are shares of agreement with the hint in sight and without. Below 0 when the hint makes
    people disagree more often; None when without it they agree always, so that there is nothing to follow.
    """
    return None if blind >= 1 else (assisted - blind) / (1 - blind)


def human_ceiling(*, agreement: float) -> float | None:
    """How often one person's label is wrong, when two who judge blind agree so often; None below one half.

    Two classes, slips independent and equally likely: agreement = (1 - e)^2 + e^2.
    """
    return None if agreement < 0.5 else (1 - (2 * agreement - 1) ** 0.5) / 2


@dataclass(frozen=True)
class Ceiling:
    """How often people's own labels are wrong, or why that is not known."""

    error: float | None
    unknown: Sentence | None = None


def ceiling(pairs: Share) -> Ceiling:
    """From the share of pairs of blind verdicts that agree; no bar on errors below it can be proven."""
    if pairs.n < PAIRS or pairs.value is None:
        return Ceiling(
            error=None,
            unknown=Sentence(
                "How often people slip themselves is not known yet: "
                "{n} parts were judged twice without a hint, {needed} are needed.",
                n=Count(pairs.n),
                needed=Count(PAIRS),
            ),
        )
    error = human_ceiling(agreement=pairs.value)
    if error is None:
        return Ceiling(
            error=None,
            unknown=Sentence(
                "People agree with one another in {k} of {n} parts only: "
                "with less than half, nobody's label can be taken for the truth.",
                k=Count(pairs.k),
                n=Count(pairs.n),
            ),
        )
    return Ceiling(error=error)
