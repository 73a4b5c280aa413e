"""Which evidence counts when model, thresholds and labels come and go."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection import walk
from inspection.models import Epoch, Evidence, Item, Job, Label, LedgerEntry, ModelVersion, Proposal
from inspection.queries import epochs
from inspection.vocabulary import Gate, Level, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, goes_live, part, tally
from tests.factories import Cast, answer, claim_one

OK, NG, UNSURE = Verdict
DAY = timedelta(days=1)


def live(made: Job, score: float) -> ModelVersion:
    """Another model goes live, or an earlier one again."""
    found = walk.take_live(found=partial(goes_live, made, score=score), by=None)
    made.refresh_from_db()
    return found


def judged(made: Job, cast: Cast, *, lot: str, verdict: Verdict = OK) -> None:
    part(made, OK, lot=lot)
    answer(claim_one(made, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast)


def test_a_rollback_within_thirty_days_resumes_evidence_and_demotions(covers: Job, cast: Cast) -> None:
    judged(covers, cast, lot="L1")
    first = epoch_of(covers)
    Epoch.objects.filter(pk=first.pk).update(demotions=1, last_at=timezone.now() - 29 * DAY)
    live(covers, 0.4)
    judged(covers, cast, lot="L2")
    assert (epoch_of(covers).pk != first.pk, tally(covers, "ai_error")) == (True, (0, 1))
    live(covers, 0.5)
    judged(covers, cast, lot="L3")
    assert (epoch_of(covers), epoch_of(covers).demotions, tally(covers, "ai_error")) == (first, 1, (0, 2))


def thrown_back(made: Job, cast: Cast) -> Epoch:
    """An epoch that the job was thrown back in a moment ago."""
    judged(made, cast, lot="L1")
    until = timezone.now() + DAY
    Epoch.objects.update(demotions=1, cool_until=until, cool_items=500)
    return epoch_of(made)


def other_thresholds(made: Job, cast: Cast) -> None:
    walk.change_job(job=made, by=cast.manager, policy={"accept_at": 0.21})
    made.refresh_from_db()


def test_what_a_model_was_thrown_back_for_stays_with_it_under_other_thresholds(covers: Job, cast: Cast) -> None:
    """A threshold moved by a hair wiped it out."""
    first = thrown_back(covers, cast)
    other_thresholds(covers, cast)
    judged(covers, cast, lot="L2")
    second = epoch_of(covers)
    assert (second.pk != first.pk, second.demotions, second.cool_until) == (True, 1, first.cool_until)
    # The part that opened it was one of those that the cool-down waits for.
    assert (second.cool_items, tally(covers, "ai_error")) == (499, (0, 1))


def test_the_chance_of_a_wrong_proof_stays_halved_under_other_thresholds(covers: Job, cast: Cast) -> None:
    thrown_back(covers, cast)
    other_thresholds(covers, cast)
    judged(covers, cast, lot="L2")
    ready = epochs.ready(covers, epoch_of(covers), to=Level.ASSISTANCE, now=timezone.now())
    assert ready.alpha == pytest.approx(epochs.bars_of(covers).alpha / 2)
    assert any(finding.sentence.startswith("Cooling down") for finding in ready.findings)


def test_a_model_that_comes_new_was_never_thrown_back(covers: Job, cast: Cast) -> None:
    thrown_back(covers, cast)
    live(covers, 0.4)
    judged(covers, cast, lot="L2")
    assert (epoch_of(covers).demotions, epoch_of(covers).cool_until, epoch_of(covers).cool_items) == (0, None, 0)


def test_after_thirty_days_other_thresholds_begin_with_the_same_past(covers: Job, cast: Cast) -> None:
    """A month of rest wiped out what a model had been thrown back for, though it waits for a new model."""
    thrown_back(covers, cast)
    Epoch.objects.update(last_at=timezone.now() - 31 * DAY)
    other_thresholds(covers, cast)
    judged(covers, cast, lot="L2")
    assert epoch_of(covers).demotions == 1


def test_after_thirty_days_counting_begins_anew(covers: Job, cast: Cast) -> None:
    judged(covers, cast, lot="L1")
    first = epoch_of(covers)
    Epoch.objects.update(last_at=timezone.now() - 31 * DAY, demotions=1)
    assert epochs.current(covers, timezone.now()) is None
    judged(covers, cast, lot="L2")
    second = epoch_of(covers)
    assert (second.pk != first.pk, second.number, second.demotions, tally(covers, "ai_error")) == (True, 2, 1, (0, 1))


def test_what_is_settled_late_counts_for_the_model_that_was_asked(covers: Job, cast: Cast) -> None:
    part(covers, OK, lot="L1")
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    first = epoch_of(covers)
    live(covers, 0.4)
    answer(claim_one(covers, cast.inspector2), NG, labels=("scratch",))
    first.refresh_from_db()
    assert (first.tallies["escape"]["k"], epochs.current(Job.objects.get(), timezone.now())) == (1, None)
    assert list(LedgerEntry.objects.order_by("id").values_list("in_force", flat=True)) == [True, False]


def test_a_model_that_is_not_live_any_more_is_not_proposed(cast: Cast) -> None:
    covers = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(covers, cast, [OK, OK, NG] * 16)
    waiting = [part(covers, OK, lot=f"X{number}") for number in range(6)]
    live(covers, 0.4)
    for _ in waiting:
        answer(claim_one(covers, cast.inspector), OK)
    assert Epoch.objects.get().tallies["ai_error"]["n"] == 54
    assert not Proposal.objects.exists()


def test_evidence_keeps_its_epoch_whatever_becomes_of_it(covers: Job, cast: Cast) -> None:
    part(covers, OK, lot="L1")
    answer(claim_one(covers, cast.inspector), NG, labels=("scratch",))
    first = epoch_of(covers)
    Epoch.objects.update(last_at=timezone.now() - 40 * DAY)
    answer(claim_one(covers, cast.inspector2), NG, labels=("scratch",))
    assert (Epoch.objects.get(), Evidence.objects.get().epoch) == (first, first)


def test_a_critical_class_that_is_dropped_asks_for_nothing_any_more(cast: Cast) -> None:
    covers = climbing_job(cast, level=Level.ASSISTANCE)
    covers.blind_share = 1.0
    covers.save(update_fields=["blind_share"])
    judged(covers, cast, lot="L1")

    def asked() -> set[str]:
        found = epochs.ready(covers, epoch_of(covers), to=Level.FULL, now=timezone.now()).findings
        return {one.name for one in found if one.name.startswith("miss_blind:")}

    assert asked() == {"miss_blind:dent"}
    Label.objects.filter(code="dent").update(effective_to=timezone.now())
    assert asked() == set()
    judged(covers, cast, lot="L2")
    assert tally(covers, "escape") == (0, 2)


def test_the_same_part_sent_twice_is_no_second_piece_of_evidence(covers: Job, cast: Cast) -> None:
    item = part(covers, OK, lot="L1")
    walk.advance([item.pk])
    walk.predict_and_advance([str(item.pk)])
    answer(claim_one(covers, cast.inspector), OK)
    assert (Item.objects.count(), tally(covers, "ai_error")) == (1, (0, 1))


def test_a_job_of_two_parts_proves_nothing_and_says_how_much_is_missing(covers: Job, cast: Cast) -> None:
    for lot in ("L1", "L2"):
        judged(covers, cast, lot=lot)
    found = {
        one.name: one
        for one in epochs.ready(covers, epoch_of(covers), to=Level.ASSISTANCE, now=timezone.now()).findings
    }
    assert (found["ai_error"].n, found["ai_error"].proof, found["items"].needed_best) == (2, "not_yet", 48)
    assert found["miss"].sentence.endswith("Nothing has been counted yet.")
    assert not Proposal.objects.exists()


def test_a_clock_that_was_set_back_keeps_the_epoch_open(covers: Job, cast: Cast) -> None:
    judged(covers, cast, lot="L1")
    Epoch.objects.update(last_at=timezone.now() + 3 * DAY)
    judged(covers, cast, lot="L2")
    assert (Epoch.objects.count(), tally(covers, "ai_error")) == (1, (0, 2))
    assert epoch_of(covers).last_at > timezone.now() + 2 * DAY
