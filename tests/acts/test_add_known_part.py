from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from inspection.acts.add_known_part import add_known_part
from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.retire_known_part import retire_known_part
from inspection.models import Item, Job, KnownPart
from inspection.refused import Refused
from inspection.vocabulary import Level, SampleKind, Verdict
from tests.factories import Cast, answer, claim_one, item, job, take_in

OK, NG, UNSURE = Verdict


def add(part: Item, cast: Cast, *, vouched: bool = False) -> KnownPart:
    return add_known_part(item=part, by=cast.manager, vouched=vouched, now=timezone.now())


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def judged(cast: Cast, *verdicts: Verdict, score: float = 0.02) -> tuple[Job, Item]:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=score)
    for who, verdict in zip((cast.inspector, cast.inspector2), verdicts, strict=False):
        answer(claim_one(covers, who), verdict, labels=("dent",) if verdict == NG else ())
    return covers, part


def test_a_part_of_which_two_people_say_the_same_is_known_with_its_labels(cast: Cast) -> None:
    covers, part = judged(cast, NG, NG)
    made = add(part, cast)
    assert (made.job, made.item, made.verdict, made.labels, made.by) == (covers, part, NG, ["dent"], cast.manager)


def test_a_part_that_an_adjudicator_decided_is_beyond_doubt(cast: Cast) -> None:
    covers, part = judged(cast, NG, OK)
    answer(claim_one(covers, cast.admin, adjudication=True), OK)
    assert add(part, cast).verdict == OK


def test_a_part_that_one_person_judged_needs_somebody_who_vouches(cast: Cast) -> None:
    _, part = judged(cast, OK)
    assert code_of(lambda: add(part, cast)) == "in_doubt"
    assert add(part, cast, vouched=True).verdict == OK


def test_what_the_ai_decided_alone_is_in_doubt(cast: Cast) -> None:
    part = item(job(cast, level=Level.FULL), score=0.02)
    assert code_of(lambda: add(part, cast)) == "in_doubt"


@pytest.mark.parametrize("verdicts", [(NG,), (NG, OK), (UNSURE,)])
def test_while_somebody_is_asked_about_it_no_part_is_known(cast: Cast, verdicts: tuple[Verdict, ...]) -> None:
    _, part = judged(cast, *verdicts)
    assert code_of(lambda: add(part, cast, vouched=True)) in {"asked_already", "not_decided"}


def test_while_somebody_is_asked_about_its_twin_no_part_is_known(cast: Cast) -> None:
    covers, part = judged(cast, NG, NG)
    twin = take_in(covers)
    Item.objects.filter(pk=twin.pk).update(picture=part.picture)
    part.reviews.first()
    from_people = twin.reviews.exists()
    if not from_people:
        answered = part.reviews.order_by("created_at").first()
        assert answered is not None
        answered.pk = None
        twin.reviews.create(job=covers, routing=answered.routing, created_at=timezone.now())
    assert code_of(lambda: add(part, cast)) == "asked_already"


def test_a_part_of_which_the_adjudicator_was_unsure_is_not_known(cast: Cast) -> None:
    covers, part = judged(cast, NG, OK)
    answer(claim_one(covers, cast.admin, adjudication=True), UNSURE)
    assert code_of(lambda: add(part, cast, vouched=True)) == "not_decided"


def test_what_is_not_decided_is_not_known(cast: Cast) -> None:
    part = take_in(job(cast))
    assert code_of(lambda: add(part, cast, vouched=True)) == "not_decided"


def test_a_picture_in_the_label_book_is_none(cast: Cast) -> None:
    covers, part = judged(cast, NG, NG)
    add_sample(job=covers, new=NewSample(SampleKind.GOLDEN), shown=part, by=cast.manager, now=timezone.now())
    assert code_of(lambda: add(part, cast)) == "in_book"


def test_a_part_is_known_once_and_again_after_it_was_retired(cast: Cast) -> None:
    _, part = judged(cast, NG, NG)
    made = add(part, cast)
    assert code_of(lambda: add(part, cast)) == "known_already"
    retire_known_part(known=made, now=timezone.now())
    assert code_of(lambda: retire_known_part(known=made, now=timezone.now())) == "retired"
    assert add(part, cast).pk != made.pk
