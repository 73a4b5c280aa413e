"""Studies for tests: known parts, a study over them, and people who read it part by part."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from django.utils import timezone

from inspection import walk
from inspection.acts.add_known_part import add_known_part
from inspection.acts.create_study import NewStudy, Picked, create_study
from inspection.acts.end_study import close_study
from inspection.acts.give_reading import Given, give_reading
from inspection.acts.measure_study import Measures, measure_study
from inspection.models import Item, Job, Person, Study, StudyAppraiser, StudyPart, StudyTurn
from inspection.policy.answers import Answer
from inspection.policy.study_values import Row
from inspection.queries import studies
from inspection.vocabulary import StandardBy, StudyState, Verdict
from tests import factories

OK, NG = Verdict.OK, Verdict.NG


def decided(job: Job, cast: factories.Cast, verdict: Verdict = OK, *, label: str = "dent") -> Item:
    """A part of which one person alone has said what it is."""
    item = factories.take_in(job)
    labels = (label,) if verdict == NG else ()
    factories.answer(factories.claim_one(job, cast.inspector), verdict, labels=labels)
    item.refresh_from_db()
    return item


def known(job: Job, cast: factories.Cast, *verdicts: Verdict) -> list[Item]:
    """Parts beyond doubt, in the order of their verdicts; the admin vouches for them."""
    items = [decided(job, cast, verdict) for verdict in verdicts]
    for item in items:
        add_known_part(item=item, by=cast.admin, vouched=True, now=timezone.now())
    return items


def draft(
    job: Job,
    cast: factories.Cast,
    *,
    appraisers: Sequence[str] = ("inspector", "inspector2"),
    parts: Sequence[Item] | None = None,
    n: int = 6,
    trials: int = 2,
    ai: bool = False,
    vouched: bool = False,
) -> Study:
    wanted = Picked(n=n, seed="a") if parts is None else [item.pk for item in parts]
    new = NewStudy(name="Spring study", appraisers=appraisers, parts=wanted, trials=trials, ai=ai, vouched=vouched)
    return create_study(job=job, new=new, by=cast.manager, now=timezone.now())


def running(job: Job, cast: factories.Cast, **design: object) -> Study:
    """A study of four good and two bad parts that two people are asked about twice, unless told otherwise."""
    if design.get("parts") is None:
        known(job, cast, OK, OK, OK, OK, NG, NG)
    study = draft(job, cast, **design)  # type: ignore[arg-type]
    walk.start_study(study=study, by=cast.manager)
    return study


def measure(study: Study, by: Person, values: Sequence[str], *, limits: tuple[float | None, float | None]) -> None:
    """A measured value for each part, in the order of their numbers."""
    parts = study.parts.select_related("item")
    rows = tuple(
        Row(line, part.item.serial, float(value))
        for line, (part, value) in enumerate(zip(parts, values, strict=True), 1)
    )
    new = Measures(lower=limits[0], upper=limits[1], unit="mm", rows=rows)
    measure_study(study=study, new=new, by=by, now=timezone.now())


def appraiser(study: Study, person: Person) -> StudyAppraiser:
    return StudyAppraiser.objects.select_related("study").get(study=study, person=person)


def due(study: Study, person: Person) -> StudyTurn:
    [turn] = studies.due(appraiser(study, person), most=1)
    return turn


def say(turn: StudyTurn, person: Person, verdict: Verdict = OK, *, key: str = "", **more: object) -> Given:
    return give_reading(
        turn=turn,
        person=person,
        lease=turn.lease,
        client_key=key or uuid.uuid4().hex,
        answer=Answer(verdict=verdict, **more),  # type: ignore[arg-type]
        seconds=1.5,
        now=timezone.now(),
    )


def read(study: Study, person: Person, said: Callable[[StudyPart, int], Verdict], *, most: int = 10_000) -> None:
    """A person judges what is due, part by part, up to `most` parts."""
    mine = appraiser(study, person)
    for _ in range(most):
        found = studies.due(mine, most=1)
        if not found:
            return
        say(found[0], person, said(found[0].part, found[0].trial))


def right(part: StudyPart, _trial: int) -> Verdict:
    return Verdict(part.verdict)


def close(study: Study, by: Person, *, reason: str = "") -> Study:
    close_study(study=study, by=by, reason=reason, now=timezone.now())
    return study


def bare(job: Job, state: str = StudyState.RUNNING) -> Study:
    """One part for the inspector, for tests that ask who may do what and nothing else."""
    people = {one.person.username: one.person for one in job.memberships.select_related("person")}
    made = Study.objects.create(job=job, name="S", trials=1, state=state, by=people["manager"], at=timezone.now())
    mine = StudyAppraiser.objects.create(study=made, person=people["inspector"])
    item = job.items.earliest("received_at")
    part = StudyPart.objects.create(study=made, number=1, item=item, verdict=NG, standard_by=StandardBy.KNOWN)
    if state != StudyState.DRAFT:
        StudyTurn.objects.create(appraiser=mine, part=part, trial=1, place=1)
    return made
