"""What a closed study says: its figures, the parts that divided people, and what a reader has to know beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from inspection.models import Job, Person, Study, StudyAppraiser, StudyPart
from inspection.policy.attribute_study import Appraiser, Pair, Reading, Report, report
from inspection.policy.signal_detection import Detection, Limits, contradictions, detect
from inspection.queries import studies
from inspection.vocabulary import StandardBy, StudyState, Verdict


@dataclass(frozen=True)
class Said:
    """What one appraiser said of one part, trial by trial; None where a reading is missing."""

    appraiser: StudyAppraiser
    verdicts: tuple[Verdict | None, ...]

    def wrong(self, standard: Verdict) -> int:
        return sum(verdict is not None and verdict != standard for verdict in self.verdicts)


@dataclass(frozen=True)
class Told:
    """A part with everything that was said of it, people first."""

    part: StudyPart
    said: tuple[Said, ...]

    @property
    def standard(self) -> Verdict:
        return Verdict(self.part.verdict)

    @property
    def wrong(self) -> int:
        """Readings of people that do not match the standard."""
        return sum(one.wrong(self.standard) for one in self.said if one.appraiser.person_id is not None)

    @property
    def read(self) -> int:
        """Readings of people."""
        people = [one for one in self.said if one.appraiser.person_id is not None]
        return sum(verdict is not None for one in people for verdict in one.verdicts)

    @property
    def ai_wrong(self) -> bool:
        return any(one.wrong(self.standard) for one in self.said if one.appraiser.person_id is None)


@dataclass(frozen=True)
class Beforehand:
    """Parts of which a person knew more than the picture: numbers of the parts."""

    person: Person
    vouched: tuple[int, ...]
    """Answers for their standard."""
    judged: tuple[int, ...]
    """Had judged them in production."""
    made: bool
    """Made the study, and saw the standards."""


@dataclass(frozen=True)
class Fault:
    """Why the AI gave no score: in which words, of which parts, in how many readings."""

    words: str
    parts: tuple[int, ...]
    readings: int


@dataclass(frozen=True)
class StudyReport:
    study: Study
    lines: list[studies.Line]
    people: Report
    """Of people alone: what between and all of them agree on is theirs."""
    ai: Appraiser | None
    """The AI counted in the same way; None where it was not asked or gave no answer."""
    ai_pairs: tuple[Pair, ...]
    """The AI with each person."""
    names: dict[str, str]
    """The name to show, by the name in the figures."""
    told: list[Told]
    """Every part in the order of its number."""
    beforehand: list[Beforehand]
    taken_back: dict[str, int]
    detection: Detection | None
    """How wide the zones are in which people are divided; None where nothing was measured."""
    contradictions: list[str]
    """Parts whose measured value and standard contradict each other."""
    faults: tuple[Fault, ...]
    """Readings for which the AI gave no score and that count as UNSURE."""

    @property
    def gaps(self) -> int:
        return sum(line.progress.missing for line in self.lines)

    @property
    def bad(self) -> int:
        return sum(one.standard == Verdict.NG for one in self.told)

    @property
    def good(self) -> int:
        return len(self.told) - self.bad

    @property
    def divided(self) -> list[Told]:
        """Parts on which people were wrong, worst first."""
        return sorted((one for one in self.told if one.wrong), key=lambda one: (-one.wrong, one.part.number))

    @property
    def missed_by_ai_alone(self) -> list[Told]:
        return [one for one in self.told if one.ai_wrong and not one.wrong]

    @property
    def by_agreement(self) -> int:
        """Parts whose standard rests on the AI itself and one person: they flatter the AI."""
        return sum(one.part.standard_by == StandardBy.AGREEMENT for one in self.told)


def study_report(study: Study) -> StudyReport:
    """A number of queries that does not grow with the readings."""
    rows = studies.rows(study)
    parts = list(study.parts.all())
    standard, limits, values = standard_of(parts), limits_of(study), values_of(parts)
    readings = [_reading(row) for row in rows if row.reading is not None]
    lines = studies.lines(study)
    by_ai = {str(line.appraiser.pk) for line in lines if line.appraiser.person_id is None}
    everybody = report(readings, standard=standard)
    people = [one for one in readings if one.appraiser not in by_ai]
    ai = next((one for one in everybody.appraisers if one.name in by_ai), None)
    return StudyReport(
        study=study,
        lines=lines,
        people=report(people, standard=standard),
        ai=ai,
        ai_pairs=tuple(pair for pair in everybody.pairs if {pair.first, pair.second} & by_ai),
        names={str(line.appraiser.pk): shown_name(line.appraiser) for line in lines},
        told=_told(study, rows, [line.appraiser for line in lines]),
        beforehand=_beforehand(study, lines),
        taken_back={str(pk): n for pk, n in studies.taken_back(study).items()},
        detection=detect(people, values=values, limits=limits) if limits else None,
        contradictions=contradictions(values, standard=standard, limits=limits) if limits else [],
        faults=_faults(rows),
    )


def limits_of(study: Study) -> Limits | None:
    if study.lower_limit is None and study.upper_limit is None:
        return None
    return Limits(lower=study.lower_limit, upper=study.upper_limit)


def values_of(parts: Iterable[StudyPart]) -> dict[str, float]:
    """By number of the part, of those that were measured."""
    return {str(part.number): part.value for part in parts if part.value is not None}


def standard_of(parts: Iterable[StudyPart]) -> dict[str, Verdict]:
    return {str(part.number): Verdict(part.verdict) for part in parts}


MOST_OWN = 3


def own_results(person: Person, job: Job) -> list[tuple[Study, Appraiser]]:
    """How a person did in the newest closed studies of a job in which that person judged."""
    mine = Study.objects.filter(job=job, state=StudyState.CLOSED, appraisers__person=person).order_by("-ended_at")
    found = []
    for study in mine[:MOST_OWN]:
        rows = [row for row in studies.rows(study) if row.turn.appraiser.person_id == person.pk]
        standard = standard_of(study.parts.all())
        figures = report([_reading(row) for row in rows if row.reading is not None], standard=standard)
        found += [(study, one) for one in figures.appraisers]
    return found


def shown_name(appraiser: StudyAppraiser) -> str:
    return appraiser.person.shown_name if appraiser.person is not None else "AI"


def _reading(row: studies.Row) -> Reading:
    turn = row.turn
    verdict = Verdict(row.reading.verdict) if row.reading is not None else Verdict.UNSURE
    return Reading(part=str(turn.part.number), appraiser=str(turn.appraiser_id), trial=turn.trial, verdict=verdict)


def _told(study: Study, rows: list[studies.Row], appraisers: list[StudyAppraiser]) -> list[Told]:
    said: dict[tuple[int, int], dict[int, Verdict]] = defaultdict(dict)
    parts: dict[int, StudyPart] = {}
    for row in rows:
        parts[row.turn.part_id] = row.turn.part
        if row.reading is not None:
            said[row.turn.part_id, row.turn.appraiser_id][row.turn.trial] = Verdict(row.reading.verdict)
    trials = range(1, study.trials + 1)
    return [
        Told(part, tuple(Said(who, tuple(said[part.pk, who.pk].get(trial) for trial in trials)) for who in appraisers))
        for part in sorted(parts.values(), key=lambda part: part.number)
    ]


def _faults(rows: list[studies.Row]) -> tuple[Fault, ...]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.reading is not None and row.reading.fault:
            found[row.reading.fault].append(row.turn.part.number)
    return tuple(Fault(words, tuple(sorted(set(parts))), len(parts)) for words, parts in found.items())


def _beforehand(study: Study, lines: list[studies.Line]) -> list[Beforehand]:
    vouched, judged = studies.vouched_for(study), studies.judged_before(study)
    people = [line.appraiser.person for line in lines if line.appraiser.person is not None]
    found = [
        Beforehand(
            person=person,
            vouched=tuple(vouched.get(person.pk, ())),
            judged=tuple(judged.get(person.pk, ())),
            made=person.pk == study.by_id,
        )
        for person in people
    ]
    return [one for one in found if one.vouched or one.judged or one.made]
