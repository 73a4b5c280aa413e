from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chisquare, fisher_exact

from inspection.policy.sampling import BUCKETS, Draw, bucket, draw, slot

KEYS = [f"part-{number}" for number in range(20_000)]
SCARCELY = 1e-6
"""The keys are fixed, so the outcome is; this says how surprising an outcome may be at most."""


@pytest.mark.parametrize("share", [0.01, 0.05, 0.10, 0.25, 0.5, 0.99])
@pytest.mark.parametrize("salt", ["a", "b", "0f0f"])
def test_as_many_are_drawn_as_the_stored_probability_says(salt: str, share: float) -> None:
    hits = sum(draw(salt=salt, key=key, share=share).hit for key in KEYS)
    assert binomtest(hits, len(KEYS), draw(salt=salt, key="", share=share).probability).pvalue > SCARCELY


def test_every_bucket_is_as_likely_as_any_other() -> None:
    tens = [0] * 100
    for key in KEYS:
        tens[bucket(salt="x", key=key) // 100] += 1
    assert chisquare(tens).pvalue > SCARCELY


def test_two_purposes_draw_independently_of_one_another() -> None:
    table = [[0, 0], [0, 0]]
    for key in KEYS:
        first, second = (draw(salt=salt, key=key, share=0.2).hit for salt in ("blind", "audit"))
        table[first][second] += 1
    assert fisher_exact(np.array(table)).pvalue > SCARCELY


def test_the_place_in_a_fixture_says_nothing_about_the_draw() -> None:
    """Every 20th part stands at the same place; a draw by number modulo 20 took that place alone."""
    hits = [
        sum(draw(salt="x", key=f"part-{at + 20 * turn}", share=0.05).hit for turn in range(1000)) for at in range(20)
    ]
    assert chisquare(hits).pvalue > SCARCELY


@given(salt=st.text(max_size=40), key=st.text(max_size=40), small=st.floats(0, 1), large=st.floats(0, 1))
def test_a_larger_share_keeps_whom_a_smaller_one_drew(salt: str, key: str, small: float, large: float) -> None:
    small, large = sorted((small, large))
    assert draw(salt=salt, key=key, share=small).hit <= draw(salt=salt, key=key, share=large).hit


@given(salt=st.text(max_size=40), key=st.text(max_size=40))
def test_a_share_of_0_draws_nobody_and_of_1_everybody(salt: str, key: str) -> None:
    assert draw(salt=salt, key=key, share=0) == Draw(hit=False, probability=0.0)
    assert draw(salt=salt, key=key, share=1) == Draw(hit=True, probability=1.0)
    assert 0 <= bucket(salt=salt, key=key) < BUCKETS


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        draw(salt="x", key="y", share=share)


def test_another_process_draws_the_same() -> None:
    code = "from inspection.policy.sampling import bucket; print(bucket(salt='s', key='k'))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(out.stdout) == bucket(salt="s", key="k")


def test_the_hash_stays_the_one_on_record() -> None:
    """By hand: the first 8 bytes of sha256(b"salt:key"), big-endian, modulo 10,000. Stored draws are replayed by it."""
    assert [bucket(salt="salt", key="key"), bucket(salt="blind", key="part-1")] == [3155, 2694]


@pytest.mark.parametrize(
    ("minute", "second", "expected"), [(0, 0, "08:00"), (9, 59, "08:00"), (10, 0, "08:10"), (59, 1, "08:50")]
)
def test_a_slot_is_the_ten_minutes_around_a_moment(minute: int, second: int, expected: str) -> None:
    moment = datetime(2026, 3, 1, 8, minute, second, 7, tzinfo=UTC)
    assert slot(moment) == f"2026-03-01T{expected}:00+00:00"


def test_one_moment_has_one_slot_whatever_the_zone_it_is_told_in() -> None:
    moment = datetime(2026, 3, 1, 8, 14, tzinfo=UTC)
    assert slot(moment.astimezone(timezone(timedelta(hours=5, minutes=45)))) == slot(moment)
