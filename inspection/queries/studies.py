"""Studies: who has to look at what next, how far everybody is, and what was said."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from inspection.models import Job, Person, Study, StudyAppraiser, StudyReading, StudyTurn, VerdictGiven
from inspection.vocabulary import StudyState, Verdict


@dataclass(frozen=True)
class Progress:
    """How far an appraiser is. `trial` is the one under way, or the last one when all is done."""

    trial: int
    trials: int
    done: int
    """Of the trial under way."""
    parts: int
    readings: int
    """Of all trials."""

    @property
    def planned(self) -> int:
        return self.parts * self.trials

    @property
    def through(self) -> bool:
        return self.readings == self.planned

    @property
    def missing(self) -> int:
        return self.planned - self.readings


@dataclass(frozen=True)
class Line:
    """An appraiser with the own progress."""

    appraiser: StudyAppraiser
    progress: Progress
    last_at: datetime | None


def of_job(job: Job) -> QuerySet[Study]:
    """Newest first."""
    return Study.objects.filter(job=job).select_related("by").order_by("-at", "-id")


def with_size(rows: QuerySet[Study]) -> QuerySet[Study]:
    return rows.annotate(n_parts=Count("parts", distinct=True), n_appraisers=Count("appraisers", distinct=True))


def standing() -> QuerySet[StudyReading]:
    """Readings that nobody has taken back."""
    return StudyReading.objects.filter(undone_at=None)


def unread() -> QuerySet[StudyTurn]:
    """Turns without an answer, in the order in which they are due."""
    answered = standing().filter(turn=OuterRef("pk"))
    return StudyTurn.objects.exclude(Exists(answered)).order_by("trial", "place")


def due(appraiser: StudyAppraiser, *, most: int) -> list[StudyTurn]:
    """The next turns of an appraiser, all of one trial: the following one begins when this one is through."""
    rows = unread().filter(appraiser=appraiser).select_related("part__item__picture", "appraiser__model")
    first = rows.first()
    return list(rows.filter(trial=first.trial)[:most]) if first else []


def trial_under_way(appraiser: StudyAppraiser) -> int | None:
    """The first trial in which something is left; None when all is done."""
    return unread().filter(appraiser=appraiser).values_list("trial", flat=True).first()


def lines(study: Study) -> list[Line]:
    """Everybody's progress, people first; three queries."""
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    last: dict[int, datetime] = {}
    rows = standing().filter(appraiser__study=study).values_list("appraiser", "turn__trial", "at")
    for appraiser, trial, at in rows:
        counts[appraiser][trial] = counts[appraiser].get(trial, 0) + 1
        last[appraiser] = max(at, last.get(appraiser, at))
    parts = study.parts.count()
    people = list(study.appraisers.select_related("person", "model"))
    people.sort(key=lambda one: (one.person_id is None, one.pk))
    return [Line(one, _progress(counts[one.pk], study.trials, parts), last.get(one.pk)) for one in people]


def progress(appraiser: StudyAppraiser) -> Progress:
    rows = standing().filter(appraiser=appraiser).values_list("turn__trial").annotate(n=Count("id"))
    return _progress(dict(rows), appraiser.study.trials, appraiser.study.parts.count())


def _progress(done: dict[int, int], trials: int, parts: int) -> Progress:
    trial = next((one for one in range(1, trials + 1) if done.get(one, 0) < parts), trials)
    return Progress(trial=trial, trials=trials, done=done.get(trial, 0), parts=parts, readings=sum(done.values()))


def running_for(person: Person, job: Job) -> list[Line]:
    """The running studies of a job in which the person is asked to judge."""
    rows = StudyAppraiser.objects.filter(person=person, study__job=job, study__state=StudyState.RUNNING)
    return [Line(one, progress(one), None) for one in rows.select_related("study").order_by("-study__at")]


def with_the_ai() -> QuerySet[Study]:
    """Running studies in which the AI has still to be asked."""
    asked = unread().filter(appraiser__study=OuterRef("pk"), appraiser__person=None)
    return Study.objects.filter(Exists(asked), state=StudyState.RUNNING)


