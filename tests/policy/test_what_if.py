"""The replay of a history: against plain counts, against the rule of routing, and what it says in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy import what_if_words as words
from inspection.policy.audit_price import planned_rate
from inspection.policy.evalues import parts_until_noticed
from inspection.policy.routing import Shares, Thresholds, opinion
from inspection.policy.threshold_words import limit, useful
from inspection.policy.threshold_words import verdict as threshold_verdict
from inspection.policy.thresholds import choose
from inspection.policy.what_if import Figures, Seen, Setting, check, opinions, replay
from inspection.vocabulary import Level, Verdict

BAR, TARGET = 0.05, 0.005
IN_FORCE = Setting(level=Level.PARTIAL, thresholds=Thresholds(0.2, 0.8), shares=Shares(blind=0.1, audit=0.05))


def history(n: int = 300, *, seed: int = 1, share_open: float = 0.0) -> Seen:
    """Parts of a hidden run, each for itself: one in five is bad, and scores overlap."""
    chance = np.random.default_rng(seed)
    bad = chance.random(n) < 0.2
    score = np.clip(np.where(bad, chance.normal(0.6, 0.3, n), chance.normal(0.2, 0.2, n)), 0, 1)
    is_open = chance.random(n) < share_open
    return Seen(
        score=score, weight=np.ones(n), lots=np.arange(n), bad=bad & ~is_open, good=~bad & ~is_open, open=is_open,
        classes={"dent": bad & (score > 0.5) & ~is_open}, shifts=3, seconds=6.0,
    )  # fmt: skip


def at(level: Level = Level.PARTIAL, accept: float | None = 0.2, **shares: float) -> Setting:
    return Setting(level=level, thresholds=Thresholds(accept, 0.8), shares=replace(IN_FORCE.shares, **shares))


def told(seen: Seen, setting: Setting = IN_FORCE) -> Figures:
    return replay(seen, setting, bar=BAR)


@given(seed=st.integers(0, 500), n=st.integers(1, 120))
def test_a_hidden_run_under_its_own_setting_gives_the_plain_counts(seed: int, n: int) -> None:
    seen = history(n, seed=seed)
    found = told(seen)
    said = [opinion(score=score, thresholds=IN_FORCE.thresholds) for score in seen.score]
    passed = np.array([one == Verdict.OK for one in said])
    rejected = np.array([one == Verdict.NG for one in said])
    assert found.escapes is not None
    assert (found.escapes.k, found.escapes.n) == (int((passed & seen.bad).sum()), n)
    assert (found.misses.k, found.misses.n) == (int((passed & seen.bad).sum()), int(seen.bad.sum()))
    assert (found.overkill.k, found.overkill.n) == (int((rejected & seen.good).sum()), int(seen.good.sum()))
    assert found.escapes.value == pytest.approx(found.escapes.k / n)
    assert found.automation.value == pytest.approx(0.9 * passed.mean())


@given(accept=st.floats(0, 1), reject=st.floats(0, 1), scores=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_opinions_are_those_of_the_routing(accept: float, reject: float, scores: list[float]) -> None:
    rule = Thresholds(accept, reject)
    ok, ng = opinions(np.array(scores), rule)
    said = [opinion(score=score, thresholds=rule) for score in scores]
    assert ok.tolist() == [one == Verdict.OK for one in said]
    assert ng.tolist() == [one == Verdict.NG for one in said]


@given(seed=st.integers(0, 200), low=st.floats(0, 0.8), step=st.floats(0, 0.8))
def test_a_higher_threshold_automates_no_less_and_lets_through_no_less(seed: int, low: float, step: float) -> None:
    seen, high = history(60, seed=seed), min(0.8, low + step)
    less, more = told(seen, at(accept=low)), told(seen, at(accept=high))
    assert (less.automation.value or 0) <= (more.automation.value or 0)
    assert less.escapes is not None
    assert more.escapes is not None
    assert (less.escapes.value or 0) <= (more.escapes.value or 0)
    assert less.to_people is not None
    assert more.to_people is not None
    assert more.to_people.value <= less.to_people.value + 1e-9


@given(seed=st.integers(0, 200), factor=st.floats(1, 50))
def test_weights_that_are_all_alike_change_no_share(seed: int, factor: float) -> None:
    seen = history(60, seed=seed)
    one, many = told(seen), told(replace(seen, weight=seen.weight * factor))
    assert many.misses.value == pytest.approx(one.misses.value, nan_ok=True)
    assert (many.automation.low, many.automation.high) == pytest.approx((one.automation.low, one.automation.high))


def test_a_part_that_stands_for_ten_counts_ten_times() -> None:
    seen = history(40)
    ten = replace(seen, weight=np.where(seen.bad, 10.0, 1.0))
    k, n = int(seen.bad.sum()), 40
    found = told(ten, at(accept=0.8, blind=0.01))
    assert found.escapes is not None
    passed = int((seen.bad & (seen.score < 0.8)).sum())
    assert found.escapes.value == pytest.approx(10 * passed / (10 * k + n - k))


def test_what_has_no_verdict_yet_counts_at_its_worst() -> None:
    seen = history(200, share_open=0.3)
    found, (ok, ng) = told(seen), opinions(seen.score, IN_FORCE.thresholds)
    assert found.escapes is not None
    assert found.escapes.k == int(((seen.bad | seen.open) & ok).sum())
    assert found.misses.k == found.escapes.k
    assert found.overkill.k == int(((seen.good | seen.open) & ng).sum())


def test_a_part_on_which_people_could_not_tell_is_in_no_error() -> None:
    seen = history(50)
    unsure = replace(seen, bad=seen.bad & (np.arange(50) > 9), good=seen.good & (np.arange(50) > 9))
    found = told(unsure)
    assert found.escapes is not None
    assert (found.escapes.n, found.automation.n) == (40, 50)


def test_where_people_decide_the_ai_does_nothing_by_itself() -> None:
    found = told(history(), at(Level.ASSISTANCE))
    assert (found.automation.value, found.automation.high, found.escapes, found.rejected) == (0.0, 0.0, None, None)
    assert (found.noticed, found.audits and found.audits.value) == (None, 0.0)
    assert found.to_people is not None
    assert (found.to_people.low, found.to_people.value, found.to_people.high) == (100.0, 100.0, 100.0)


def test_full_automation_rejects_by_itself_and_partial_does_not() -> None:
    sharp = Thresholds(0.2, 0.4)
    partial, full = (told(history(), replace(at(level), thresholds=sharp)) for level in (Level.PARTIAL, Level.FULL))
    assert partial.rejected is None
    assert full.rejected is not None
    assert full.rejected_good is not None
    assert (full.rejected.value or 0) >= (full.rejected_good.value or 0) > 0
    assert (full.automation.value or 0) > (partial.automation.value or 0)


def test_hours_are_the_looks_times_the_median() -> None:
    found = told(history())
    assert found.to_people is not None
    assert found.hours is not None
    assert found.hours.value == pytest.approx(found.to_people.value * 6.0 / 3600)
    assert told(replace(history(), seconds=None)).hours is None


def test_audits_are_what_is_drawn_at_random_and_about_as_many_by_risk() -> None:
    seen = replace(history(), score=np.linspace(0, 0.2, 300))
    found = told(seen, at(blind=0.1))
    assert found.audits is not None
    assert found.audits.value == pytest.approx(100 * 0.9 * (0.05 + 0.95 * 0.05), rel=0.01)


def test_no_shift_worked_brings_no_work() -> None:
    found = told(replace(history(), shifts=0))
    assert (found.to_people, found.audits, found.hours) == (None, None, None)


def test_a_doubling_is_noticed_the_later_the_less_is_audited() -> None:
    seen = replace(history(2_000), bad=np.arange(2_000) < 4, good=np.arange(2_000) >= 4)
    often, seldom = told(seen, at(audit=0.2)), told(seen, at(audit=0.02))
    assert often.escapes is not None
    rate = planned_rate(k=often.escapes.k, n=2_000, bar=BAR)
    assert often.doubling == (rate, 2 * rate)
    assert often.noticed == parts_until_noticed(p0=rate, p1=2 * rate, audit_rate=0.2)
    assert (seldom.noticed or 0) > 9 * (often.noticed or 0)


def test_the_blind_share_and_the_audit_never_fall_below_what_is_really_drawn() -> None:
    assert at(blind=0.0, audit=0.001).effective == Shares(blind=0.01, audit=0.01)
    assert at(Level.SHADOW).effective == Shares(blind=0.0, audit=0.0)
    assert at(Level.ASSISTANCE).effective == Shares(blind=0.1, audit=0.0)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (at(accept=1.2), "bad_accept_at"),
        (at(accept=-0.1), "bad_accept_at"),
        (at(accept=0.9), "bad_thresholds"),
        (at(audit=0.0), "bad_audit_share"),
        (at(blind=0.0), "bad_blind_share"),
        (at(blind=1.5), "bad_blind_share"),
        (at(accept=float("nan")), "bad_accept_at"),
    ],
)
def test_what_could_not_be_put_in_force_is_not_tried(setting: Setting, code: str) -> None:
    flaw = check(setting)
    assert flaw is not None
    assert flaw.code == code
    with pytest.raises(ValueError, match=r"\w+"):
        told(history(), setting)


def test_nothing_drawn_is_undefined_and_says_so() -> None:
    empty = told(history(0))
    assert (empty.automation.value, empty.misses.value, empty.to_people, empty.noticed) == (None, None, None, None)
    for name in words.FIGURES:
        assert words.sentence(name, empty, history(0))
    assert "no part was drawn by chance" in words.headline(empty, empty)


def test_the_answer_is_one_sentence() -> None:
    seen = history()
    now, then = told(seen, at(Level.SHADOW)), told(seen)
    assert words.headline(now, now).startswith("This is what is in force now.")
    assert words.headline(then, now) == "At shadow people decide every part."
    assert "partial automation with OK up to 0.2 the AI would have decided" in words.headline(now, then)
    assert "no score at all" in words.headline(now, told(seen, at(accept=None)))


def test_every_figure_has_a_sentence_at_every_level() -> None:
    seen = history()
    said = {
        level: [words.sentence(name, told(seen, at(level)), seen) for name in words.FIGURES]
        for level in list(Level)[1:]
    }
    assert said[Level.SHADOW][0] == "People decide every part."
    assert said[Level.PARTIAL][6].startswith("Nothing: whatever the AI rejects")
    assert said[Level.FULL][6].startswith("Nobody would look at them")


def test_a_climb_begins_with_a_tighter_audit() -> None:
    assert "20" in (words.tightened(at(), now=Level.SHADOW) or "")
    assert words.tightened(at(), now=Level.PARTIAL) is None
    assert words.tightened(at(Level.ASSISTANCE), now=Level.SHADOW) is None


def test_a_chosen_threshold_says_what_it_passes_and_what_stops_it() -> None:
    scores = [0.1] * 300 + [0.355] * 20 + [0.5] * 2_000
    found = choose(scores=scores, bad=[False] * 300 + [True] * 20 + [False] * 2_000, target=0.01, alpha=0.05)
    said = threshold_verdict(found, target=0.01, alpha=0.05)
    assert said.endswith("at every step up to it is 0.35; it would pass 13\N{NO-BREAK SPACE}% of the parts.")
    assert (limit(found, target=0.01) or "").startswith("At 0.36 it would be at most ")
    assert useful(found) is found.chosen


def test_no_threshold_says_how_many_parts_are_missing() -> None:
    few = choose(scores=[0.1] * 100, bad=[False] * 100, target=TARGET, alpha=0.05)
    assert "About 801 more" in threshold_verdict(few, target=TARGET, alpha=0.05)
    worst = choose(scores=[0.0] * 100, bad=[True] * 100, target=TARGET, alpha=0.05)
    assert "100 of 100 parts were bad" in threshold_verdict(worst, target=TARGET, alpha=0.05)
    assert "No model is live" in threshold_verdict(None, target=TARGET, alpha=0.05)
    assert (limit(few, target=TARGET), useful(few), useful(None)) == (None, None, None)


def test_a_threshold_below_every_score_is_of_no_use() -> None:
    found = choose(scores=[0.5] * 2_000, bad=[True] * 2_000, target=TARGET, alpha=0.05)
    assert useful(found) is None
    assert "up to 0.49, but no part scores as low as that" in threshold_verdict(found, target=TARGET, alpha=0.05)
