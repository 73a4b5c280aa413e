"""The threshold for partial automation keeps its target; choosing by the share that was seen does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.routing import Thresholds
from inspection.policy.thresholds import GRID, Choice, choose, is_locked

TARGET, ALPHA = 0.02, 0.05


def parts(seed: int, n: int, *, overlap: float = 0.25) -> tuple[list[float], list[bool]]:
    """Scores of good and bad parts that overlap: one part in ten is bad."""
    chance = np.random.default_rng(seed)
    bad = chance.random(n) < 0.1
    scores = np.clip(np.where(bad, chance.normal(0.7, overlap, n), chance.normal(0.2, 0.15, n)), 0, 1)
    return scores.tolist(), bad.tolist()


def chosen(choice: Choice) -> float | None:
    return choice.chosen.at if choice.chosen else None


def test_without_a_bad_part_below_everything_is_passed_once_there_are_enough_parts() -> None:
    assert chosen(choose(scores=[0.1] * 400, bad=[False] * 400, target=TARGET, alpha=ALPHA)) == 1.0
    assert chosen(choose(scores=[0.1] * 100, bad=[False] * 100, target=TARGET, alpha=ALPHA)) is None


def test_it_stops_below_the_first_threshold_that_does_not_keep_the_target() -> None:
    scores = [0.1] * 300 + [0.355] * 20 + [0.5] * 2_000
    bad = [False] * 300 + [True] * 20 + [False] * 2_000
    assert chosen(choose(scores=scores, bad=bad, target=0.01, alpha=ALPHA)) == 0.35


def test_it_stays_below_where_the_ai_rejects() -> None:
    found = choose(scores=[0.1] * 400, bad=[False] * 400, target=TARGET, alpha=ALPHA, below=0.4)
    assert (chosen(found), found.points[-1].at) == (0.4, 0.4)


def test_no_part_chooses_nothing() -> None:
    assert chosen(choose(scores=[], bad=[], target=TARGET, alpha=ALPHA)) is None


def test_a_score_without_its_part_is_refused() -> None:
    with pytest.raises(ValueError, match="one score for each part"):
        choose(scores=[0.1], bad=[], target=TARGET, alpha=ALPHA)


def test_it_is_locked_only_when_it_is_in_force() -> None:
    found = choose(scores=[0.1] * 400, bad=[False] * 400, target=TARGET, alpha=ALPHA, below=0.4)
    assert is_locked(Thresholds(accept_at=0.4, reject_at=0.8), found)
    assert not is_locked(Thresholds(accept_at=0.3, reject_at=0.8), found)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 500))
def test_every_threshold_up_to_the_chosen_one_keeps_the_target(seed: int, n: int) -> None:
    scores, bad = parts(seed, n)
    found = choose(scores=scores, bad=bad, target=TARGET, alpha=ALPHA)
    kept = [point.upper <= TARGET for point in found.points]
    assert all(kept[: GRID.index(found.chosen.at) + 1] if found.chosen else [not kept[0]])


def test_it_misses_its_target_in_few_of_a_hundred_jobs_and_the_share_seen_in_many() -> None:
    missed = [_misses(seed) for seed in range(300)]
    by_proof, by_eye = (sum(one) / len(missed) for one in zip(*missed, strict=True))
    assert by_proof <= 0.05
    assert by_eye >= 0.2


def _misses(seed: int) -> tuple[bool, bool]:
    """Whether the escapes at the threshold chosen from 1,000 parts truly miss the target: by proof, by eye."""
    scores, bad = parts(seed, 1_000)
    found = choose(scores=scores, bad=bad, target=TARGET, alpha=ALPHA)
    by_eye = max((point.at for point in found.points if point.escapes <= TARGET * point.n), default=0.0)
    return tuple(at is not None and _true_escapes(at) > TARGET for at in (chosen(found), by_eye))  # type: ignore[return-value]


TRUE_SCORES, TRUE_BAD = (np.asarray(one) for one in parts(999_999, 400_000))


def _true_escapes(at: float) -> float:
    return float(np.mean((at >= TRUE_SCORES) & TRUE_BAD))
