from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.retire_sample import retire_sample
from inspection.models import Item, Job, KnownPart, Label, Picture, Sample
from inspection.queries import samples
from inspection.refused import Kind, Refused
from inspection.vocabulary import Level, SampleKind, State, Verdict
from tests import factories
from tests.factories import Cast, picture

GOLDEN = NewSample(SampleKind.GOLDEN)
SCRATCH_OK = NewSample(SampleKind.LIMIT_OK, label="scratch", words=" a hair ")
SCRATCH_NG = NewSample(SampleKind.LIMIT_NG, label="scratch")


@pytest.fixture
def covers(cast: Cast) -> Job:
    return without_second_looks(factories.job(cast, level=Level.HUMAN_ONLY))


def without_second_looks(job: Job) -> Job:
    """One part in fifty would otherwise be asked of somebody else once more."""
    job.double_share = job.recheck_share = 0
    job.save()
    return job


def add(covers: Job, cast: Cast, new: NewSample = GOLDEN, shown: bytes | Item = b"") -> Sample:
    return add_sample(job=covers, new=new, shown=shown or picture(1), by=cast.manager, now=timezone.now())


def refused(covers: Job, cast: Cast, new: NewSample = GOLDEN, shown: bytes | Item = b"") -> Refused:
    with pytest.raises(Refused) as no:
        add(covers, cast, new, shown)
    return no.value


def judged(covers: Job, cast: Cast, data: bytes) -> Item:
    item = factories.item(covers, data=data)
    factories.answer(factories.claim_one(covers, cast.inspector))
    item.refresh_from_db()
    return item


def test_an_uploaded_picture_is_on_disk_and_in_the_book(covers: Job, cast: Cast) -> None:
    made = add(covers, cast, SCRATCH_OK)
    assert (made.kind, made.label, made.words) == ("limit_ok", Label.objects.get(code="scratch"), "a hair")
    assert (made.by, made.retired_at) == (cast.manager, None)
    with default_storage.open(made.picture.name) as file:
        assert file.read() == picture(1)


def test_a_part_that_is_through_lends_its_picture(covers: Job, cast: Cast) -> None:
    item = judged(covers, cast, picture(2))
    assert add(covers, cast, shown=item).picture == item.picture
    assert Picture.objects.count() == 1


def test_a_part_that_waits_for_anybody_stays_out_of_the_book(covers: Job, cast: Cast) -> None:
    item = factories.item(covers, data=picture(2))
    assert refused(covers, cast, shown=item).code == "still_asked"
    assert not Sample.objects.exists()


def test_a_part_stays_out_while_its_twin_waits_under_another_serial(covers: Job, cast: Cast) -> None:
    item = judged(covers, cast, picture(2))
    factories.item(covers, data=picture(2), serial="twin")
    assert refused(covers, cast, shown=item).code == "still_asked"


def test_the_file_of_a_waiting_part_stays_out_too(covers: Job, cast: Cast) -> None:
    factories.item(covers, data=picture(2))
    no = refused(covers, cast, shown=picture(2))
    assert (no.code, no.kind) == ("still_asked", Kind.CONFLICT)


def test_a_part_on_its_way_to_the_ai_may_be_asked_in_a_moment(covers: Job, cast: Cast) -> None:
    item = judged(covers, cast, picture(2))
    Item.objects.filter(pk=item.pk).update(state=State.PREDICTING)
    assert refused(covers, cast, shown=item).code == "still_asked"


def test_a_decided_part_stays_out_while_somebody_looks_at_it_again(covers: Job, cast: Cast) -> None:
    covers = factories.job(cast, slug="lids", level=Level.FULL)
    item = factories.item(covers, score=0.05, audit=True)
    assert (item.state, refused(covers, cast, shown=item).code) == (State.DECIDED, "still_asked")


def test_a_part_that_waits_in_another_job_binds_nobody_here(covers: Job, cast: Cast) -> None:
    factories.item(factories.job(cast, slug="lids"), data=picture(1))
    assert add(covers, cast).kind == "golden"


def test_a_known_part_would_tell_its_own_answer(covers: Job, cast: Cast) -> None:
    item = judged(covers, cast, picture(2))
    KnownPart.objects.create(job=covers, item=item, verdict=Verdict.NG, by=cast.manager, at=timezone.now())
    assert refused(covers, cast, shown=picture(2)).code == "known_part"


def test_a_part_of_another_job_is_none_of_this_one(covers: Job, cast: Cast) -> None:
    stranger = factories.item(factories.job(cast, slug="lids"))
    assert refused(covers, cast, shown=stranger).code == "unknown_item"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewSample(SampleKind.GOLDEN, label="scratch"), "label_not_asked"),
        (NewSample(SampleKind.LIMIT_OK), "label_missing"),
        (NewSample(SampleKind.LIMIT_NG, label="rust"), "unknown_label"),
        (NewSample(SampleKind.LIMIT_NG, label="\x00"), "unknown_label"),
        (NewSample(SampleKind.GOLDEN, words="x" * 501), "bad_words"),
        (NewSample(SampleKind.GOLDEN, words="\x00"), "bad_words"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(covers: Job, cast: Cast, new: NewSample, code: str) -> None:
    assert refused(covers, cast, new).code == code


def test_a_picture_meets_the_same_limits_as_a_part(covers: Job, cast: Cast) -> None:
    assert refused(covers, cast, shown=b"no picture").code == "not_a_picture"
    assert not Picture.objects.exists()


def test_the_second_click_puts_nothing_in_twice(covers: Job, cast: Cast) -> None:
    add(covers, cast, SCRATCH_OK)
    assert refused(covers, cast, SCRATCH_OK).code == "in_book"
    assert add(covers, cast, SCRATCH_NG).kind == "limit_ng"


def test_a_retired_sample_is_gone_from_the_book_and_kept_as_a_row(covers: Job, cast: Cast) -> None:
    made = add(covers, cast)
    retire_sample(sample=made, now=timezone.now())
    assert (samples.of_job(covers), Sample.objects.count()) == ([], 1)
    with pytest.raises(Refused, match="retired"):
        retire_sample(sample=made, now=timezone.now())
    assert add(covers, cast).pk != made.pk
