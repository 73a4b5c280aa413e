"""Verdicts, switches and signatures that come at the same moment: one after the other, and never stuck."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.report_incident import report_incident
from inspection.journey import predict, review
from inspection.models import Epoch, Evidence, Incident, Item, Job, LedgerEntry, LevelChange, Prediction, Review
from inspection.policy.replay import replay
from inspection.queries import ledger
from inspection.refused import Refused
from inspection.vocabulary import Cause, Level, Look, Reason, Verdict
from tests.climbs import climbing_job, epoch_of, part, tally
from tests.factories import Cast, answer, claim, take_in
from tests.stage import results, together

OK, NG, UNSURE = Verdict
DENT = ("dent",)
pytestmark = pytest.mark.django_db(transaction=True)


def audited(cast: Cast, many: int) -> Job:
    """A job in partial automation with so many audits of what the AI has passed, and one part that waits."""
    covers = climbing_job(cast, level=Level.PARTIAL)
    covers.salts = {**covers.salts, "blind": "none"}
    covers.audit_share, covers.blind_share = 1.0, 0.0001
    covers.save(update_fields=["salts", "audit_share", "blind_share"])
    for number in range(many):
        part(covers, OK, lot=f"L{number}")
    return covers


def disputed(cast: Cast, many: int) -> tuple[Job, list[review.Held]]:
    """Audits that one person has found bad already, in the hands of second ones: each would stop the AI."""
    covers = audited(cast, many)
    for held in claim(covers, cast.inspector, hold=many):
        answer(held, NG, labels=DENT)
    seconds = (cast.inspector2, cast.manager)
    taken = [one for who in seconds[:many] for one in claim(covers, who, hold=1) if one.review.look == Look.DISAGREED]
    assert len(taken) == many
    part(covers, NG, lot="waits")
    return covers, taken


def outcomes(calls: list[Callable[[], object]]) -> list[str]:
    """The code of each refusal; anything else that goes wrong is raised."""
    errors = [future.exception() for future in together(calls)]
    for error in errors:
        if error is not None and not isinstance(error, Refused):
            raise error
    return sorted(error.code for error in errors if isinstance(error, Refused))


def test_of_two_verdicts_at_once_that_both_stop_the_ai_one_does(cast: Cast) -> None:
    covers, held = disputed(cast, 2)
    results(together([partial(answer, one, NG, labels=DENT) for one in held]))
    assert list(LevelChange.objects.filter(cause=Cause.CRITICAL).values_list("new", flat=True)) == [Level.ASSISTANCE]
    assert (Job.objects.get().level, Epoch.objects.get().demotions) == (Level.ASSISTANCE, 1)
    assert replay(ledger.events(covers), start=Level.PARTIAL) == ledger.taken(covers)


def test_verdicts_at_once_are_all_counted(cast: Cast) -> None:
    covers = audited(cast, 6)
    held = [one for who in (cast.inspector, cast.inspector2, cast.manager) for one in claim(covers, who, hold=2)]
    results(together([partial(answer, one, OK) for one in held]))
    assert tally(covers, "escape_audit") == (0, 6)
    assert (Evidence.objects.filter(watched=True).count(), LedgerEntry.objects.count()) == (6, 6)
    pairs = epoch_of(covers).detectors["levels"]["partial"]
    assert pairs["escape_audit"]["bar"]["m"] == pytest.approx(six_passed(covers))


def six_passed(covers: Job) -> list[float]:
    """By hand: six parts without an error, whatever their order."""
    p0, m = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]["bar"]["p0"], [0.0] * 5
    for _ in range(6):
        m = [
            (one + 1) * (1 - min(p0 * ratio, 0.9)) / (1 - p0) for one, ratio in zip(m, (1.5, 2, 3, 5, 10), strict=True)
        ]
    return m


@pytest.mark.parametrize("new", [Level.ASSISTANCE, Level.SHADOW])
def test_a_verdict_that_stops_the_ai_and_a_person_who_does_at_once(cast: Cast, new: Level) -> None:
    covers, [held] = disputed(cast, 1)
    switch = partial(walk.switch_level, job=covers, new=new, reason="stop", by=cast.admin)
    refused = outcomes([partial(answer, held, NG, labels=DENT), switch])
    assert refused in ([], ["same_level"])
    assert Job.objects.get().level == new
    waits = Item.objects.get(lot="waits")
    assert waits.level == new
    assert Review.objects.get(item=waits, look=Look.FIRST).routing.level == new


def test_a_climb_and_a_verdict_that_stops_the_ai_at_once(cast: Cast) -> None:
    """Whichever comes first, the job does not stay above assistance with that defect known."""
    covers, [held] = disputed(cast, 1)
    climb = partial(walk.switch_level, job=covers, new=Level.FULL, reason="a trial", by=cast.admin)
    assert outcomes([partial(answer, held, NG, labels=DENT), climb]) in ([], ["one_step_at_a_time"])
    assert Job.objects.get().level == Level.ASSISTANCE


def test_claims_verdicts_and_a_switch_at_once_wait_for_nobody_for_ever(cast: Cast) -> None:
    covers = audited(cast, 6)
    held = claim(covers, cast.inspector, hold=3)
    calls: list[Callable[[], object]] = [partial(answer, one, OK) for one in held]
    calls += [partial(claim, Job.objects.get(), who, hold=2) for who in (cast.inspector2, cast.manager)]
    calls += [partial(walk.switch_level, job=covers, new=Level.SHADOW, reason="stop", by=cast.admin)]
    assert outcomes(calls) == []
    assert (Job.objects.get().level, Evidence.objects.count()) == (Level.SHADOW, 3)


def test_a_verdict_and_a_report_of_the_same_defect_at_once_stop_the_ai_once(cast: Cast) -> None:
    covers, [held] = disputed(cast, 1)
    row = report_incident(
        job=covers, item=held.review.item, words="back", client_key="k", by=cast.inspector, now=timezone.now()
    )
    close = partial(walk.close_incident, incident=row, answer="it is so", defects=DENT, by=cast.admin)
    calls: list[Callable[[], object]] = [partial(answer, held, NG, labels=DENT), close]
    results(together(calls))
    assert LevelChange.objects.filter(cause=Cause.CRITICAL).count() == Epoch.objects.get().demotions == 1
    assert replay(ledger.events(covers), start=Level.PARTIAL) == ledger.taken(covers)


def test_two_reports_of_one_part_closed_at_once_stop_the_ai_once(cast: Cast) -> None:
    covers = audited(cast, 1)
    item, words = Item.objects.get(lot="L0"), "back from the customer"
    for key in ("one", "two"):
        report_incident(job=covers, item=item, words=words, client_key=key, by=cast.inspector, now=timezone.now())
    close = partial(walk.close_incident, answer="it is so", defects=DENT, by=cast.admin)
    results(together([partial(close, incident=row) for row in Incident.objects.all()]))
    assert LevelChange.objects.filter(cause=Cause.CRITICAL).count() == 1


def test_a_slow_answer_and_a_sweeper_that_waits_for_none_are_never_stuck(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker held the item and wanted the job, the sweeper held the job and wanted the item."""
    covers = climbing_job(cast)
    item, stored, store = take_in(covers, lot="L1"), threading.Event(), predict.store

    def slowly(batch: predict.Batch, rows: list[Prediction]) -> dict[uuid.UUID, Prediction]:
        found = store(batch, rows)
        stored.set()
        time.sleep(0.5)
        return found

    def sweeps() -> int:
        assert stored.wait(20)
        return walk.send_to_people(job=covers, ids=[item.pk], fault=Reason.LATE)

    monkeypatch.setattr(predict, "store", slowly)
    calls: list[Callable[[], int]] = [partial(walk.predict_and_advance, [str(item.pk)]), sweeps]
    assert results(together(calls)) == [1, 0]
    assert Prediction.objects.get().score is not None
