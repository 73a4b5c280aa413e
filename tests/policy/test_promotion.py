from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inspection.policy.bars import Bars
from inspection.policy.counting import Tally
from inspection.policy.promotion import COOL_TIME, CRITERIA, Ceiling, Facts, Finding, parts_of_a_judge, readiness
from inspection.vocabulary import Level, Proof

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BARS, FACTS = Bars(), Facts(now=NOW)
SHARES = {"shift": {"a": 1, "b": 1, "c": 1}, "person": {"1": 240, "2": 10}, "day": {str(day): 1 for day in range(5)}}
NAMES = {
    Level.ASSISTANCE: ("ai_error", "miss", "items", "defects", "lots", "shifts", "people", "unsettled"),
    Level.PARTIAL: ("escape", "ai_share", "items", "days", "unsettled"),
    Level.FULL: (
        "escape_blind",
        "escape_audit",
        "miss_blind",
        "overkill_blind",
        "miss_blind:dent",
        "days_in_partial",
        "alarms",
        "unsettled",
    ),
}
PROVEN = {
    "ai_error": Tally(k=2, n=250, lots=84, spread=SHARES),
    "miss": Tally(k=0, n=30, lots=20),
    "escape": Tally(k=0, n=901, lots=301, spread=SHARES),
    "not_accepted": Tally(k=400, n=901, lots=301),
    "unsettled": Tally(k=10, n=901, lots=301),
    "escape_blind": Tally(k=0, n=901),
    "escape_audit": Tally(k=1, n=1400),
    "miss_blind": Tally(k=0, n=60),
    "miss_blind:dent": Tally(k=0, n=60),
    "overkill_blind": Tally(k=0, n=200),
}
ENOUGH = replace(FACTS, days_in_partial=14.0, critical=("dent",))


def findings(to: Level, *, bars: Bars = BARS, facts: Facts = ENOUGH, **tallies: Any) -> dict[str, Finding]:
    found = readiness(to=to, tallies={**PROVEN, **tallies}, bars=bars, facts=facts)
    return {one.name: one for one in found.findings}


def proofs(to: Level, *, facts: Facts = ENOUGH, **tallies: Any) -> dict[str, Proof]:
    """What is not proven."""
    found = findings(to, facts=facts, **tallies)
    return {name: one.proof for name, one in found.items() if one.proof != Proof.PROVEN}


@pytest.mark.parametrize("to", CRITERIA)
def test_all_criteria_are_proven_at_the_same_look(to: Level) -> None:
    found = readiness(to=to, tallies=PROVEN, bars=BARS, facts=ENOUGH)
    assert tuple(one.name for one in found.findings) == NAMES[to]
    assert found.proven


@pytest.mark.parametrize(
    ("to", "name", "tally", "proof"),
    [
        (Level.ASSISTANCE, "ai_error", Tally(k=8, n=250, lots=84, spread=SHARES), Proof.NOT_YET),
        (Level.ASSISTANCE, "ai_error", Tally(k=50, n=250, lots=84, spread=SHARES), Proof.NOT_MET),
        (Level.ASSISTANCE, "miss", Tally(k=4, n=30), Proof.NOT_YET),
        (Level.ASSISTANCE, "miss", Tally(k=20, n=30), Proof.NOT_MET),
        (Level.PARTIAL, "escape", Tally(k=1, n=1000, spread=SHARES), Proof.NOT_YET),
        (Level.PARTIAL, "escape", Tally(k=30, n=1000, spread=SHARES), Proof.NOT_MET),
        (Level.FULL, "escape_blind", Tally(k=0, n=900), Proof.NOT_YET),
        (Level.FULL, "escape_audit", Tally(k=0, n=900), Proof.NOT_YET),
        (Level.FULL, "miss_blind", Tally(k=20, n=60), Proof.NOT_MET),
        (Level.FULL, "miss_blind:dent", Tally(k=3, n=60), Proof.NOT_YET),
        (Level.FULL, "overkill_blind", Tally(k=40, n=200), Proof.NOT_MET),
    ],
)
def test_one_criterion_that_is_not_proven_stands_against_the_climb(
    to: Level, name: str, tally: Tally, proof: Proof
) -> None:
    change: dict[str, Any] = {name: tally}
    assert proofs(to, **change) == {name: proof}


@pytest.mark.parametrize(
    ("to", "name", "change"),
    [
        (Level.ASSISTANCE, "items", {"ai_error": Tally(k=0, n=199, lots=84, spread=SHARES)}),
        (Level.ASSISTANCE, "defects", {"miss": Tally(k=0, n=19)}),
        (Level.ASSISTANCE, "lots", {"ai_error": Tally(k=2, n=250, lots=66, spread=SHARES)}),
        (Level.ASSISTANCE, "shifts", {"ai_error": Tally(k=2, n=250, lots=84, spread=SHARES | {"shift": {"a": 9}})}),
        (Level.ASSISTANCE, "people", {"ai_error": Tally(k=2, n=250, lots=84, spread=SHARES | {"person": {"1": 250}})}),
        (Level.PARTIAL, "days", {"escape": Tally(k=0, n=901, spread={"day": {"1": 901}})}),
    ],
)
def test_however_good_the_figures_a_minimum_is_a_minimum(to: Level, name: str, change: dict[str, Any]) -> None:
    assert proofs(to, **change).get(name) == Proof.NOT_YET


