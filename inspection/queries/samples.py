"""The label book of a job: what each label means, and the pictures that people compare with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from inspection.models import Item, Job, KnownPart, Label, Sample, StudyPart
from inspection.queries.labels import in_force
from inspection.vocabulary import ReviewState, SampleKind, State, StudyState

_ORDER = {SampleKind.GOLDEN: 0, SampleKind.LIMIT_OK: 1, SampleKind.LIMIT_NG: 2}
_THROUGH = (State.DECIDED, State.HELD)


@dataclass(frozen=True)
class Words:
    """A label's name and definition in one language."""

    name: str
    definition: str


@dataclass(frozen=True)
class Entry:
    """One label of the book with its limit samples."""

    label: Label
    words: Words
    good_enough: list[Sample]
    not_good_enough: list[Sample]


@dataclass(frozen=True)
class Book:
    golden: list[Sample]
    entries: list[Entry]


def words_of(label: Label, language: str) -> Words:
    """What stands in the job's catalogue wherever nobody has written it in that language."""
    said = label.translations.get(language, {})
    return Words(name=said.get("name") or label.name, definition=said.get("definition") or label.definition)


def in_use() -> QuerySet[Sample]:
    """Samples that nobody has retired, of labels in force."""
    mine = Sample.objects.filter(retired_at=None).filter(Q(label=None) | Q(label__effective_to=None))
    return mine.select_related("label", "picture")


def of_job(job: Job) -> list[Sample]:
    """Golden samples first, then by label, the good enough ones before the others."""
    return sorted(in_use().filter(job=job), key=_place)


def _place(sample: Sample) -> tuple[int, int, int]:
    return (sample.label.position if sample.label else -1, _ORDER[SampleKind(sample.kind)], sample.pk)


def book(job: Job, *, language: str) -> Book:
    """Every label in force in the order of the catalogue, whether it has samples or not; two queries."""
    samples = of_job(job)

    def of(label: Label | None, kind: SampleKind) -> list[Sample]:
        return [one for one in samples if one.label_id == (label.pk if label else None) and one.kind == kind]

    entries = [
        Entry(label, words_of(label, language), of(label, SampleKind.LIMIT_OK), of(label, SampleKind.LIMIT_NG))
        for label in in_force([job])[job.pk]
    ]
    return Book(golden=of(None, SampleKind.GOLDEN), entries=entries)


def is_asked(*, job: Job, digest: str) -> bool:
    """Whether a part with this picture waits for anybody's judgement, or is on its way to where it may."""
    shown = Item.objects.filter(job=job, picture__digest=digest)
    return shown.filter(~Q(state__in=_THROUGH) | Q(reviews__state=ReviewState.OPEN)).exists()


def is_known(*, job: Job, digest: str) -> bool:
    """Whether a part with this picture is sent round to measure people."""
    return KnownPart.objects.filter(job=job, item__picture__digest=digest, retired_at=None).exists()


def is_in_study(*, job: Job, digest: str) -> bool:
    """Whether people are asked about this picture in a study that has not ended."""
    waiting = (StudyState.DRAFT, StudyState.RUNNING)
    return StudyPart.objects.filter(item__picture__digest=digest, study__job=job, study__state__in=waiting).exists()


def shows(*, job: Job, digest: str) -> bool:
    """Whether this picture stands in the job's label book."""
    return in_use().filter(job=job, picture__digest=digest).exists()
