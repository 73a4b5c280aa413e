"""How an attribute agreement study is laid out: which parts, how many of them bad, and in which order each is shown."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from inspection.sentences import Percent, Sentence
from inspection.vocabulary import Verdict

LEAST_PARTS, MOST_PARTS, USUAL_PARTS = 5, 300, 50
LEAST_TRIALS, MOST_TRIALS, USUAL_TRIALS = 1, 5, 3
BAD_SHARE = 1 / 3
"""As production has them, one bad part in a hundred, a study would say next to nothing of misses."""
PROVES_TWO_PERCENT = 149
"""Readings of bad parts without one miss that prove a miss rate below 2 % with 95 % confidence: ln .05 / ln .98."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Flaw:
    """Why a study of this design is not made, with a stable code."""

    code: str
    detail: Sentence


@dataclass(frozen=True)
class Candidate:
    """A part that could be in a study. `key` stands for it in draws."""

    key: str
    verdict: Verdict
    labels: tuple[str, ...] = ()


def check(standards: Sequence[Verdict], *, people: int, trials: int) -> Flaw | None:
    """The first thing that makes a design worthless, or None.

    A study without bad parts cannot show a miss and one without good parts no false alarm: half of its report would be
    empty, and that is known before anybody has sat down. One person alone is allowed: repeatability is worth knowing.
    """
    if not LEAST_TRIALS <= trials <= MOST_TRIALS:
        return Flaw(
            "bad_trials", Sentence("A study has {least} to {most} trials.", least=LEAST_TRIALS, most=MOST_TRIALS)
        )
    if not LEAST_PARTS <= len(standards) <= MOST_PARTS:
        return Flaw(
            "bad_count",
            Sentence(
                "A study has {least} to {most} parts; these are {n}.",
                least=LEAST_PARTS,
                most=MOST_PARTS,
                n=len(standards),
            ),
        )
    if Verdict.NG not in standards:
        return Flaw("no_bad_parts", Sentence("No part of this study is bad, so it could not show who misses any."))
    if Verdict.OK not in standards:
        return Flaw("no_good_parts", Sentence("No part of this study is good, so it could not show any false alarm."))
    if people < 1:
        return Flaw("no_appraisers", Sentence("A study needs at least one person who judges."))
    return None


def pick(candidates: Sequence[Candidate], *, n: int, seed: str) -> list[str] | None:
    """The keys of `n` candidates by lot, about a third of them bad, with the kinds of defects in turn; None where there
    are not enough. The same seed and candidates give the same parts in the same order.

    With too few bad parts good ones fill up, and the other way round.
    """
    by_lot = sorted(candidates, key=lambda one: _hash(seed, one.key))
    good = [one.key for one in by_lot if one.verdict == Verdict.OK]
    bad = _in_turn([one for one in by_lot if one.verdict == Verdict.NG])
    if len(good) + len(bad) < n:
        return None
    wanted = min(len(bad), max(round(n * BAD_SHARE), n - len(good)))
    return sorted([*bad[:wanted], *good[: n - wanted]], key=lambda key: _hash(f"{seed}:order", key))


def _in_turn(bad: Sequence[Candidate]) -> list[str]:
    """One of each kind of defect, then a second of each: by lot alone the commonest kind would be nearly all."""
    seen: dict[str, int] = defaultdict(int)
    ranked = []
    for place, one in enumerate(bad):
        kind = min(one.labels, default="")
        ranked.append((seen[kind], place, one.key))
        seen[kind] += 1
    return [key for _, _, key in sorted(ranked)]


def order(parts: Sequence[Key], *, salt: str, appraiser: int, trial: int) -> list[Key]:
    """The parts in the order in which this appraiser sees them in this trial: another one each time, and the same one
    whenever it is asked again."""
    return sorted(parts, key=lambda part: _hash(salt, f"{appraiser}:{trial}:{part}"))


def _hash(salt: str, key: str) -> bytes:
    return hashlib.sha256(f"{salt}:{key}".encode()).digest()


def cautions(*, bad: int, good: int, people: int, trials: int) -> list[Sentence]:
    """What a study of this size cannot say, in sentences for whoever plans or reads it."""
    said = []
    readings = bad * trials
    if readings < PROVES_TWO_PERCENT:
        said.append(
            Sentence(
                "A person judges bad parts {n} times. Without one miss that proves a miss rate below {bound}; "
                "below 2 % takes {needed} times.",
                n=readings,
                bound=Percent(least_proven(readings)),
                needed=PROVES_TWO_PERCENT,
            )
        )
    if people == 1:
        said.append(Sentence("One person alone: nothing can be said of the agreement between people."))
    if trials == 1:
        said.append(Sentence("One trial: nothing can be said of whether a person repeats the own answer."))
    if not 0.2 <= bad / (bad + good) <= 0.6:
        said.append(
            Sentence(
                "{bad} of {n} parts are bad. About a third is usual; far from it, kappa says little.",
                bad=bad,
                n=bad + good,
            )
        )
    return said


def least_proven(readings: int) -> float:
    """The rate that so many readings without one failure prove with 95 % confidence: 1 - 0.05^(1/n), 1 for none."""
    return 1.0 - 0.05 ** (1 / readings) if readings else 1.0
