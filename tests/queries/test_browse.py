from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.models import Item, Job
from inspection.queries import browse
from inspection.queries.browse import Wanted, asked, opinions_on, page
from inspection.vocabulary import DecidedBy, Level, State, Verdict
from tests import factories
from tests.factories import Cast


@pytest.fixture
def covers(cast: Cast) -> Job:
    """No second looks: one part in fifty would otherwise be asked of somebody else once more."""
    job = factories.job(cast, level=Level.SHADOW)
    job.double_share = job.recheck_share = 0
    job.save()
    return job


def judged(
    covers: Job, cast: Cast, verdict: Verdict, *, score: float, labels: tuple[str, ...] = (), **said: Any
) -> Item:
    """A part with the AI's opinion and one person's verdict; whatever that asks for is answered alike."""
    item = factories.item(covers, score=score, **said)
    for who in (cast.inspector, cast.inspector2):
        for held in factories.claim(covers, who):
            factories.answer(held, verdict, labels=labels)
    item.refresh_from_db()
    return item


def serials(covers: Job, **wanted: Any) -> list[str]:
    return [item.serial for item in page(job=covers, wanted=Wanted(**wanted)).items]


@pytest.fixture
def three(covers: Job, cast: Cast) -> Job:
    judged(covers, cast, Verdict.OK, score=0.1, serial="A-1", lot="L1", station="S1", shift="early")
    judged(covers, cast, Verdict.NG, score=0.1, serial="A-2", lot="L2", station="S2", labels=("dent",))
    factories.item(covers, score=0.9, serial="B-1", lot="L1", shift="late")
    return covers


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing asked": ({}, ["B-1", "A-2", "A-1"]),
    "beginning of a serial": ({"serial": "A-"}, ["A-2", "A-1"]),
    "small letters": ({"serial": "a-"}, []),
    "a serial's middle": ({"serial": "-1"}, []),
    "percent sign": ({"serial": "%"}, []),
    "lot": ({"lot": "L1"}, ["B-1", "A-1"]),
    "serial and lot": ({"serial": "A", "lot": "L1"}, ["A-1"]),
    "station": ({"station": "S2"}, ["A-2"]),
    "shift": ({"shift": "late"}, ["B-1"]),
    "state": ({"state": State.WAITING}, ["B-1"]),
    "verdict": ({"verdict": Verdict.NG}, ["A-2"]),
    "label": ({"label": "dent"}, ["A-2"]),
    "another label": ({"label": "den"}, []),
    "decided by a person": ({"by": DecidedBy.PERSON}, ["A-2", "A-1"]),
    "decided by the AI": ({"by": DecidedBy.AI}, []),
    "AI and people differ": ({"differs": True}, ["A-2"]),
    "band of scores": ({"score_from": 0.05, "score_to": 0.2}, ["A-2", "A-1"]),
    "a band with nobody in it": ({"score_from": 0.2, "score_to": 0.5}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_filter_finds_what_fits_and_nothing_else(three: Job, name: str) -> None:
    wanted, expected = CASES[name]
    assert serials(three, **wanted) == expected


def test_a_part_that_waits_is_in_no_band_of_scores(three: Job) -> None:
    assert serials(three, score_from=0.8) == []
    assert serials(three, score_to=0.8) == ["A-2", "A-1"]


def test_of_a_part_that_waits_the_list_says_no_opinion(three: Job) -> None:
    items = page(job=three, wanted=Wanted()).items
    waiting = {item.pk for item in items if item.serial == "B-1"}
    assert asked(items) == waiting
    assert set(opinions_on(items, asked=waiting)) == {item.pk for item in items} - waiting


def test_days_are_bounded_from_below_and_above(three: Job) -> None:
    now = timezone.now()
    assert serials(three, since=now) == []
    assert serials(three, until=now) == ["B-1", "A-2", "A-1"]
    Item.objects.filter(serial="A-1").update(received_at=now - timedelta(days=2))
    assert serials(three, until=now - timedelta(days=1)) == ["A-1"]
    assert serials(three, since=now - timedelta(days=1)) == ["B-1", "A-2"]


def test_a_job_shows_none_of_another(three: Job, cast: Cast) -> None:
    assert serials(factories.job(cast, slug="lids")) == []
    stranger = Item.objects.get(serial="A-2").pk
    lids = Job.objects.get(slug="lids")
    assert page(job=lids, wanted=Wanted(), older=stranger).items == []


@pytest.fixture
def many(covers: Job) -> Job:
    """Seven parts, of which four came in the same moment."""
    items = [factories.item(covers, serial=f"P-{number}", lot="odd" if number % 2 else "even") for number in range(7)]
    Item.objects.filter(pk__in=[item.pk for item in items[2:6]]).update(received_at=items[2].received_at)
    return covers


def pages(job: Job, wanted: Wanted, *, most: int = 2) -> list[list[uuid.UUID]]:
    """Every page on the way down."""
    found, older = [], None
    while True:
        one = page(job=job, wanted=wanted, older=older, most=most)
        found.append([item.pk for item in one.items])
        if one.older is None:
            return found
        older = one.older


def test_every_part_is_on_one_page_and_on_one_only(many: Job) -> None:
    walked = pages(many, Wanted())
    assert [len(each) for each in walked] == [2, 2, 2, 1]
    assert [pk for each in walked for pk in each] == list(Item.objects.values_list("pk", flat=True))


def test_the_way_up_shows_the_pages_of_the_way_down(many: Job) -> None:
    down = pages(many, Wanted())
    third = page(job=many, wanted=Wanted(), older=down[1][-1], most=2)
    second = page(job=many, wanted=Wanted(), newer=third.newer, most=2)
    assert ([item.pk for item in second.items], second.older) == (down[1], down[1][-1])
    first = page(job=many, wanted=Wanted(), newer=second.newer, most=2)
    assert ([item.pk for item in first.items], first.newer) == (down[0], None)


def test_arrivals_shift_no_page(many: Job) -> None:
    first = page(job=many, wanted=Wanted(), most=2)
    expected = page(job=many, wanted=Wanted(), older=first.older, most=2).items
    factories.item(many, serial="later")
    assert page(job=many, wanted=Wanted(), older=first.older, most=2).items == expected


def test_what_was_counted_is_said_on_the_first_page_only(many: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    first = page(job=many, wanted=Wanted(), most=2)
    assert (first.total, page(job=many, wanted=Wanted(), older=first.older, most=2).total) == (7, None)
    assert page(job=many, wanted=Wanted(lot="odd"), most=2).total == 3
    monkeypatch.setattr(browse, "MOST_COUNTED", 4)
    assert page(job=many, wanted=Wanted(), most=2).total == 5


def test_a_rare_part_is_sought_window_by_window(many: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shift has no index: three rows are looked through at a time, and the page says how far it came."""
    Item.objects.filter(serial="P-0").update(shift="late")
    monkeypatch.setattr(browse, "WINDOW", 3)
    order = list(Item.objects.all())
    first = page(job=many, wanted=Wanted(shift="late"))
    assert (first.items, first.total) == ([], None)
    assert (first.older, first.searched_to) == (order[2].pk, order[2].received_at)
    assert pages(many, Wanted(shift="late")) == [[], [], [order[-1].pk]]


@pytest.mark.parametrize("number", range(7))
def test_no_part_lies_between_two_windows(many: Job, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    rare = list(Item.objects.all())[number]
    Item.objects.filter(pk=rare.pk).update(shift="late")
    monkeypatch.setattr(browse, "WINDOW", 3)
    assert [pk for each in pages(many, Wanted(shift="late")) for pk in each] == [rare.pk]


def test_the_way_up_is_sought_window_by_window_too(many: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    Item.objects.filter(serial="P-6").update(shift="late")
    monkeypatch.setattr(browse, "WINDOW", 3)
    order = list(Item.objects.all())
    up = page(job=many, wanted=Wanted(shift="late"), newer=order[-1].pk)
    assert (up.items, up.newer) == ([], order[3].pk)
    assert page(job=many, wanted=Wanted(shift="late"), newer=up.newer).items == [order[0]]


def test_a_serial_is_found_however_far_back_it_lies(many: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "WINDOW", 3)
    found = page(job=many, wanted=Wanted(serial="P-0"))
    assert ([item.serial for item in found.items], found.total, found.searched_to) == (["P-0"], 1, None)
    assert sorted(serials(many, lot="odd", serial="P")) == ["P-1", "P-3", "P-5"]


@pytest.mark.parametrize("wanted", [Wanted(verdict=Verdict.UNSURE), Wanted(state=State.HELD)])
def test_a_part_on_hold_is_found_however_far_back_it_lies(
    many: Job, cast: Cast, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = factories.claim_one(many, cast.inspector)
    factories.answer(held, Verdict.UNSURE)
    monkeypatch.setattr(browse, "WINDOW", 3)
    assert [item.pk for item in page(job=many, wanted=wanted).items] == [held.review.item_id]


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(differs=True), Wanted(serial="P"), Wanted(label="dent", lot="odd")]
)
def test_a_page_takes_few_questions_however_many_parts_there_are(
    many: Job, wanted: Wanted, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        page(job=many, wanted=wanted)
