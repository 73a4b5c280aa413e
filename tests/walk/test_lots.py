"""Of a lot three parts count, however it is spelt and whatever its sender says of the time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspection.models import Evidence, Job, LotCount
from inspection.policy.counting import PER_LOT
from inspection.policy.replay import Line, Replay
from inspection.queries import ledger
from inspection.vocabulary import Level, Verdict
from tests.climbs import climbing_job, epoch_of, part, say, tally
from tests.factories import Cast, answer, claim_one, take_in, undo

OK, NG, UNSURE = Verdict
pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: Cast) -> Job:
    return climbing_job(cast)


def judged(made: Job, cast: Cast, *, lot: str, opinion: Verdict = OK, verdict: Verdict = OK) -> Evidence:
    found = part(made, opinion, lot=lot)
    answer(claim_one(made, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())
    return Evidence.objects.get(item=found)


def replayed(made: Job) -> dict[str, tuple[int, int]]:
    at_work = Replay(start=Level.SHADOW)
    for event in ledger.events(made):
        if isinstance(event, Line):
            at_work.count(event)
    return {name: (found.k, found.n) for name, found in at_work.tallies(epoch_of(made).pk).items()}


def counted(made: Job) -> dict[str, tuple[int, int]]:
    return {name: (data["k"], data["n"]) for name, data in epoch_of(made).tallies.items()}


def test_of_one_lot_in_five_spellings_three_parts_count(cast: Cast, covers: Job) -> None:
    for lot in ("LOT1", "lot1", " LOT1 ", "Lot1", "ＬＯＴ１"):
        for _ in range(2):
            judged(covers, cast, lot=lot)
    assert (tally(covers, "ai_error"), epoch_of(covers).tallies["ai_error"]["lots"]) == ((0, PER_LOT), 1)
    assert replayed(covers) == counted(covers)


def test_lots_of_different_names_count_apart_and_are_shown_as_they_came(cast: Cast, covers: Job) -> None:
    rows = [judged(covers, cast, lot=lot) for lot in ("LOT-1", "LOT 1", "LOT1", "LOT  1")]
    assert epoch_of(covers).tallies["ai_error"]["lots"] == 3
    assert [row.lot_or_slot for row in rows] == ["LOT-1", "LOT 1", "LOT1", "LOT  1"]


def test_the_next_part_moves_up_under_whatever_spelling_it_came(cast: Cast, covers: Job) -> None:
    part(covers, OK, lot="A")
    first = answer(claim_one(covers, cast.inspector))
    for lot in ("a", "A ", " a"):
        judged(covers, cast, lot=lot)
    undo(first)
    assert (tally(covers, "ai_error"), replayed(covers)) == ((0, 3), counted(covers))


def test_a_lot_that_was_counted_under_its_own_spelling_goes_on_where_it_was(cast: Cast, covers: Job) -> None:
    """As an older version left it."""
    for _ in range(2):
        judged(covers, cast, lot="LOT1")
    entries = LotCount.objects.get().counted
    LotCount.objects.update(lot_or_slot="LOT1", entries=entries)
    for lot in ("LOT1", "lot1", "lot1"):
        judged(covers, cast, lot=lot)
    assert (tally(covers, "ai_error"), LotCount.objects.get().lot_or_slot) == ((0, 3), "lot1")
    assert replayed(covers) == counted(covers)


def test_without_lots_parts_of_one_minute_are_one_slot_whatever_their_sender_says(cast: Cast, covers: Job) -> None:
    for minutes in range(0, 60, 10):
        found = take_in(covers, captured_at=timezone.now() - timedelta(minutes=minutes + 1))
        say(covers, found, OK)
        answer(claim_one(covers, cast.inspector))
    assert epoch_of(covers).tallies["ai_error"]["lots"] == 1
