from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.routing import (
    LEVELS,
    Route,
    Said,
    Salts,
    Shares,
    Thresholds,
    commits_first,
    effective,
    opinion,
    route,
)
from inspection.policy.sampling import draw
from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, Reason, Verdict

SALTS = Salts(blind="blind-salt", audit="audit-salt", risk="risk-salt")
SHARES = Shares(blind=0.10, audit=0.05)
FAULTS = (Reason.UNFIT, Reason.NO_ANSWER, Reason.NO_MODEL, Reason.NO_THRESHOLDS, Reason.LATE, Reason.QUARANTINED)


def key(*, blind: bool, audit: bool) -> str:
    """A key that the two draws treat as wanted."""
    keys = (f"item-{number}" for number in range(10_000))
    return next(
        key
        for key in keys
        if draw(salt=SALTS.blind, key=key, share=SHARES.blind).hit == blind
        and draw(salt=SALTS.audit, key=key, share=SHARES.audit).hit == audit
    )


PLAIN, BLIND = key(blind=False, audit=False), key(blind=True, audit=False)
AUDIT, BOTH = key(blind=False, audit=True), key(blind=True, audit=True)


def sent(level: Level, said: Said, key: str, *, job_hint: HintMode = HintMode.COMMIT_FIRST) -> Route:
    return route(level=level, said=said, job_hint=job_hint, shares=SHARES, salts=SALTS, key=key)


def person(
    reason: Reason, drawn: Drawn | None, hint: HintMode, *, commit_first: bool, probability: float = 1.0
) -> Route:
    return Route(DecidedBy.PERSON, None, reason, drawn, probability, hint, commit_first, audited=False)


def ai(verdict: Verdict, *, audited: bool) -> Route:
    drawn = Drawn.AUDIT_RANDOM if audited else None
    return Route(DecidedBy.AI, verdict, Reason.AI_SURE, drawn, 0.05, HintMode.NONE, commit_first=True, audited=audited)


NEVER, LATER, BESIDE = HintMode.NONE, HintMode.COMMIT_FIRST, HintMode.CONCURRENT
OK, NG, UNSURE = (Said(opinion=verdict) for verdict in Verdict)
HUMAN = person(Reason.HUMAN_ONLY, None, NEVER, commit_first=False)
HIDDEN = person(Reason.SHADOW, Drawn.SHADOW, NEVER, commit_first=False)
ASSISTED = person(Reason.ASSISTED, Drawn.ASSISTED, LATER, commit_first=True)
DRAWN_BLIND = person(Reason.BLIND, Drawn.BLIND, NEVER, commit_first=True, probability=0.10)
HANDED_OVER = person(Reason.AI_UNSURE, Drawn.ROUTED, LATER, commit_first=True)
REJECTED = person(Reason.AI_REJECTS, Drawn.ROUTED, LATER, commit_first=True)


@dataclass(frozen=True)
class Case:
    name: str
    level: Level
    said: Said
    key: str
    expected: Route


