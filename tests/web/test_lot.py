from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from inspection.models import Exposure, Job
from inspection.vocabulary import Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def rows(browser: Client, path: str) -> list[dict[str, str]]:
    answer = browser.get(path)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_lot_comes_with_every_part_and_its_decision(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5, serial="b", lot="L1")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG, labels=("dent",))
    factories.item(job, score=0.5, serial="a", lot="L1")
    factories.item(job, score=0.5, serial="c", lot="L2")
    found = rows(browser_of(cast.manager), "/jobs/covers/lots/L1.csv")
    assert [(row["serial"], row["verdict"], row["labels"], row["person"]) for row in found] == [
        ("a", "", "", ""),
        ("b", "NG", "dent", "inspector"),
    ]


def test_a_serial_that_is_a_formula_stays_text(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5, serial="=cmd|' /C calc'!A0", lot="L1")
    [row] = rows(browser_of(cast.manager), "/jobs/covers/lots/L1.csv")
    assert row["serial"] == "'=cmd|' /C calc'!A0"


def test_parts_without_a_lot_have_a_file_of_their_own(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5, serial="lonely")
    factories.item(job, score=0.5, serial="in-a-lot", lot="L1")
    assert [row["serial"] for row in rows(browser_of(cast.manager), "/jobs/covers/lots.csv")] == ["lonely"]


def test_a_lot_with_an_odd_name_has_a_harmless_file_name(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5, lot='a/b "c"')
    answer = browser_of(cast.manager).get("/jobs/covers/lots/a/b%20%22c%22.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="covers-a_b__c_.csv"'


def test_whoever_takes_the_file_has_seen_what_the_ai_decided(cast: factories.Cast, job: Job) -> None:
    audited = factories.item(job, score=0.01, audit=True, lot="L1")
    rows(browser_of(cast.manager), "/jobs/covers/lots/L1.csv")
    assert Exposure.objects.filter(item=audited, person=cast.manager).exists()
