from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.change_bars import change_bars
from inspection.models import BarsChange, Epoch, Job
from inspection.policy.bars import Bars
from inspection.queries import epochs
from inspection.refused import Refused
from inspection.vocabulary import Level, Verdict
from tests.climbs import climbing_job, epoch_of, part, tally
from tests.factories import Cast, answer, claim_one, job

OK, NG, UNSURE = Verdict


def change(made: Job, cast: Cast, *, reason: str = "a trial", **changes: Any) -> BarsChange | None:
    return change_bars(job=made, changes=changes, reason=reason, by=cast.admin, now=timezone.now())


def judged(made: Job, cast: Cast, lot: str) -> None:
    part(made, OK, lot=lot)
    answer(claim_one(made, cast.inspector))


def test_a_change_is_a_row_with_old_new_reason_and_name(cast: Cast) -> None:
    made = job(cast)
    row = change(made, cast, reason=" the customer asks ", escape=0.001)
    assert row is not None
    assert (row.old, row.new) == (asdict(Bars()), asdict(Bars(escape=0.001)))
    assert (row.reason, row.by, row.version) == ("the customer asks", cast.admin, 1)
    made.refresh_from_db()
    assert (made.bars, epochs.bars_of(made)) == ({"escape": 0.001}, Bars(escape=0.001))


def test_what_is_as_it_was_is_no_change(cast: Cast) -> None:
    made = job(cast)
    assert change(made, cast, escape=0.005) is None
    assert not BarsChange.objects.exists()


def test_back_to_the_default_is_a_change_and_nothing_differs_any_more(cast: Cast) -> None:
    made = job(cast)
    change(made, cast, escape=0.001)
    row = change(made, cast, escape=0.005)
    made.refresh_from_db()
    assert row is not None
    assert (made.bars, row.version, made.bars_version) == ({}, 2, 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"escape": 0}, "bad_bar"),
        ({"escape": 1}, "bad_bar"),
        ({"escape": float("nan")}, "bad_bar"),
        ({"escape": "0.004"}, "bad_bar"),
        ({"escape": None}, "bad_bar"),
        ({"people": 1}, "bad_bar"),
        ({"items": 60.5}, "bad_bar"),
        ({"days": True}, "bad_bar"),
        ({"kappa": 0.8}, "bad_bar"),
        ({"escape": 0.004, "reason": "  "}, "reason_missing"),
        ({"escape": 0.004, "reason": "a\x00b"}, "bad_reason"),
    ],
)
def test_what_is_no_bar_is_refused(cast: Cast, changes: dict[str, Any], code: str) -> None:
    made = job(cast)
    with pytest.raises(Refused) as no:
        change(made, cast, **changes)
    made.refresh_from_db()
    assert (no.value.code, made.bars, BarsChange.objects.count()) == (code, {}, 0)


def test_a_bar_below_what_people_reach_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """People who agree in 82 of 100 parts err in 10 % of them."""
    made = job(cast)
    monkeypatch.setattr(epochs, "ceiling", lambda _job: epochs.Ceiling(agree=82, pairs=100))
    with pytest.raises(Refused, match="below_people"):
        change(made, cast, ai_error=0.09)
    assert change(made, cast, ai_error=0.11) is not None


def test_a_bar_that_was_lowered_begins_anew_and_the_old_result_stays_to_be_seen(cast: Cast) -> None:
    made = climbing_job(cast)
    judged(made, cast, "L1")
    old = epoch_of(made)
    change(made, cast, days_in_partial=7)
    assert epochs.current(Job.objects.get(), timezone.now()) is None
    judged(made, cast, "L2")
    assert tally(made, "ai_error") == (0, 1)
    assert Epoch.objects.exclude(pk=epoch_of(made).pk).get() == old
    assert Epoch.objects.get(pk=old.pk).tallies == old.tallies


def test_what_was_drawn_before_a_bar_was_lowered_does_not_count_for_it(cast: Cast) -> None:
    made = climbing_job(cast)
    part(made, OK, lot="L1")
    change(made, cast, days_in_partial=7)
    answer(claim_one(made, cast.inspector))
    assert tally(made, "ai_error") == (0, 0)


def test_a_stricter_bar_is_asked_of_what_has_been_counted(cast: Cast) -> None:
    made = climbing_job(cast)
    judged(made, cast, "L1")
    change(made, cast, items=500)
    judged(made, cast, "L2")
    assert tally(made, "ai_error") == (0, 2)
    found = {one.name: one for one in ready(made).findings}
    assert (found["items"].k, found["items"].n) == (2, 500)


def ready(made: Job) -> epochs.Readiness:
    return epochs.ready(Job.objects.get(), epoch_of(made), to=Level.ASSISTANCE, now=timezone.now())


def test_demotions_stay_with_the_fingerprint_under_whatever_bars(cast: Cast) -> None:
    made = climbing_job(cast)
    judged(made, cast, "L1")
    until = timezone.now()
    Epoch.objects.update(demotions=2, cool_items=77, cool_until=until)
    change(made, cast, days_in_partial=7)
    judged(made, cast, "L2")
    epoch = epoch_of(made)
    assert (epoch.demotions, epoch.cool_items, epoch.cool_until) == (2, 76, until)