CASES = [
    Case("human only asks a person whatever the AI would say", Level.HUMAN_ONLY, NG, PLAIN, HUMAN),
    Case("human only draws nobody blind", Level.HUMAN_ONLY, OK, BLIND, HUMAN),
    Case("shadow: a sure OK goes to a person, hidden", Level.SHADOW, OK, PLAIN, HIDDEN),
    Case("shadow: a sure NG goes to a person, hidden", Level.SHADOW, NG, PLAIN, HIDDEN),
    Case("shadow: unsure goes to a person, hidden", Level.SHADOW, UNSURE, PLAIN, HIDDEN),
    Case("shadow draws nobody blind, since everybody is", Level.SHADOW, OK, BLIND, HIDDEN),
    Case("assistance: OK is shown after the own answer", Level.ASSISTANCE, OK, PLAIN, ASSISTED),
    Case("assistance: NG is shown after the own answer", Level.ASSISTANCE, NG, PLAIN, ASSISTED),
    Case("assistance: unsure is shown after the own answer", Level.ASSISTANCE, UNSURE, PLAIN, ASSISTED),
    Case("assistance: a blind share sees nothing", Level.ASSISTANCE, NG, BLIND, DRAWN_BLIND),
    Case("assistance audits nothing, since the AI decides nothing", Level.ASSISTANCE, OK, AUDIT, ASSISTED),
    Case("partial: the AI accepts where it is sure", Level.PARTIAL, OK, PLAIN, ai(Verdict.OK, audited=False)),
    Case("partial: some of what the AI accepts is audited", Level.PARTIAL, OK, AUDIT, ai(Verdict.OK, audited=True)),
    Case("partial: what the AI rejects goes to a person", Level.PARTIAL, NG, PLAIN, REJECTED),
    Case("partial: unsure goes to a person", Level.PARTIAL, UNSURE, PLAIN, HANDED_OVER),
    Case("partial: blind comes before the AI is looked at", Level.PARTIAL, OK, BLIND, DRAWN_BLIND),
    Case("partial: blind comes before the audit", Level.PARTIAL, OK, BOTH, DRAWN_BLIND),
    Case("partial: a rejected part can be blind too", Level.PARTIAL, NG, BLIND, DRAWN_BLIND),
    Case("full: the AI accepts where it is sure", Level.FULL, OK, PLAIN, ai(Verdict.OK, audited=False)),
    Case("full: the AI rejects where it is sure", Level.FULL, NG, PLAIN, ai(Verdict.NG, audited=False)),
    Case("full: some of what the AI rejects is audited", Level.FULL, NG, AUDIT, ai(Verdict.NG, audited=True)),
    Case("full: unsure goes to a person", Level.FULL, UNSURE, PLAIN, HANDED_OVER),
    Case("full: blind comes before the AI is looked at", Level.FULL, NG, BLIND, DRAWN_BLIND),
    Case("full: blind comes before the audit", Level.FULL, OK, BOTH, DRAWN_BLIND),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_level_sends_every_opinion_where_the_table_says(case: Case) -> None:
    assert sent(case.level, case.said, case.key) == case.expected


@pytest.mark.parametrize(("level", "fault"), [*product(LEVELS, FAULTS)])
def test_a_fault_goes_to_a_person_at_every_level_and_says_which(level: Level, fault: Reason) -> None:
    decided = sent(level, Said(opinion=None, fault=fault), PLAIN)
    assert (decided.by, decided.verdict, decided.audited) == (DecidedBy.PERSON, None, False)
    assert decided.reason == (Reason.HUMAN_ONLY if level == Level.HUMAN_ONLY else fault)


@pytest.mark.parametrize("level", [Level.ASSISTANCE, Level.PARTIAL, Level.FULL])
def test_a_fault_can_be_drawn_blind_like_everything_else(level: Level) -> None:
    assert sent(level, Said(opinion=None, fault=Reason.UNFIT), BLIND) == DRAWN_BLIND


def test_assistance_shows_the_hint_when_the_job_says() -> None:
    expected = person(Reason.ASSISTED, Drawn.ASSISTED, BESIDE, commit_first=False)
    assert sent(Level.ASSISTANCE, OK, PLAIN, job_hint=BESIDE) == expected


@pytest.mark.parametrize("level", [Level.PARTIAL, Level.FULL])
def test_where_the_ai_decides_the_job_cannot_show_hints_before_the_answer(level: Level) -> None:
    assert sent(level, UNSURE, PLAIN, job_hint=BESIDE) == HANDED_OVER


@pytest.mark.parametrize(("level", "job_hint"), [*product(LEVELS, [BESIDE, LATER])])
def test_every_review_of_a_level_asks_in_the_same_way(level: Level, job_hint: HintMode) -> None:
    """A page that asks blind people for something else would tell them that they are blind."""
    saids = [OK, NG, UNSURE, *(Said(opinion=None, fault=fault) for fault in FAULTS)]
    ways = {sent(level, said, key, job_hint=job_hint).commit_first for said in saids for key in (PLAIN, BLIND, AUDIT)}
    assert ways == {commits_first(level=level, job_hint=job_hint)} - ({True} if level == Level.HUMAN_ONLY else set())


@pytest.mark.parametrize("level", [Level.PARTIAL, Level.FULL])
def test_where_the_ai_decides_blind_share_and_audit_are_never_0(level: Level) -> None:
    assert effective(level=level, shares=Shares(blind=0.0, audit=0.0)) == Shares(blind=0.01, audit=0.01)
    assert effective(level=level, shares=SHARES) == SHARES


def test_assistance_draws_its_blind_share_whatever_was_saved() -> None:
    assert effective(level=Level.ASSISTANCE, shares=Shares(blind=0.0, audit=0.0)) == Shares(blind=0.01, audit=0.0)
    assert effective(level=Level.ASSISTANCE, shares=SHARES) == SHARES


@pytest.mark.parametrize("level", [Level.HUMAN_ONLY, Level.SHADOW])
def test_where_nothing_is_drawn_the_shares_are_the_jobs_own(level: Level) -> None:
    assert effective(level=level, shares=Shares(blind=0.0, audit=0.0)) == Shares(blind=0.0, audit=0.0)


@pytest.mark.parametrize(
    ("score", "accept_at", "reject_at", "expected"),
    [
        (0.00, 0.2, 0.8, Verdict.OK),
        (0.20, 0.2, 0.8, Verdict.OK),
        (math.nextafter(0.2, 1), 0.2, 0.8, Verdict.UNSURE),
        (math.nextafter(0.8, 0), 0.2, 0.8, Verdict.UNSURE),
        (0.80, 0.2, 0.8, Verdict.NG),
        (1.00, 0.2, 0.8, Verdict.NG),
        (0.50, 0.5, 0.5, Verdict.NG),
        (0.00, None, 0.8, Verdict.UNSURE),
        (0.90, None, 0.8, Verdict.NG),
        (1.00, 0.2, None, Verdict.UNSURE),
        (0.10, 0.2, None, Verdict.OK),
        (0.00, None, None, Verdict.UNSURE),
        (1.00, None, None, Verdict.UNSURE),
        (math.nan, 0.2, 0.8, Verdict.UNSURE),
        (0.1, math.nan, math.nan, Verdict.UNSURE),
    ],
)
def test_the_opinion_is_the_score_between_its_thresholds(
    score: float, accept_at: float | None, reject_at: float | None, expected: Verdict
) -> None:
    assert opinion(score=score, thresholds=Thresholds(accept_at=accept_at, reject_at=reject_at)) == expected


@given(score=st.floats(), reject_at=st.none() | st.floats())
def test_without_accept_at_no_score_at_all_is_ok(score: float, reject_at: float | None) -> None:
    assert opinion(score=score, thresholds=Thresholds(accept_at=None, reject_at=reject_at)) != Verdict.OK


@given(low=st.floats(0, 1), high=st.floats(0, 1), accept_at=st.floats(0, 1), reject_at=st.floats(0, 1))
def test_a_worse_score_never_makes_a_better_opinion(
    low: float, high: float, accept_at: float, reject_at: float
) -> None:
    thresholds = Thresholds(*sorted((accept_at, reject_at)))
    better, worse = (opinion(score=score, thresholds=thresholds) for score in sorted((low, high)))
    badness = [Verdict.OK, Verdict.UNSURE, Verdict.NG]
    assert badness.index(better) <= badness.index(worse)


said = st.builds(Said, opinion=st.sampled_from(Verdict)) | st.builds(
    Said, opinion=st.none(), fault=st.sampled_from(FAULTS)
)


@given(
    level=st.sampled_from(Level),
    said=said,
    job_hint=st.sampled_from([BESIDE, LATER]),
    blind=st.floats(0, 1),
    audit=st.floats(0, 1),
    key=st.text(max_size=20),
)
def test_whatever_happens_only_a_sure_ai_decides_and_nobody_blind_sees_it(
    level: Level, said: Said, job_hint: HintMode, blind: float, audit: float, key: str
) -> None:
    decided = route(level=level, said=said, job_hint=job_hint, shares=Shares(blind, audit), salts=SALTS, key=key)
    if decided.by == DecidedBy.AI:
        assert decided.verdict == said.opinion
        assert decided.verdict in LEVELS[level].ai_decides
    else:
        assert (decided.verdict, decided.audited) == (None, False)
    if decided.drawn in (Drawn.BLIND, Drawn.SHADOW, Drawn.AUDIT_RANDOM):
        assert decided.hint == HintMode.NONE
    assert 0 < decided.probability <= 1 or decided.by == DecidedBy.AI


def test_the_blind_draw_does_not_depend_on_what_the_ai_said() -> None:
    keys = [f"part-{number}" for number in range(2_000)]
    blind = [
        {key for key in keys if sent(Level.FULL, said, key).reason == Reason.BLIND}
        for said in (OK, NG, UNSURE, Said(opinion=None, fault=Reason.LATE))
    ]
    assert len(blind[0]) == pytest.approx(200, abs=60)
    assert all(drawn == blind[0] for drawn in blind)


def test_an_opinion_and_a_fault_exclude_one_another() -> None:
    with pytest.raises(ValueError, match="either has an opinion or a fault"):
        Said(opinion=Verdict.OK, fault=Reason.LATE)
    with pytest.raises(ValueError, match="either has an opinion or a fault"):
        Said(opinion=None)


def test_parts_near_the_threshold_are_audited_more_often_and_never_as_a_random_draw() -> None:
    keys = [f"item-{number}" for number in range(20_000)]
    plain = [key for key in keys if not draw(salt=SALTS.audit, key=key, share=SHARES.audit).hit]
    shares = {risk: _by_risk(plain, risk) / len(plain) for risk in (0.0, 0.5, 1.0)}
    assert shares[0.0] == 0
    assert (shares[0.5], shares[1.0]) == (pytest.approx(0.05, abs=0.005), pytest.approx(0.10, abs=0.007))


def _by_risk(keys: list[str], risk: float) -> int:
    said = Said(opinion=Verdict.OK)
    found = (
        route(
            level=Level.PARTIAL,
            said=said,
            job_hint=HintMode.COMMIT_FIRST,
            shares=Shares(blind=0.01, audit=SHARES.audit),
            salts=SALTS,
            key=key,
            risk=risk,
        )
        for key in keys
    )
    return sum(one.drawn == Drawn.AUDIT_RISK and one.audited for one in found)
