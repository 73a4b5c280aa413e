from __future__ import annotations

from itertools import pairwise, product

import pytest

from inspection.policy.ladder import (
    ALLOWED,
    CRITERIA,
    LADDER,
    above,
    check_switch,
    is_climb,
    may_start_at,
    needs_proof,
    roles_that_may,
)
from inspection.vocabulary import Gate, Level, MemberRole

HUMAN, SHADOW, ASSISTANCE, PARTIAL, FULL = LADDER
DOWN = [(old, new) for old, new in product(LADDER, LADDER) if LADDER.index(new) < LADDER.index(old)]
LEAPS = [(old, new) for old, new in product(LADDER, LADDER) if LADDER.index(new) > LADDER.index(old) + 1]
STEPS_UP = [*pairwise(LADDER)]


def test_the_ladder_has_five_steps_in_this_order() -> None:
    assert [str(level) for level in LADDER] == ["human_only", "shadow", "assistance", "partial", "full"]


@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize(("old", "new"), DOWN)
def test_down_is_allowed_from_everywhere_to_everywhere(old: Level, new: Level, gate: Gate) -> None:
    assert check_switch(old=old, new=new, gate=gate) == ALLOWED


@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize(("old", "new"), LEAPS)
def test_no_step_is_skipped_on_the_way_up(old: Level, new: Level, gate: Gate) -> None:
    step = check_switch(old=old, new=new, gate=gate)
    assert (step.code, step.allowed) == ("one_step_at_a_time", False)


@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize("level", LADDER)
def test_the_same_level_again_is_no_switch(level: Level, gate: Gate) -> None:
    assert check_switch(old=level, new=level, gate=gate).code == "same_level"


@pytest.mark.parametrize(("old", "new"), STEPS_UP)
def test_an_advisory_job_climbs_step_by_step_without_proof(old: Level, new: Level) -> None:
    assert check_switch(old=old, new=new, gate=Gate.ADVISORY) == ALLOWED


@pytest.mark.parametrize(("old", "new"), STEPS_UP[1:])
def test_an_enforced_job_is_told_what_has_to_be_proven(old: Level, new: Level) -> None:
    step = check_switch(old=old, new=new, gate=Gate.ENFORCED)
    assert (step.code, step.criteria) == ("not_proven", CRITERIA[new])
    assert step.criteria


def test_shadow_needs_no_proof_since_proof_comes_from_there() -> None:
    assert check_switch(old=HUMAN, new=SHADOW, gate=Gate.ENFORCED) == ALLOWED
    assert [level for level in LADDER if needs_proof(level)] == [ASSISTANCE, PARTIAL, FULL]


@pytest.mark.parametrize(("old", "new"), [*product(LADDER, LADDER)])
def test_only_an_admin_climbs_a_manager_may_lower_and_an_inspector_stop(old: Level, new: Level) -> None:
    admins = {MemberRole.ADMIN}
    stops = new == Level.ASSISTANCE and old in {Level.PARTIAL, Level.FULL}
    at_the_line = {MemberRole.INSPECTOR} if stops else set()
    expected = admins if is_climb(old=old, new=new) else admins | {MemberRole.MANAGER} | at_the_line
    assert roles_that_may(old=old, new=new) == expected


def test_above_the_top_there_is_nothing() -> None:
    assert [above(level) for level in LADDER] == [SHADOW, ASSISTANCE, PARTIAL, FULL, None]


def test_an_enforced_job_starts_below_everything_that_needs_proof() -> None:
    assert [level for level in LADDER if may_start_at(level=level, gate=Gate.ENFORCED)] == [HUMAN, SHADOW]
    assert all(may_start_at(level=level, gate=Gate.ADVISORY) for level in LADDER)
