"""Attribute agreement analysis: whether appraisers agree with themselves, with one another and with the standard.

After the reference manual "Measurement Systems Analysis" of the AIAG (4th edition, chapter III, section C). Shares "per
part" count a part only when every reading of it matches; misses and false alarms count single readings.

UNSURE is an answer like the others where answers are compared with one another: who says it in every trial has repeated
the own answer, and kappa takes it for a category of its own in any case. Against the standard it matches nothing, since
a standard is never UNSURE, and it is neither a miss nor a false alarm: repeating it makes nobody right.

A figure without a value is None, and `why` of the same row says the reason under the figure's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import fmean

from inspection.policy.agreement import Matrix, Share, clopper_pearson
from inspection.policy.kappa import Estimate, Fleiss, cohen_kappa, fleiss_kappa
from inspection.sentences import Sentence
from inspection.vocabulary import Verdict

ONE_TRIAL = Sentence("No part was judged twice by the same appraiser, so nobody can be compared with the own readings.")
ONE_APPRAISER = Sentence("No part was judged by a second appraiser, so there is nobody to compare with.")
NO_BAD_PART = Sentence("No part that the standard calls bad was judged, so a miss could not happen.")
NO_GOOD_PART = Sentence("No part that the standard calls good was judged, so a false alarm could not happen.")
NO_STANDARD = Sentence("No part that was judged has a standard.")
NOT_ALL = Sentence("No part was judged by every appraiser.")
ALL_THE_SAME = Sentence("Kappa has no value where all readings are the same: there is no chance to beat.")


@dataclass(frozen=True)
class Reading:
    """One appraiser's verdict on one part in one trial."""

    part: str
    appraiser: str
    trial: int
    verdict: Verdict


class Band(StrEnum):
    """How good an appraiser is, in the three bands of the manual."""

    ACCEPTABLE = "acceptable"
    MARGINAL = "marginal"
    UNACCEPTABLE = "unacceptable"


EFFECTIVENESS = (0.90, 0.80)
MISSES = (0.02, 0.05)
FALSE_ALARMS = (0.05, 0.10)
"""Ends of the acceptable and of the marginal band, both included."""


@dataclass(frozen=True)
class Appraiser:
    """One appraiser: against the own readings (`within`) and against the standard (all else)."""

    name: str
    readings: int
    within: Share | None
    """Parts whose readings are all the same, of those read more than once."""
    within_kappa: Fleiss | None
    effectiveness: Share | None
    """Parts whose readings all match the standard, of those read."""
    standard_kappa: float | None
    """Fleiss' kappa between a trial and the standard, the mean over the trials."""
    cohen: Estimate | None
    """Of all readings together; its error takes them for independent, which trials of one part are not quite."""
    matrix: Matrix
    """Single readings: rows the standard, columns the appraiser."""
    why: Mapping[str, Sentence]

    @property
    def misses(self) -> Share | None:
        """Readings OK, of all readings of a bad part."""
        return self.matrix.misses if self.matrix.misses.n else None

    @property
    def false_alarms(self) -> Share | None:
        """Readings NG, of all readings of a good part."""
        return self.matrix.overkill if self.matrix.overkill.n else None

    @property
    def unsure(self) -> Share:
        """Readings UNSURE of parts with a standard."""
        return Share(k=sum(self.matrix.at(person=one, ai=Verdict.UNSURE) for one in Verdict), n=self.matrix.n)

    @property
    def effectiveness_band(self) -> Band | None:
        return _band(self.effectiveness, ends=EFFECTIVENESS, more_is_better=True)

    @property
    def miss_band(self) -> Band | None:
        return _band(self.misses, ends=MISSES)

    @property
    def false_alarm_band(self) -> Band | None:
        return _band(self.false_alarms, ends=FALSE_ALARMS)


@dataclass(frozen=True)
class Pair:
    """Two appraisers, trial by trial; readings without their twin are left out."""

    first: str
    second: str
    matrix: Matrix
    """Rows the first, columns the second."""
    cohen: Estimate | None
    why: Mapping[str, Sentence]


