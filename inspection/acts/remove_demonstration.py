"""Take the demonstration away: its jobs with all their rows and pictures, and its simulated people."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction

from inspection.models import (
    BarsChange,
    CalendarChange,
    Decision,
    DecisionCell,
    Epoch,
    Evidence,
    EvidenceCell,
    EvidencePlace,
    Exposure,
    HandOut,
    Incident,
    Item,
    Job,
    KnownPart,
    Label,
    LedgerEntry,
    LevelChange,
    LotCell,
    LotCount,
    Membership,
    ModelFault,
    ModelVersion,
    PairCell,
    Person,
    Picture,
    Prediction,
    Proposal,
    Refusal,
    Release,
    Review,
    Routing,
    Sample,
    Signature,
    Study,
    StudyAppraiser,
    StudyPart,
    StudyReading,
    StudyTurn,
    ThresholdSet,
    VerdictGiven,
)

_OF_JOB: tuple[tuple[type[models.Model], str], ...] = (
    (StudyReading, "appraiser__study__job"),
    (StudyTurn, "appraiser__study__job"),
    (StudyAppraiser, "study__job"),
    (StudyPart, "study__job"),
    (Study, "job"),
    (Incident, "job"),
    (Sample, "job"),
    (PairCell, "job"),
    (EvidencePlace, "job"),
    (LotCell, "job"),
    (EvidenceCell, "job"),
    (DecisionCell, "job"),
    (LedgerEntry, "job"),
    (LotCount, "epoch__job"),
    (Evidence, "job"),
    (Decision, "job"),
    (VerdictGiven, "item__job"),
    (HandOut, "review__job"),
    (Review, "job"),
    (KnownPart, "job"),
    (Routing, "item__job"),
    (Prediction, "item__job"),
    (Exposure, "item__job"),
    (Refusal, "job"),
    (Item, "job"),
    (LevelChange, "job"),
    (Signature, "proposal__job"),
    (Proposal, "job"),
    (BarsChange, "job"),
    (CalendarChange, "job"),
    (Epoch, "job"),
    (Release, "job"),
    (ModelFault, "model__job"),
    (ModelVersion, "job"),
    (ThresholdSet, "job"),
    (Label, "job"),
    (Membership, "job"),
)
"""Every table that belongs to a job and how it is tied to it. A test compares it with the tables there are."""


@dataclass(frozen=True)
class Removed:
    jobs: int
    items: int
    people: int


def remove_demonstration() -> Removed:
    """Remove every demonstration job. Log-ins of real people stay; simulated people go with their jobs.

    The one place where history is deleted: nobody's work is in it that was not told so on every page.
    """
    with transaction.atomic():
        jobs = list(Job.objects.select_for_update().filter(demonstration=True).values_list("id", flat=True))
        items = Item.objects.filter(job__in=jobs).count()
        digests = set(ModelVersion.objects.filter(job__in=jobs).values_list("digest", flat=True))
        for table, tie in _OF_JOB:
            _delete(table, **{f"{tie}__in": jobs})
        _delete(Job, id__in=jobs)
        people = _remove_simulated()
        unused = Picture.objects.filter(items=None, samples=None)
        names = list(unused.values_list("name", flat=True))
        _delete(Picture, id__in=list(unused.values_list("id", flat=True)))
        kept = set(ModelVersion.objects.filter(digest__in=digests).values_list("digest", flat=True))
    # Files go last: a row must never point at a picture that is not there.
    for name in names:
        default_storage.delete(name)
    for digest in digests - kept:
        shutil.rmtree(settings.BUNDLES / digest, ignore_errors=True)
    return Removed(jobs=len(jobs), items=items, people=people)


def _delete(table: type[models.Model], **where: Any) -> None:
    """Delete rows table by table: history is protected from cascades, and foreign keys are checked at commit."""
    ids = list(table._default_manager.filter(**where).values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        rows = table._default_manager.filter(pk__in=ids[start : start + 500])
        rows._raw_delete(using=rows.db)


def _remove_simulated() -> int:
    people = Person.objects.filter(simulated=True, memberships=None)
    ids = list(people.values_list("id", flat=True))
    _delete(Person, id__in=ids)
    return len(ids)
