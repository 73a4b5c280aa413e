from __future__ import annotations

from datetime import datetime

from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from inspection import walk
from inspection.models import HandOut, Item
from inspection.queries import who
from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, Reason, Verdict
from tests.factories import Cast, answer, bundle, champion, claim_one, commit, item, job, take_in, undo


def behind(part: Item) -> who.Behind:
    found = who.who_let_it_pass(part)
    assert found is not None
    return found


def said_at(part: Item) -> datetime:
    return part.predictions.get().at


def test_of_the_ais_decision_everything_is_known(cast: Cast) -> None:
    covers = job(cast, level=Level.PARTIAL)
    walk.switch_level(job=covers, new=Level.FULL, reason="proven in May", by=cast.admin)
    part = item(covers, score=0.97)
    change, routing, decision = covers.level_changes.get(old=Level.PARTIAL), part.routings.get(), part.decisions.get()
    model = covers.champion
    assert model is not None
    assert behind(part) == who.Behind(
        verdict=Verdict.NG,
        by=DecidedBy.AI,
        person="",
        at=decision.at,
        code_version=settings.CODE_VERSION,
        level=Level.FULL,
        model=who.ModelInForce(model.name, model.digest, 0.97, Verdict.NG, "", said_at(part)),
        thresholds=who.ThresholdsInForce(version=1, accept_at=0.2, reject_at=0.8),
        # Tightened: a climb to where the AI decides lies back less than a thousand parts.
        policy=who.PolicyInForce(Reason.AI_SURE, None, 0.2, HintMode.NONE, True, routing.at),
        approval=who.Approval(by="admin", at=change.at, reason="proven in May", gate="advisory"),
        seen=None,
    )


def test_of_a_persons_decision_it_is_known_what_the_person_saw_and_when(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.97)
    held = claim_one(covers, cast.inspector)
    hint = commit(held, Verdict.OK)
    given = answer(held, Verdict.NG).given
    found, out = behind(part), HandOut.objects.get()
    assert (found.by, found.person, found.at) == (DecidedBy.PERSON, "inspector", given.at)
    assert found.seen == who.Seen(part.picture.digest, out.at, hint, out.shown_at, given.first, given.at)
    assert (found.policy.drawn, found.policy.hint) == (Drawn.ASSISTED, HintMode.COMMIT_FIRST)


def test_what_an_earlier_holder_saw_is_not_what_the_judge_saw(cast: Cast) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.97)
    first = claim_one(covers, cast.inspector)
    commit(first)
    HandOut.objects.filter(pk=first.hand_out.pk).update(end="given_back")
    first.review.__class__.objects.update(holder=None, lease=None, lease_until=None)
    answer(claim_one(covers, cast.inspector2), Verdict.NG)
    seen = behind(part).seen
    assert seen is not None
    assert (seen.hint, seen.hint_at, seen.own_answer_first) == (None, None, None)


def test_of_a_verdict_that_was_given_anew_the_last_look_counts(cast: Cast) -> None:
    part = take_in(job(cast))
    held = undo(answer(claim_one(part.job, cast.inspector), Verdict.OK))
    answer(held, Verdict.NG)
    behind = who.who_let_it_pass(part)
    assert behind is not None
    assert behind.seen is not None
    assert behind.seen.handed_out_at == held.hand_out.at


def test_an_audit_that_contradicts_is_the_one_in_force(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02, audit=True)
    answer(claim_one(covers, cast.inspector), Verdict.NG)
    found = behind(part)
    assert (found.by, found.verdict, found.policy.reason) == (DecidedBy.PERSON, Verdict.NG, Reason.AI_SURE)


def test_an_item_keeps_the_model_and_thresholds_it_was_judged_with(cast: Cast) -> None:
    covers = job(cast, level=Level.FULL)
    part = item(covers, score=0.02)
    before = behind(part)
    champion(covers, bundle(covers, score=0.5))
    walk.switch_level(job=covers, new=Level.SHADOW, reason="a new model", by=cast.manager)
    assert behind(part) == before


def test_without_a_model_or_a_decision_it_says_so(cast: Cast) -> None:
    covers = job(cast)
    part = take_in(covers)
    assert who.who_let_it_pass(part) is None
    answer(claim_one(covers, cast.inspector))
    assert (behind(part).model, behind(part).policy.reason) == (None, Reason.HUMAN_ONLY)


def test_it_is_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    covers = job(cast, level=Level.ASSISTANCE)
    part = item(covers, score=0.97)
    held = claim_one(covers, cast.inspector)
    commit(held)
    answer(held)
    with django_assert_num_queries(1):
        behind(part)
