from __future__ import annotations

import pytest

from inspection.models import Job
from inspection.queries import lots
from inspection.vocabulary import Level
from tests import factories
from tests.factories import Cast


@pytest.fixture
def covers(cast: Cast) -> Job:
    """Two of three parts of L1, then one without a lot, then the last one of L1 and one of L2, which waits."""
    job = factories.job(cast, level=Level.FULL)
    for lot, score in (("L1", 0.05), ("L1", 0.95), ("", 0.05), ("L1", 0.05), ("L2", 0.5)):
        factories.item(job, score=score, lot=lot)
    return job


def told(job: Job, most: int = 20) -> list[tuple[str, int, int, int, int]]:
    return [(lot.name, lot.parts, lot.ok, lot.ng, lot.open) for lot in lots.newest(job=job, most=most)]


def test_lots_come_newest_first_with_all_their_parts(covers: Job) -> None:
    assert told(covers) == [("L2", 1, 0, 0, 1), ("L1", 3, 2, 1, 0), ("", 1, 1, 0, 0)]
    assert told(covers, most=1) == [("L2", 1, 0, 0, 1)]


def test_old_lots_stay_out_and_parts_of_new_ones_are_counted_however_old(
    covers: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "AMONG", 2)
    assert told(covers) == [("L2", 1, 0, 0, 1), ("L1", 3, 2, 1, 0)]


def test_a_job_without_parts_has_no_lots(cast: Cast) -> None:
    assert told(factories.job(cast)) == []
