"""The five levels, each as the whole story of a part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspection.models import Decision, Evidence, Item, Job
from inspection.queries.who import who_let_it_pass
from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, State, Verdict
from tests.factories import POLICY, Cast, answer, claim, claim_one, commit, item, job, take_in

OK, NG, UNSURE = Verdict


def story(part: Item) -> tuple[str, list[tuple[str, str]], list[tuple[str, str, bool]]]:
    """Where the part ended, what was decided by whom, and what it is worth as evidence."""
    part.refresh_from_db()
    decided = [*Decision.objects.filter(item=part).order_by("id").values_list("verdict", "by")]
    evidence = [*Evidence.objects.filter(item=part).order_by("id").values_list("drawn", "reference", "hint_shown")]
    return part.state, decided, evidence


def test_human_only_a_person_decides_and_nothing_is_compared(cast: Cast) -> None:
    covers = job(cast)
    part = take_in(covers)
    held = claim_one(covers, cast.inspector)
    assert held.review.routing.commit_first is False
    answer(held, NG, labels=("dent",))
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [])


def test_shadow_the_ai_is_hidden_and_compared(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    part = item(covers, score=0.97)
    answer(claim_one(covers, cast.inspector), NG)
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.SHADOW, NG, False)])


def test_assistance_a_person_answers_sees_the_ai_and_may_revise(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.97)
    held = claim_one(covers, cast.inspector)
    hint = commit(held, OK)
    assert hint is not None
    assert hint["verdict"] == NG
    answer(held, NG)
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.ASSISTED, "", False)])


def test_assistance_with_the_hint_beside_the_picture_proves_nothing(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE, policy=replace(POLICY, hint_mode=HintMode.CONCURRENT))
    part = item(covers, score=0.97)
    answer(claim_one(covers, cast.inspector), NG)
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.ASSISTED, "", True)])


def test_assistance_a_blind_share_is_judged_without_the_ai(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.97, blind=True)
    held = claim_one(covers, cast.inspector)
    assert commit(held, NG) is None
    answer(held, NG)
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.BLIND, NG, False)])


def test_assistance_without_a_blind_share_draws_one_part_in_a_hundred(cast: Cast) -> None:
    """As jobs have it that were saved before a share of nothing was refused."""
    covers = job(cast, level=Level.ASSISTANCE)
    Job.objects.update(blind_share=0.0)
    part = item(covers, score=0.97, blind=True)
    answer(claim_one(covers, cast.inspector), NG)
    assert story(part) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.BLIND, NG, False)])
    assert Evidence.objects.get().probability == 0.01


def test_partial_the_ai_accepts_and_a_person_confirms_its_rejects(cast: Cast) -> None:
    covers = job(cast, level=Level.PARTIAL)
    accepted, rejected = item(covers, score=0.02), item(covers, score=0.97)
    assert story(accepted) == (State.DECIDED, [(OK, DecidedBy.AI)], [])
    answer(claim_one(covers, cast.inspector), NG)
    assert story(rejected) == (State.DECIDED, [(NG, DecidedBy.PERSON)], [(Drawn.ROUTED, NG, False)])


def test_full_the_ai_decides_and_an_audit_finds_an_escape(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True)
    assert story(part) == (State.DECIDED, [(OK, DecidedBy.AI)], [])
    held = claim_one(covers, cast.inspector)
    assert commit(held, NG) is None
    answer(held, NG)
    decided = [(OK, DecidedBy.AI), (NG, DecidedBy.PERSON)]
    assert story(part) == (State.DECIDED, decided, [(Drawn.AUDIT_RANDOM, "", False)])


def test_full_unsure_parts_go_to_people_and_may_end_on_hold(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.5)
    answer(claim_one(covers, cast.inspector), UNSURE)
    assert story(part) == (State.HELD, [(UNSURE, DecidedBy.PERSON)], [(Drawn.ROUTED, "", False)])


@pytest.mark.parametrize("level", [Level.SHADOW, Level.ASSISTANCE, Level.PARTIAL, Level.FULL])
def test_hand_over_blind_share_and_audit_wait_in_one_queue_by_age(cast: Cast, level: Level) -> None:
    covers = job(cast, level=level)
    dice: list[dict[str, bool]] = [{}, {"blind": level != Level.SHADOW}, {}]
    items = [item(covers, score=0.5, **draw) for draw in dice]  # type: ignore[arg-type]
    if level == Level.FULL:
        items.append(item(covers, score=0.02, audit=True))
    assert [held.review.item for held in claim(covers, cast.inspector, hold=9)] == items


@pytest.mark.parametrize("level", Level)
def test_at_every_level_it_can_be_said_who_let_a_part_pass(cast: Cast, level: Level) -> None:
    covers = job(cast, level=level)
    part = item(covers, score=0.02)
    for held in claim(covers, cast.inspector, hold=9):
        answer(held, OK)
    behind = who_let_it_pass(part)
    assert behind is not None
    by_ai = level in (Level.PARTIAL, Level.FULL)
    assert (behind.verdict, behind.level, behind.by) == (OK, level, DecidedBy.AI if by_ai else DecidedBy.PERSON)
    assert (behind.approval and behind.approval.by, behind.seen is None) == ("admin", by_ai)
