from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from inspection.models import Exposure, Job
from inspection.queries import agreement_rows
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db

ROWS = "/jobs/covers/agreement/rows/"


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Two parts on which the AI and a person agree, and one on which somebody is still asked who is right."""
    made = factories.job(cast, level=Level.SHADOW)
    for score, verdict in ((0.01, Verdict.OK), (0.99, Verdict.NG), (0.01, Verdict.NG)):
        factories.item(made, score=score, lot="L1", serial=f"={score}{verdict}")
        labels = ("dent",) if verdict == Verdict.NG else ()
        factories.answer(factories.claim_one(made, cast.inspector), verdict, labels=labels)
    return made


def lines(call: Callers, **query: str) -> list[dict[str, str]]:
    answer = call.manager.get(f"{ROWS}csv/", **query)
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffevidence,item,serial,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_row_says_all_that_counts_it(call: Callers, job: Job) -> None:
    row = call.manager.get(ROWS).json()["results"][1]
    assert tuple(row) == agreement_rows.COLUMNS
    told = ("drawn", "probability", "hint_shown", "opinion", "verdict", "reference", "settled_by", "labels", "waits")
    assert [row[name] for name in told] == ["shadow", 1.0, False, "NG", "NG", "NG", "agreement", ["dent"], False]
    assert job.epochs.get(pk=row["epoch"]).fingerprint == row["fingerprint"]


def test_what_somebody_is_still_asked_about_stays_hidden(call: Callers, job: Job) -> None:
    rows = call.manager.get(ROWS).json()["results"]
    assert [row["waits"] for row in rows] == [False, False, True]
    assert {rows[2][name] for name in agreement_rows.TELLING} == {None}
    assert [line["verdict"] for line in lines(call)] == ["OK", "NG", ""]


def test_whoever_reads_the_rows_is_noted(call: Callers, job: Job, cast: factories.Cast) -> None:
    call.manager.get(ROWS, limit="1")
    assert Exposure.objects.filter(person=cast.manager).count() == 1
    lines(call)
    assert Exposure.objects.filter(person=cast.manager).count() == 2


def test_the_file_has_the_rows_of_the_list_in_the_same_columns(call: Callers, job: Job) -> None:
    listed = call.manager.get(ROWS).json()["results"]
    filed = lines(call)
    assert [row["evidence"] for row in filed] == [str(row["evidence"]) for row in listed]
    assert filed[1]["labels"] == "dent"
    # A serial that begins like a formula stays text in a spreadsheet.
    assert filed[0]["serial"] == "'=0.01OK"


def test_pages_follow_one_another_under_the_filter(call: Callers, job: Job) -> None:
    first = call.manager.get(ROWS, limit="2", drawn="shadow,blind").json()
    assert len(first["results"]) == 2
    assert "drawn=shadow" in first["next"]
    second = call.manager.client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)


@pytest.mark.parametrize(
    ("query", "left"),
    [({"lot": "L2"}, 0), ({"label": "dent"}, 1), ({"drawn": "assisted"}, 0), ({"until": "2001-01-01"}, 0), ({}, 3)],
)
def test_the_filter_of_the_report_is_that_of_its_rows(
    call: Callers, job: Job, query: dict[str, Any], left: int
) -> None:
    assert len(call.manager.get(ROWS, **query).json()["results"]) == len(lines(call, **query)) == left


def test_an_unknown_filter_is_refused(call: Callers, job: Job) -> None:
    assert code(call.manager.get(ROWS, machine="1")) == (422, "unknown_field")
    assert code(call.manager.get(f"{ROWS}csv/", drawn="lots")) == (422, "invalid")


def test_a_large_file_is_read_in_batches(call: Callers, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement_rows, "AT_ONCE", 2)
    assert len(lines(call)) == 3
