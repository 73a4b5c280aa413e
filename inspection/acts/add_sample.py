"""Put a picture into a job's label book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspection import storage
from inspection.models import Item, Job, Label, Person, Picture, Sample
from inspection.policy.words import is_storable
from inspection.queries import samples
from inspection.refused import Refused, conflict
from inspection.vocabulary import SampleKind

LONGEST_WORDS = 500


@dataclass(frozen=True)
class NewSample:
    kind: SampleKind
    label: str = ""
    """Code of the label whose limit it shows; a golden sample shows the whole part and has none."""
    words: str = ""


def add_sample(*, job: Job, new: NewSample, shown: bytes | Item, by: Person, now: datetime) -> Sample:
    """Put an uploaded picture, or the picture of a part of the job, into the label book.

    Raises `Refused`: `bad_words`, `label_missing`, `label_not_asked`, `unknown_label`, `unknown_item`, `still_asked`,
    `in_study`, `known_part`, `in_book`, and what is wrong with a picture.
    """
    words = _checked(new.words)
    label = _label(job, new)
    if isinstance(shown, Item):
        if shown.job_id != job.pk:
            raise Refused("unknown_item", _("This job has no such part."))
        return _add(job=job, kind=new.kind, label=label, words=words, picture=shown.picture, by=by, now=now)
    admitted = storage.admit(shown, animations=job.animations)
    # File first, row second: a row never points at a picture that is not there.
    row = storage.keep(admitted)
    picture = Picture.objects.get_or_create(digest=admitted.digest, defaults=row)[0]
    return _add(job=job, kind=new.kind, label=label, words=words, picture=picture, by=by, now=now)


def _add(
    *, job: Job, kind: SampleKind, label: Label | None, words: str, picture: Picture, by: Person, now: datetime
) -> Sample:
    with transaction.atomic():
        # Locked, so that of a double click the second one sees what the first one did.
        Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        _check_tells_nobody(job, picture)
        if samples.in_use().filter(job=job, kind=kind, label=label, picture=picture).exists():
            raise conflict("in_book", _("This picture stands in the label book already."))
        return Sample.objects.create(job=job, kind=kind, label=label, picture=picture, words=words, by=by, at=now)


def _check_tells_nobody(job: Job, picture: Picture) -> None:
    """A sample says what the right answer is: nobody may meet it while the same picture is theirs to judge."""
    if samples.is_asked(job=job, digest=picture.digest):
        raise conflict(
            "still_asked",
            _("A part with this picture is still to be judged; in the label book it would tell the answer."),
        )
    if samples.is_in_study(job=job, digest=picture.digest):
        raise conflict("in_study", _("People are asked about this picture in a study; wait until it has ended."))
    if samples.is_known(job=job, digest=picture.digest):
        raise conflict(
            "known_part", _("A part with this picture is sent round as a known part; retire it there before.")
        )


def _label(job: Job, new: NewSample) -> Label | None:
    if new.kind == SampleKind.GOLDEN:
        if new.label:
            raise Refused("label_not_asked", _("A golden sample shows the whole part and belongs to no label."))
        return None
    if not new.label:
        raise Refused("label_missing", _("Say which label's limit the picture shows."))
    found = Label.objects.filter(job=job, code=new.label, effective_to=None).first() if is_storable(new.label) else None
    if found is None:
        raise Refused("unknown_label", _("This job has no such label."))
    return found


def _checked(words: str) -> str:
    if not is_storable(words) or len(words) > LONGEST_WORDS:
        raise Refused("bad_words", _("Say in at most %(most)d characters what to see on it.") % {"most": LONGEST_WORDS})
    return words.strip()
