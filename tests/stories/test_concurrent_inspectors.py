"""Ten inspectors at once on one queue, over the real server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stories.plant import Plant, picture
from tests.stories.terminal import Json, Looked, Terminal

# The two databases keep two people from one part by different means.
pytestmark = pytest.mark.database

INSPECTORS, PARTS, HOLD = 10, 90, 3


@pytest.fixture
def desks(factory: Plant) -> Iterator[list[Terminal]]:
    """Ten inspectors before one full queue."""
    job = factory.open_job("crowd", level="human_only")
    with ThreadPoolExecutor(INSPECTORS) as pool:
        list(pool.map(lambda number: factory.admin.send(job, f"C-{number}", picture(number)), range(PARTS)))
        yield list(pool.map(lambda number: factory.hire(job, f"crowd-{number}"), range(INSPECTORS)))


def look_twice(desk: Terminal, review: Json) -> Looked:
    """A double click: the same delivery comes twice."""
    looked = desk.look(review)
    answer = {"lease": review["lease"], "verdict": "OK", "client_key": looked.client_key, "seconds": 1.0}
    desk.post(f"/reviews/{review['id']}/verdict/", answer)
    return looked


def work(desk: Terminal) -> list[Looked]:
    """Until there is nothing left, three parts in hand."""
    done: list[Looked] = []
    while held := desk.next("crowd", hold=HOLD):
        done += [look_twice(desk, review) for review in held]
    return done


def test_no_part_is_handed_out_twice_and_all_are_answered_once(factory: Plant, desks: list[Terminal]) -> None:
    with ThreadPoolExecutor(INSPECTORS) as pool:
        done = list(pool.map(work, desks))
    seen = Counter(looked.serial for looks in done for looked in looks)
    assert seen == {f"C-{number}": 1 for number in range(PARTS)}
    assert sum(1 for looks in done if looks) > 1, "one of them did all the work"
    assert [line for desk in desks for line in desk.refused] == []
    reviews = {look.review["id"]: look.client_key for looks in done for look in looks}
    stored = [(row["review"], row["client_key"]) for row in factory.rows("verdictgiven") if row["review"] in reviews]
    assert sorted(stored) == sorted(reviews.items())
