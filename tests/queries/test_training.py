from __future__ import annotations

from dataclasses import replace

import pytest

from inspection.acts.note_exposure import note_exposure
from inspection.models import Picture
from inspection.queries.training import Example, blind_examples
from inspection.vocabulary import HintMode, Level, Verdict
from tests.factories import POLICY, Cast, answer, claim_one, commit, item, job

pytestmark = pytest.mark.django_db
BLINDLESS = replace(POLICY, blind_share=0.01)
"""As little as may be; the dice of `item` are loaded."""


def test_a_verdict_given_without_a_hint_is_learnt(cast: Cast) -> None:
    covers = job(cast)
    item(covers, lot="L1")
    answer(claim_one(covers, cast.inspector), Verdict.NG, labels=("dent",))
    stored = Picture.objects.get()
    assert list(blind_examples(covers)) == [Example(stored.name, stored.digest, 1.0, "L1", ("dent",))]


def test_before_a_hint_the_first_answer_is_learnt_and_not_what_the_hint_made_of_it(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=BLINDLESS)
    item(covers, score=0.5)
    held = claim_one(covers, cast.inspector)
    commit(held, Verdict.OK)
    answer(held, Verdict.NG)
    assert [row.target for row in blind_examples(covers)] == [0.0]


def test_who_looks_a_part_up_after_judging_it_is_learnt_from_all_the_same(cast: Cast) -> None:
    covers = job(cast)
    part = item(covers)
    answer(claim_one(covers, cast.inspector), Verdict.NG)
    note_exposure(person=cast.inspector, items=[part.pk])
    assert [row.target for row in blind_examples(covers)] == [1.0]


@pytest.mark.parametrize("unlearnable", ["a hint from the start", "seen before", "unsure"])
def test_what_is_no_persons_own_sure_word_is_not_learnt(cast: Cast, unlearnable: str) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(BLINDLESS, hint_mode=HintMode.CONCURRENT))
    hinted = unlearnable == "a hint from the start"
    part = item(covers, score=0.5, blind=False) if hinted else item(covers)
    held = claim_one(covers, cast.inspector)
    if unlearnable == "seen before":
        note_exposure(person=cast.inspector, items=[part.pk])
    answer(held, Verdict.UNSURE if unlearnable == "unsure" else Verdict.NG)
    assert list(blind_examples(covers)) == []
