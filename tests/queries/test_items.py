from __future__ import annotations

import pytest

from inspection.models import Job
from inspection.queries.items import Filter, of_job
from inspection.vocabulary import State, Verdict
from tests import factories
from tests.factories import Cast


@pytest.fixture
def covers(cast: Cast) -> Job:
    job = factories.job(cast)
    factories.item(job, serial="A")
    factories.item(job, serial="B")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.UNSURE)
    return job


def serials(job: Job, **wanted: object) -> list[str]:
    return [item.serial for item in of_job(job, Filter(**wanted))]  # type: ignore[arg-type]


def test_a_serial_is_sought_in_its_own_job_alone(covers: Job, cast: Cast) -> None:
    lids = factories.job(cast, slug="lids")
    factories.item(lids, serial="A")
    assert [len(serials(job, serial="A")) for job in (covers, lids)] == [1, 1]
    assert serials(lids, serial="B") == []


def test_a_part_on_hold_is_found_by_its_verdict_and_by_its_state(covers: Job) -> None:
    assert serials(covers, verdict=Verdict.UNSURE) == serials(covers, state=State.HELD) == ["A"]
    assert serials(covers, state=State.HELD, serial="B") == []
