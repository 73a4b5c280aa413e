"""Lay out an attribute agreement study: its parts with their standard verdicts, and who judges them."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inspection.models import Job, Membership, Person, Study, StudyAppraiser, StudyPart
from inspection.permissions import INSPECTING
from inspection.policy import study_design
from inspection.policy.words import is_name
from inspection.queries.study_parts import Examined, Standard, examine, offer
from inspection.refused import Refused, conflict
from inspection.sentences import Sentence
from inspection.vocabulary import StandardBy

MOST_APPRAISERS = 20


@dataclass(frozen=True)
class Picked:
    """Parts by lot: so many of those that the job offers. Without a seed a random one is made and kept."""

    n: int = study_design.USUAL_PARTS
    seed: str = ""


@dataclass(frozen=True)
class NewStudy:
    name: str
    appraisers: Sequence[str]
    """Log-in names of members."""
    parts: Sequence[uuid.UUID] | Picked = Picked()
    trials: int = study_design.USUAL_TRIALS
    ai: bool = True
    """The job's live model is asked too."""
    vouched: bool = False
    """Who makes the study has looked at the parts and answers for verdicts that rest on one person alone."""


def create_study(*, job: Job, new: NewStudy, by: Person, now: datetime) -> Study:
    """A draft with its parts and standards, frozen from here on; nobody is asked before it is started.

    Raises `Refused`: `bad_name`, the flaws of a design (`bad_trials`, `bad_count`, `no_bad_parts`, `no_good_parts`,
    `no_appraisers`), `bad_seed`, `too_few_parts`, `part_twice`, `unknown_part`, `not_decided`, `asked_already`,
    `in_book`, `in_doubt`, `appraiser_twice`, `too_many_appraisers`, `not_a_member`, `no_model`.
    """
    if not is_name(new.name) or len(new.name) > 200:
        raise Refused("bad_name", "A study has a name of one line and at most 200 characters.")
    people = _people(job, new.appraisers)
    if new.ai and job.champion_id is None:
        raise conflict("no_model", "This job has no live model that could be asked. Leave the AI out, or train one.")
    with transaction.atomic():
        standards, seed = _parts(job, new)
        flaw = study_design.check([one.verdict for one in standards], people=len(people), trials=new.trials)
        if flaw:
            raise Refused(flaw.code, flaw.detail)
        study = Study.objects.create(job=job, name=new.name.strip(), trials=new.trials, seed=seed, by=by, at=now)
        StudyPart.objects.bulk_create(_rows(study, standards, by=by))
        StudyAppraiser.objects.bulk_create(StudyAppraiser(study=study, person=person) for person in people)
        if new.ai:
            StudyAppraiser.objects.create(study=study, model=job.champion)
    return study


def _people(job: Job, names: Sequence[str]) -> list[Person]:
    if len(set(names)) < len(names):
        raise Refused("appraiser_twice", "A person judges in a study once or not at all.")
    if len(names) > MOST_APPRAISERS:
        raise Refused("too_many_appraisers", Sentence("At most {n} people judge in a study.", n=MOST_APPRAISERS))
    rows = Membership.objects.filter(job=job, role__in=INSPECTING, person__username__in=names, person__is_active=True)
    found = {row.person.username: row.person for row in rows.select_related("person")}
    for name in names:
        if name not in found:
            raise Refused("not_a_member", Sentence("{name} may not judge parts of this job.", name=name))
    return [found[name] for name in names]


def _parts(job: Job, new: NewStudy) -> tuple[list[Standard], str]:
    if isinstance(new.parts, Picked):
        return _by_lot(job, new.parts, vouched=new.vouched)
    return _by_hand(job, new.parts, vouched=new.vouched), ""


def _by_lot(job: Job, wanted: Picked, *, vouched: bool) -> tuple[list[Standard], str]:
    if len(wanted.seed) > 64 or (wanted.seed and not is_name(wanted.seed)):
        raise Refused("bad_seed", "A seed is one line of at most 64 characters.")
    seed = wanted.seed or secrets.token_hex(8)
    offered = {str(one.item.pk): one for one in offer(job, vouched=vouched)}
    keys = study_design.pick([one.candidate for one in offered.values()], n=wanted.n, seed=seed)
    if keys is None:
        raise conflict(
            "too_few_parts",
            Sentence(
                "{n} parts of this job have a verdict that a study can take for the truth, not {wanted}. Make known "
                "parts, vouch for parts that one person has judged, or take fewer.",
                n=len(offered),
                wanted=wanted.n,
            ),
            offered=len(offered),
        )
    return [offered[key] for key in keys], seed


def _by_hand(job: Job, ids: Sequence[uuid.UUID], *, vouched: bool) -> list[Standard]:
    if len(ids) > study_design.MOST_PARTS:
        raise Refused("bad_count", Sentence("A study has at most {n} parts.", n=study_design.MOST_PARTS))
    found = examine(job, ids)
    standards = found.standards
    pictures = {standards[pk].item.picture_id for pk in ids if pk in standards}
    if len(set(ids)) < len(ids) or len(pictures) < sum(pk in standards for pk in ids):
        raise Refused("part_twice", "A part is in a study once: the same one, or the same picture, stands here twice.")
    for pk in ids:
        if (why := _barred(pk, found, vouched=vouched)) is not None:
            raise why
    return [standards[pk] for pk in ids]


def _barred(pk: uuid.UUID, found: Examined, *, vouched: bool) -> Refused | None:
    item = str(pk)
    if pk in found.undecided:
        return conflict("not_decided", "Of one part nobody has said yet whether it is OK or NG.", item=item)
    if pk not in found.standards:
        return conflict("unknown_part", "One of these parts is not of this job.", item=item)
    if pk in found.asked:
        return conflict("asked_already", "Somebody is being asked about one of these parts.", item=item)
    if pk in found.in_book:
        return conflict("in_book", "One of these pictures stands in the label book, with its name.", item=item)
    if found.standards[pk].by == StandardBy.VOUCHED and not vouched:
        return conflict("in_doubt", "Only one has judged one of these parts. Look at it and vouch for it.", item=item)
    return None


def _rows(study: Study, standards: Sequence[Standard], *, by: Person) -> list[StudyPart]:
    return [
        StudyPart(
            study=study,
            number=number,
            item=one.item,
            verdict=one.verdict,
            labels=list(one.labels),
            standard_by=one.by,
            vouched_by=by if one.by == StandardBy.VOUCHED else one.person,
        )
        for number, one in enumerate(standards, 1)
    ]