def test_one_stray_part_makes_no_second_judge() -> None:
    for parts, missing in ((1, True), (9, True), (10, False)):
        tally = Tally(k=2, n=250, lots=84, spread=SHARES | {"person": {"1": 240, "2": parts}})
        assert ("people" in proofs(Level.ASSISTANCE, ai_error=tally)) == missing
    said = findings(Level.ASSISTANCE, ai_error=replace(tally, spread=SHARES | {"person": {"1": 249, "2": 1}}))["people"]
    assert said.sentence == "People who judged 10 or more of the counted parts: 1; at least 2."


@pytest.mark.parametrize(("items", "people", "parts"), [(200, 2, 10), (50, 2, 3), (2_000, 4, 50), (50, 100, 2)])
def test_a_judge_has_a_tenth_of_a_fair_share_and_never_one_part_alone(items: int, people: int, parts: int) -> None:
    assert parts_of_a_judge(Bars(items=items, people=people)) == parts


@pytest.mark.parametrize(
    ("to", "hours", "open_ones"),
    [
        (Level.ASSISTANCE, 0.02, {"shifts_apart": Proof.NOT_YET}),
        (Level.ASSISTANCE, 7.9, {"shifts_apart": Proof.NOT_YET}),
        (Level.ASSISTANCE, 8.0, {}),
        (Level.PARTIAL, 71.9, {"days_apart": Proof.NOT_YET}),
        (Level.PARTIAL, 72.0, {}),
    ],
)
def test_whatever_the_calendar_says_shifts_and_days_take_their_time(
    to: Level, hours: float, open_ones: dict[str, Proof]
) -> None:
    assert proofs(to, facts=replace(ENOUGH, spread=timedelta(hours=hours))) == open_ones


def test_shifts_that_lie_too_close_are_said_with_their_hours() -> None:
    found = findings(Level.ASSISTANCE, facts=replace(ENOUGH, spread=timedelta(minutes=1)))["shifts_apart"]
    assert found.sentence == ("These 3 shifts lie within 1 h; 3 shifts take at least 8 h: a change of the calendar?")


def test_where_shifts_are_missing_nothing_is_said_of_their_distance() -> None:
    few = Tally(k=2, n=250, lots=84, spread=SHARES | {"shift": {"a": 9}})
    assert proofs(Level.ASSISTANCE, facts=replace(ENOUGH, spread=timedelta(0)), ai_error=few) == {
        "shifts": Proof.NOT_YET
    }


def test_without_any_defect_nothing_is_proven_of_misses() -> None:
    assert proofs(Level.ASSISTANCE, miss=Tally()) == {"miss": Proof.NOT_YET, "defects": Proof.NOT_YET}
    assert findings(Level.ASSISTANCE, miss=Tally())["miss"].sentence.endswith("Nothing has been counted yet.")


def test_two_parts_prove_nothing() -> None:
    two = Tally(k=0, n=2, lots=1, spread={"shift": {"a": 2}, "person": {"1": 2}, "day": {"1": 2}})
    found = readiness(to=Level.ASSISTANCE, tallies={"ai_error": two, "unsettled": two}, bars=BARS, facts=FACTS)
    assert {one.name for one in found.findings if one.proof == Proof.PROVEN} == {"unsettled"}


def test_a_critical_class_that_nobody_has_seen_is_not_proven() -> None:
    facts = replace(ENOUGH, critical=("crack", "dent"))
    assert proofs(Level.FULL, facts=facts) == {"miss_blind:crack": Proof.NOT_YET}


@pytest.mark.parametrize(("k", "expected"), [(720, {}), (721, {"ai_share": Proof.NOT_MET})])
def test_an_ai_that_passes_next_to_nothing_is_not_worth_its_risk(k: int, expected: dict[str, Proof]) -> None:
    assert proofs(Level.PARTIAL, not_accepted=Tally(k=k, n=901)) == expected


@pytest.mark.parametrize(("k", "expected"), [(50, {}), (51, {"unsettled": Proof.NOT_MET})])
def test_where_people_cannot_tell_there_is_nothing_to_prove_an_ai_against(k: int, expected: dict[str, Proof]) -> None:
    assert proofs(Level.ASSISTANCE, unsettled=Tally(k=k, n=1000)) == expected


def test_full_automation_waits_for_days_and_quiet() -> None:
    assert proofs(Level.FULL, facts=replace(ENOUGH, days_in_partial=13.99)) == {"days_in_partial": Proof.NOT_YET}
    assert proofs(Level.FULL, facts=replace(ENOUGH, open_alarms=1)) == {"alarms": Proof.NOT_MET}