@dataclass(frozen=True)
class Report:
    """The whole study. `gaps` are readings that were planned and never given."""

    parts: int
    trials: int
    gaps: int
    appraisers: tuple[Appraiser, ...]
    pairs: tuple[Pair, ...]
    between: Share | None
    """Parts on which all readings of all appraisers are the same, of those that every appraiser read."""
    between_kappa: Fleiss | None
    all_correct: Share | None
    """Parts on which all of them match the standard, of those that every appraiser read."""
    all_kappa: float | None
    """The mean of the appraisers' kappas against the standard."""
    why: Mapping[str, Sentence]


def matched_interval(share: Share) -> tuple[float, float] | None:
    """Exact 95 % interval of matched parts; when all or none match, the whole error lies on the one open side."""
    return clopper_pearson(k=share.k, n=share.n, one_sided_at_ends=True)


def _band(share: Share | None, *, ends: tuple[float, float], more_is_better: bool = False) -> Band | None:
    if share is None or share.value is None:
        return None
    good, fair = ((share.value >= end) if more_is_better else (share.value <= end) for end in ends)
    return Band.ACCEPTABLE if good else Band.MARGINAL if fair else Band.UNACCEPTABLE


class _Said:
    """All readings, found by appraiser and part."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.of: dict[str, dict[str, dict[int, Verdict]]] = defaultdict(lambda: defaultdict(dict))
        self.n = 0
        for one in readings:
            trials = self.of[one.appraiser][one.part]
            if one.trial in trials:
                raise ValueError(f"{one.appraiser} read part {one.part} twice in trial {one.trial}")
            # Rows of a database bring plain strings.
            trials[one.trial] = Verdict(one.verdict)
            self.n += 1

    def trials(self) -> list[int]:
        return sorted({trial for parts in self.of.values() for trials in parts.values() for trial in trials})

    def together(self) -> dict[str, list[Verdict]]:
        """Per part all readings of all appraisers."""
        everything: dict[str, list[Verdict]] = defaultdict(list)
        for parts in self.of.values():
            for part, trials in parts.items():
                everything[part] += trials.values()
        return everything

    def by_all(self) -> set[str]:
        return set.intersection(*(set(parts) for parts in self.of.values())) if self.of else set()


def report(readings: Iterable[Reading], *, standard: Mapping[str, Verdict]) -> Report:
    """Counts a study. `standard` holds OK or NG per part; other parts count only within and between appraisers.

    Appraisers stand in the order of their first reading. ValueError when a part is read twice in one trial.
    """
    said = _Said(readings)
    truth = {part: Verdict(verdict) for part, verdict in standard.items() if verdict != Verdict.UNSURE}
    parts = {*standard, *said.together()}
    trials = said.trials()
    appraisers = tuple(_appraiser(name, said.of[name], truth=truth, trials=trials) for name in said.of)
    why: dict[str, Sentence] = {}
    between, between_kappa = _between(said, why)
    return Report(
        parts=len(parts),
        trials=len(trials),
        gaps=len(parts) * len(trials) * len(appraisers) - said.n,
        appraisers=appraisers,
        pairs=tuple(_pair(first, second, said) for first, second in combinations(said.of, 2)),
        between=between,
        between_kappa=between_kappa,
        all_correct=_all_correct(said, truth, why),
        all_kappa=_mean_kappa(appraisers, why),
        why=why,
    )


Trials = Mapping[int, Verdict]


def _appraiser(
    name: str, parts: Mapping[str, Trials], *, truth: Mapping[str, Verdict], trials: Sequence[int]
) -> Appraiser:
    why: dict[str, Sentence] = {}
    judged = {part: given for part, given in parts.items() if part in truth}
    matrix = _matrix((truth[part], verdict) for part, given in judged.items() for verdict in given.values())
    if not matrix.misses.n:
        why["misses"] = NO_BAD_PART
    if not matrix.overkill.n:
        why["false_alarms"] = NO_GOOD_PART
    within, within_kappa = _within(parts, why)
    return Appraiser(
        name=name,
        readings=sum(map(len, parts.values())),
        within=within,
        within_kappa=within_kappa,
        effectiveness=_effectiveness(judged, truth, why),
        standard_kappa=_standard_kappa(judged, truth, trials, why),
        cohen=_cohen(matrix, why, otherwise=NO_STANDARD),
        matrix=matrix,
        why=why,
    )


def _within(parts: Mapping[str, Trials], why: dict[str, Sentence]) -> tuple[Share | None, Fleiss | None]:
    again = [list(given.values()) for given in parts.values() if len(given) > 1]
    if not again:
        why["within"] = why["within_kappa"] = ONE_TRIAL
        return None, None
    return _alike(again), _fleiss(again, why, name="within_kappa")


def _effectiveness(
    judged: Mapping[str, Trials], truth: Mapping[str, Verdict], why: dict[str, Sentence]
) -> Share | None:
    if not judged:
        why["effectiveness"] = NO_STANDARD
        return None
    right = sum(set(given.values()) == {truth[part]} for part, given in judged.items())
    return Share(k=right, n=len(judged))


def _standard_kappa(
    judged: Mapping[str, Trials], truth: Mapping[str, Verdict], trials: Sequence[int], why: dict[str, Sentence]
) -> float | None:
    """None as soon as one trial has no kappa: a mean over the others would hide the trial that went best."""
    if not judged:
        why["standard_kappa"] = NO_STANDARD
        return None
    kappas = []
    for trial in trials:
        both = [[given[trial], truth[part]] for part, given in judged.items() if trial in given]
        kappa = _fleiss(both, why, name="standard_kappa") if both else None
        if both and kappa is None:
            return None
        if kappa is not None:
            kappas.append(kappa.overall.value)
    return fmean(kappas)


def _pair(first: str, second: str, said: _Said) -> Pair:
    one, other = said.of[first], said.of[second]
    matrix = _matrix(
        (verdict, other[part][trial])
        for part, given in one.items()
        if part in other
        for trial, verdict in given.items()
        if trial in other[part]
    )
    why: dict[str, Sentence] = {}
    return Pair(first=first, second=second, matrix=matrix, cohen=_cohen(matrix, why, otherwise=NOT_ALL), why=why)


def _between(said: _Said, why: dict[str, Sentence]) -> tuple[Share | None, Fleiss | None]:
    shared = said.by_all()
    if len(said.of) < 2 or not shared:
        why["between"] = why["between_kappa"] = ONE_APPRAISER if len(said.of) < 2 else NOT_ALL
        return None, None
    together = [given for part, given in said.together().items() if part in shared]
    return _alike(together), _fleiss(together, why, name="between_kappa")


def _all_correct(said: _Said, truth: Mapping[str, Verdict], why: dict[str, Sentence]) -> Share | None:
    shared = said.by_all()
    together = {part: given for part, given in said.together().items() if part in shared & set(truth)}
    if not together:
        why["all_correct"] = NOT_ALL if set(truth) & set(said.together()) else NO_STANDARD
        return None
    return Share(k=sum(set(given) == {truth[part]} for part, given in together.items()), n=len(together))


def _mean_kappa(appraisers: Sequence[Appraiser], why: dict[str, Sentence]) -> float | None:
    without = next((one for one in appraisers if one.standard_kappa is None), None)
    if without is not None or not appraisers:
        why["all_kappa"] = without.why["standard_kappa"] if without is not None else NO_STANDARD
        return None
    return fmean(one.standard_kappa for one in appraisers if one.standard_kappa is not None)


def _alike(parts: Sequence[Sequence[Verdict]]) -> Share:
    return Share(k=sum(len(set(given)) == 1 for given in parts), n=len(parts))


def _fleiss(parts: Sequence[Sequence[Verdict]], why: dict[str, Sentence], *, name: str) -> Fleiss | None:
    kappa = fleiss_kappa([[given.count(verdict) for verdict in Verdict] for given in parts])
    if kappa is None:
        why[name] = ALL_THE_SAME
    return kappa


def _cohen(matrix: Matrix, why: dict[str, Sentence], *, otherwise: Sentence) -> Estimate | None:
    kappa = cohen_kappa(matrix.counts)
    if kappa is None:
        why["cohen"] = ALL_THE_SAME if matrix.n else otherwise
    return kappa


def _matrix(cells: Iterable[tuple[Verdict, Verdict]]) -> Matrix:
    return Matrix.of(Counter(cells).items())