def parts_by_serial(study: Study) -> dict[str, list[int]]:
    """Numbers of the parts by serial: two for a part of which two passes are in the study."""
    found: dict[str, list[int]] = defaultdict(list)
    for serial, number in study.parts.values_list("item__serial", "number"):
        found[serial].append(number)
    return found


def asks_the_ai(study: Study) -> bool:
    return study.appraisers.filter(person=None).exists()


def free(now: datetime) -> QuerySet[StudyTurn]:
    """Turns that no worker has taken, or none that can still be expected back."""
    return StudyTurn.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))


def turns_for_the_ai(study: Study, *, most: int, now: datetime) -> list[StudyTurn]:
    """What the AI is asked next: no part twice at once, since it is asked anew in every trial, and alone what a worker
    did not come back from."""
    mine = unread().filter(appraiser__study=study, appraiser__person=None)
    first = mine.first()
    if first is None:
        return []
    left = mine.filter(trial=first.trial, attempts__lt=settings.PREDICT_ATTEMPTS, pk__in=free(now).values("pk"))
    found = list(left.order_by("attempts", "place")[:most])
    fresh = [turn for turn in found if not turn.attempts]
    return fresh or found[:1]


def spent(now: datetime) -> list[StudyTurn]:
    """Turns of the AI from which no worker came back in all its attempts."""
    rows = unread().filter(appraiser__person=None, appraiser__study__state=StudyState.RUNNING)
    rows = rows.filter(attempts__gte=settings.PREDICT_ATTEMPTS, pk__in=free(now).values("pk"))
    return list(rows.select_related("appraiser__study", "part"))


# ---------------------------------------------------------------- what was said


@dataclass(frozen=True)
class Row:
    """One reading with all that it takes to count it again."""

    turn: StudyTurn
    reading: StudyReading | None


def rows(study: Study) -> list[Row]:
    """Every turn of a study with the reading that stands, by appraiser, trial and place; two queries."""
    said = {row.turn_id: row for row in standing().filter(appraiser__study=study)}
    turns = StudyTurn.objects.filter(appraiser__study=study).select_related(
        "part__item", "appraiser__person", "appraiser__model"
    )
    ordered = sorted(turns, key=lambda one: (one.appraiser.person_id is None, one.appraiser_id, one.trial, one.place))
    return [Row(turn, said.get(turn.pk)) for turn in ordered]


def taken_back(study: Study) -> dict[int, int]:
    """How many readings each appraiser has taken back."""
    undone = StudyReading.objects.filter(appraiser__study=study).exclude(undone_at=None)
    return dict(undone.values_list("appraiser").annotate(n=Count("id")))


def judged_before(study: Study) -> dict[int, list[int]]:
    """Numbers of the parts that each person had judged in production before the study was started, by person."""
    numbers = dict(study.parts.values_list("item", "number"))
    people = [pk for pk in study.appraisers.values_list("person", flat=True) if pk is not None]
    given = VerdictGiven.objects.filter(item__in=numbers, person__in=people, late=False, undone_at=None)
    if study.started_at is not None:
        given = given.filter(at__lt=study.started_at)
    found: dict[int, set[int]] = defaultdict(set)
    for person, item in given.values_list("person", "item"):
        found[person].add(numbers[item])
    return {person: sorted(mine) for person, mine in found.items()}


def vouched_for(study: Study) -> dict[int, list[int]]:
    """Numbers of the parts for whose standard each person answers by name."""
    found: dict[int, list[int]] = defaultdict(list)
    for person, number in study.parts.exclude(vouched_by=None).values_list("vouched_by", "number"):
        found[person].append(number)
    return found


def told_of_ai(study: Study) -> list[uuid.UUID]:
    """Items of which somebody who reads the answers learns what the AI said; none where it was not asked."""
    if not standing().filter(appraiser__study=study, appraiser__person=None).exists():
        return []
    return list(study.parts.values_list("item", flat=True))


def bad_and_good(study: Study) -> tuple[int, int]:
    counts = study.parts.aggregate(
        bad=Count("id", filter=Q(verdict=Verdict.NG)), good=Count("id", filter=Q(verdict=Verdict.OK))
    )
    return counts["bad"], counts["good"]
