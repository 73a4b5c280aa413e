from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from inspection.models import Evidence, Job
from inspection.policy.agreement import wilson
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db

NOTHING = {"n": 0, "agree": 0, "percent": None, "interval": None}
NO_SHARE = {"k": 0, "n": 0}


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


def judged(job: Job, cast: factories.Cast, *, score: float, verdict: Verdict) -> None:
    factories.item(job, score=score)
    factories.answer(factories.claim_one(job, cast.inspector), verdict)


def test_nothing_counted_has_no_percentage(call: Callers, job: Job) -> None:
    row = {"OK": 0, "NG": 0, "UNSURE": 0}
    assert call.manager.get("/jobs/covers/agreement/").json() == {
        **NOTHING,
        "matrix": {"OK": row, "NG": row, "UNSURE": row},
        "misses": NO_SHARE,
        "overkill": NO_SHARE,
        "by_model": [],
        "by_drawn": [],
    }


def test_people_and_ai_are_counted_against_each_other(call: Callers, job: Job, cast: factories.Cast) -> None:
    pairs = [(0.1, Verdict.OK), (0.1, Verdict.OK), (0.1, Verdict.NG), (0.9, Verdict.OK), (0.5, Verdict.UNSURE)]
    for score, verdict in pairs:
        judged(job, cast, score=score, verdict=verdict)
    body = call.manager.get("/jobs/covers/agreement/").json()
    interval = wilson(k=3, n=5)
    assert interval is not None
    figures = {"n": 5, "agree": 3, "percent": 60.0, "interval": [100 * end for end in interval]}
    assert {name: body[name] for name in figures} == figures
    assert body["matrix"] == {
        "OK": {"OK": 2, "NG": 1, "UNSURE": 0},
        "NG": {"OK": 1, "NG": 0, "UNSURE": 0},
        "UNSURE": {"OK": 0, "NG": 0, "UNSURE": 1},
    }
    assert (body["misses"], body["overkill"]) == ({"k": 1, "n": 1}, {"k": 1, "n": 3})
    models = {model.name: model.digest for model in job.models.all()}
    counted = {one["model"]: (one["n"], one["agree"]) for one in body["by_model"]}
    assert counted == {models["always 0.1"]: (3, 2), models["always 0.9"]: (1, 0), models["always 0.5"]: (1, 1)}
    assert [(one["drawn"], one["n"]) for one in body["by_drawn"]] == [("shadow", 5)]


def test_the_filters_narrow_what_is_counted(call: Callers, job: Job, cast: factories.Cast) -> None:
    judged(job, cast, score=0.1, verdict=Verdict.OK)
    judged(job, cast, score=0.9, verdict=Verdict.NG)
    old = Evidence.objects.order_by("id")[0]
    Evidence.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2), drawn="assisted")
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()

    def n(**query: str) -> int:
        return call.manager.get("/jobs/covers/agreement/", **query).json()["n"]

    assert (n(), n(since=yesterday), n(until=yesterday), n(since=yesterday, until=yesterday)) == (2, 1, 1, 0)
    assert (n(drawn="assisted"), n(drawn="unbiased"), n(drawn="blind")) == (1, 1, 0)
    assert (n(model=old.model.digest), n(model=old.model.digest[:8]), n(model="", since="")) == (1, 1, 2)


def test_a_plus_that_became_a_space_is_read_as_a_plus(call: Callers, job: Job) -> None:
    path = "/api/v1/jobs/covers/agreement/?since=2026-01-31T08:00:00+01:00"
    assert call.manager.client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"since": "2026-01-31T08:00:00"}, "invalid"),
        ({"until": "soon"}, "invalid"),
        ({"drawn": "lots"}, "invalid"),
        ({"model": "always"}, "invalid"),
        ({"models": "abcdef"}, "unknown_field"),
    ],
)
def test_a_false_filter_is_refused(call: Callers, job: Job, query: dict[str, Any], expected: str) -> None:
    assert code(call.manager.get("/jobs/covers/agreement/", **query)) == (422, expected)


def test_the_page_takes_four_queries_however_much_there_is(
    call: Callers, job: Job, cast: factories.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for score in (0.1, 0.5, 0.9):
        judged(job, cast, score=score, verdict=Verdict.OK)
    caller = call.manager
    with django_assert_num_queries(4):
        caller.get("/jobs/covers/agreement/")
