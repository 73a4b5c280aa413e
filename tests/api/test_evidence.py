from __future__ import annotations

import pytest

from inspection.models import Evidence, Exposure, Job, LedgerEntry
from inspection.vocabulary import Verdict
from tests import factories
from tests.api.conftest import Callers, code
from tests.climbs import agreed, climbing_job, epoch_of

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
ROWS, LEDGER = "/jobs/covers/evidence/", "/jobs/covers/ledger/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    job = climbing_job(cast)
    agreed(job, cast, [OK, NG, OK])
    return job


def test_the_raw_rows_come_newest_first(call: Callers, cast: factories.Cast, covers: Job) -> None:
    rows = call.manager.get(ROWS).json()["results"]
    assert [row["id"] for row in rows] == list(Evidence.objects.order_by("-id").values_list("pk", flat=True))
    names = ("opinion", "verdict", "reference", "drawn", "person", "labels", "hint_shown", "epoch")
    assert {name: rows[1][name] for name in names} == {
        "opinion": "NG", "verdict": "NG", "reference": "NG", "drawn": "shadow", "person": "inspector2",
        "labels": ["scratch"], "hint_shown": False, "epoch": epoch_of(covers).pk,
    }  # fmt: skip


def test_pages_follow_one_another_without_gap_or_repeat(call: Callers, covers: Job) -> None:
    first = call.manager.get(ROWS, limit=2).json()
    path = first["next"].split("/api/v1")[1]
    rest = call.manager.get(path).json()
    assert ([len(page["results"]) for page in (first, rest)], rest["next"]) == ([2, 1], None)


def test_filters_narrow_the_rows(call: Callers, cast: factories.Cast, covers: Job) -> None:
    epoch = epoch_of(covers)

    def found(**query: object) -> int:
        return len(call.manager.get(ROWS, **query).json()["results"])

    assert (found(drawn="shadow"), found(drawn="blind")) == (3, 0)
    assert (found(epoch=epoch.pk), found(epoch=epoch.pk + 1)) == (3, 0)
    assert (found(model=epoch.model.digest[:8]), found(model="0" * 8)) == (3, 0)
    assert (found(since="2020-01-01T00:00:00Z"), found(until="2020-01-01T00:00:00Z")) == (3, 0)
    assert code(call.manager.get(ROWS, drawn="lucky")) == (422, "invalid")
    assert code(call.manager.get(ROWS, person="me")) == (422, "unknown_field")


def test_whoever_reads_the_ais_opinions_is_no_blind_judge_any_more(
    call: Callers, cast: factories.Cast, covers: Job
) -> None:
    call.manager.get(ROWS, limit=1)
    newest = Evidence.objects.order_by("-id")[0]
    assert list(Exposure.objects.values_list("person", "item")) == [(cast.manager.pk, newest.item_id)]


def test_the_ledger_comes_in_the_order_of_counting(call: Callers, covers: Job) -> None:
    rows = call.manager.get(LEDGER).json()["results"]
    assert [row["id"] for row in rows] == list(LedgerEntry.objects.order_by("id").values_list("pk", flat=True))
    assert [row["counts"]["ai_error"] for row in rows] == [[0, 1], [0, 2], [0, 3]]
    assert (rows[1]["reference"], rows[1]["labels"], rows[1]["alarms"]) == ("NG", ["scratch"], [])


def test_the_ledger_goes_on_behind_its_cursor(call: Callers, cast: factories.Cast, covers: Job) -> None:
    first = call.manager.get(LEDGER, limit=2, epoch=epoch_of(covers).pk).json()
    agreed(covers, cast, [OK])
    rest = call.manager.get(first["next"].split("/api/v1")[1]).json()
    keys = [row["id"] for page in (first, rest) for row in page["results"]]
    assert keys == list(LedgerEntry.objects.order_by("id").values_list("pk", flat=True))


def test_another_jobs_epoch_shows_nothing(call: Callers, covers: Job) -> None:
    assert call.manager.get(LEDGER, epoch=999_999).json() == {"next": None, "results": []}