# ---------------------------------------------------------------- in words


def test_a_criterion_that_is_proven_is_one_sentence() -> None:
    escape = findings(Level.PARTIAL, bars=BARS.changed({"escape": 0.01}), escape=Tally(k=2, n=1240, spread=SHARES))
    assert plain(escape["escape"]) == (
        "With 95 % confidence the AI lets through at most 0.71 % of all parts (seen: 2 of 1\u202f240); bar 1 %: proven."
    )


def test_one_that_is_not_yet_says_how_much_is_missing() -> None:
    bars = BARS.changed({"escape": 0.01})
    found = findings(Level.PARTIAL, bars=bars, escape=Tally(k=5, n=980, spread=SHARES))["escape"]
    assert plain(found) == (
        "With 95 % confidence the AI lets through at most 1.4 % of all parts (seen: 5 of 980); bar 1 %. "
        "424 more needed if no further error comes, about 2\u202f330 at the present rate."
    )


def test_one_that_goes_the_wrong_way_says_never() -> None:
    found = findings(Level.ASSISTANCE, miss=Tally(k=7, n=30))["miss"]
    assert plain(found).endswith("more needed if no further error comes; never at the present rate.")
    assert (found.needed_rate, found.proof) == (None, Proof.NOT_YET)


def plain(found: Finding) -> str:
    return found.sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_every_finding_can_be_kept_in_a_record() -> None:
    for to in CRITERIA:
        for tallies in ({}, PROVEN, {"ai_error": Tally(k=10**6, n=10**6)}):
            kept = readiness(to=to, tallies=tallies, bars=BARS, facts=ENOUGH).as_json()
            assert json.loads(json.dumps(kept, allow_nan=False)) == kept


# ---------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("agree", "pairs", "error"), [(99, 99, None), (100, 100, 0.0), (82, 100, 0.1), (49, 100, None), (50, 100, 0.5)]
)
def test_how_often_people_err_follows_from_how_often_they_agree(agree: int, pairs: int, error: float | None) -> None:
    """By hand: with e = 0.1 two people agree in 0.9 x 0.9 + 0.1 x 0.1 = 82 %."""
    assert Ceiling(agree=agree, pairs=pairs).error == (pytest.approx(error) if error is not None else None)


def test_a_bar_below_what_people_reach_is_never_proven() -> None:
    facts = replace(ENOUGH, ceiling=Ceiling(agree=82, pairs=100))
    assert proofs(Level.ASSISTANCE, facts=facts) == {"ai_error": Proof.NOT_MET}
    assert "below what people themselves reach" in findings(Level.ASSISTANCE, facts=facts)["ai_error"].sentence
    assert proofs(Level.ASSISTANCE, facts=replace(ENOUGH, ceiling=Ceiling(agree=96, pairs=100))) == {}


# ---------------------------------------------------------------- after a demotion


@pytest.mark.parametrize(
    ("until", "items", "proof"),
    [
        (NOW, 0, Proof.PROVEN),
        (NOW + timedelta(seconds=1), 0, Proof.NOT_YET),
        (NOW - COOL_TIME, 1, Proof.NOT_YET),
        (None, 0, Proof.PROVEN),
    ],
)
def test_after_a_demotion_a_job_cools_down(until: datetime | None, items: int, proof: Proof) -> None:
    facts = replace(ENOUGH, demotions=1, cool_until=until, cool_items=items)
    assert findings(Level.PARTIAL, facts=facts, escape=Tally(k=0, n=5000, spread=SHARES))["cool_down"].proof == proof


def test_after_a_demotion_more_has_to_be_proven() -> None:
    once, twice = (replace(ENOUGH, demotions=demotions) for demotions in (1, 2))
    assert proofs(Level.PARTIAL) == {}
    assert proofs(Level.PARTIAL, facts=once) == {"escape": Proof.NOT_YET}
    better = Tally(k=0, n=1072, spread=SHARES)
    assert proofs(Level.PARTIAL, facts=once, escape=better) == {}
    assert proofs(Level.PARTIAL, facts=twice, escape=better) == {"escape": Proof.NOT_YET}


def test_the_third_demotion_ends_it_until_another_model_comes() -> None:
    facts = replace(ENOUGH, demotions=3)
    found = findings(Level.PARTIAL, facts=facts, escape=Tally(k=0, n=10**6, spread=SHARES))
    assert (found["demotions"].proof, "cool_down" in found) == (Proof.NOT_MET, False)
    assert "another model" in found["demotions"].sentence


def test_the_end_of_a_cool_down_is_told_by_the_clock_of_the_job() -> None:
    facts = replace(ENOUGH, demotions=1, cool_until=NOW + timedelta(days=1), cool_items=40, zone="Asia/Ho_Chi_Minh")
    there = NOW + timedelta(days=1, hours=7)
    said = findings(Level.PARTIAL, facts=facts)["cool_down"].sentence
    assert f"until {there:%Y-%m-%d %H:%M} Asia/Ho_Chi_Minh and for 40 more" in said
