from __future__ import annotations

import random
from collections import Counter
from dataclasses import astuple, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inspection.acts.summarise import summarise
from inspection.models import (
    Decision,
    DecisionCell,
    Evidence,
    EvidenceCell,
    EvidencePlace,
    Job,
    LotCell,
    PairCell,
    SummaryMark,
)
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Cell, Counts, place_of
from inspection.queries.agreement_line import Decided, decided, line, said_twice
from inspection.refused import Refused
from inspection.vocabulary import Level, Look, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = tuple(field.name for field in fields(Cell))
OF_LINE = tuple(field.name for field in fields(Decided))
TABLES = (EvidenceCell, LotCell, EvidencePlace, DecisionCell, PairCell, SummaryMark)


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    shares = {"double_share": 0.3, "recheck_share": 0.3}
    made = factories.job(cast, level=Level.SHADOW, shares=shares)
    factories.champion(made, factories.bundle(made, score=0.01))
    return made


def by_hand(job: Job) -> Counter[tuple[Any, ...]]:
    """Every piece of evidence by its own columns and its lot."""
    zone = ZoneInfo(job.time_zone)
    rows = Evidence.objects.filter(job=job, undone=False).select_related("item", "prediction")
    places = [place_of(row, zone=zone, critical=frozenset({"dent"})) for row in rows]
    return Counter((place.lot, *astuple(place.cell)) for place in places if place.cell)


def line_by_hand(job: Job) -> Counter[tuple[Any, ...]]:
    """Every verdict in force."""
    in_force = decided(job, after=0).changes
    last = Decision.objects.filter(job=job, undone=False).exclude(superseded_by__undone=False)
    assert sum(in_force.values()) == last.count()
    return Counter({tuple(getattr(one, name) for name in OF_LINE): n for one, n in in_force.items() if n})


def counted(job: Job) -> tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
    counts = Counts(job)
    lots = set(Evidence.objects.filter(job=job).values_list("lot_or_slot", flat=True))
    return counts.by(Wanted(), "lot", *FIELDS, lots=sorted(lots)), line(job, Wanted(), counts.mark, *OF_LINE)


def kept() -> list[list[tuple[Any, ...]]]:
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


def something_happens(job: Job, cast: factories.Cast, chance: random.Random) -> None:
    """A part comes in, somebody answers, takes an answer back, settles a dispute, or time goes by."""
    person = chance.choice([cast.inspector, cast.inspector2, cast.manager])
    what = chance.choice(["part", "answer", "answer", "answer", "undo", "settle", "time"])
    if what == "part":
        factories.item(job, score=chance.choice([0.01, 0.5, 0.99]), lot=chance.choice(["L1", "L2", ""]))
    elif what == "time":
        factories.let_stand()
    else:
        for held in factories.claim(job, person, adjudication=what == "settle"):
            verdict = chance.choice(list(Verdict))
            done = factories.answer(held, verdict, labels=("dent",) if verdict == Verdict.NG else ())
            if what == "undo":
                factories.undo(done)


@pytest.mark.parametrize("seed", range(6))
def test_counts_and_what_lies_behind_them_are_what_a_count_by_hand_gives(
    cast: factories.Cast, job: Job, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        try:
            something_happens(job, cast, chance)
        except Refused:
            continue
        if chance.random() < 0.3:
            summarise(now=timezone.now(), least=1)
        assert counted(job) == (by_hand(job), line_by_hand(job))
    factories.let_stand()
    summarise(now=timezone.now() + timedelta(hours=1), least=1)
    assert counted(job) == (by_hand(job), line_by_hand(job))
    assert EvidenceCell.objects.filter(n__lt=0).count() == LotCell.objects.filter(n__lt=0).count() == 0
    assert not Counts(job).behind


def test_counting_again_changes_nothing(cast: factories.Cast, job: Job) -> None:
    for verdict in (Verdict.OK, Verdict.NG, Verdict.UNSURE):
        factories.item(job, score=0.01)
        factories.answer(factories.claim_one(job, cast.inspector), verdict)
    factories.let_stand()
    assert summarise(now=timezone.now(), least=1) == 3
    before = kept()
    assert summarise(now=timezone.now(), least=1) == 0
    assert kept() == before


def test_a_late_reference_moves_its_row_from_one_cell_to_another(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01)
    factories.load_dice(job, list(job.items.all()), double=False, recheck=False)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG, labels=("dent",))
    summarise(now=timezone.now(), least=1)
    [before] = EvidenceCell.objects.filter(n=1)
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.NG, labels=("dent",))
    summarise(now=timezone.now(), least=1)
    [after] = EvidenceCell.objects.filter(n=1)
    before.refresh_from_db()
    assert (before.reference, before.n) == ("", 0)
    assert (after.reference, after.settled_by, after.labels) == ("NG", "second_look", "dent")


def test_a_backlog_is_counted_in_batches(cast: factories.Cast, job: Job) -> None:
    for _ in range(5):
        factories.item(job, score=0.01)
        factories.answer(factories.claim_one(job, cast.inspector))
    assert summarise(now=timezone.now(), least=1, most=2) == 5
    assert counted(job)[0] == by_hand(job)


def test_few_changes_are_left_to_the_reports(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01)
    factories.answer(factories.claim_one(job, cast.inspector))
    assert summarise(now=timezone.now()) == 0
    assert not SummaryMark.objects.exists()


def test_a_decision_that_can_still_be_taken_back_is_not_counted_for_good(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.01)
    factories.answer(factories.claim_one(job, cast.inspector))
    summarise(now=timezone.now(), least=1)
    assert not DecisionCell.objects.exists()
    factories.let_stand()
    summarise(now=timezone.now() + timedelta(minutes=2), least=1)
    assert DecisionCell.objects.get().n == 1


def test_two_people_who_judged_one_part_blind_are_a_pair(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.01)
    factories.load_dice(job, [item], double=True)
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.OK)
    second = factories.claim_one(job, cast.inspector2)
    assert second.review.look == Look.DOUBLE
    factories.answer(second, Verdict.NG)
    expected = Counter({("OK", "NG"): 1})
    assert said_twice(job, Wanted(), Counts(job).mark) == expected
    factories.let_stand()
    summarise(now=timezone.now() + timedelta(minutes=2), least=1)
    assert said_twice(job, Wanted(), Counts(job).mark) == expected
    assert PairCell.objects.get().n == 1
