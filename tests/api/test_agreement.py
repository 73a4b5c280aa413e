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
KINDS = ("model", "drawn", "inspector", "station", "shift", "day", "lot")
NO_SHARE = {"k": 0, "n": 0, "percent": None, "interval": None}


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW)


def judged(job: Job, cast: factories.Cast, *, score: float, verdict: Verdict) -> None:
    factories.item(job, score=score)
    factories.answer(factories.claim_one(job, cast.inspector), verdict)


def test_nothing_counted_has_no_percentage(call: Callers, job: Job) -> None:
    row = {"OK": 0, "NG": 0, "UNSURE": 0}
    table = {"OK": row, "NG": row, "UNSURE": row}
    body = call.manager.get("/jobs/covers/agreement/").json()
    undefined = ("kappa", "kappa_misleads", "ac1", "alpha")
    shares = ("misses", "overkill", "both_wrong", "unsure_people", "unsure_ai", "pairs")
    parts = ("classes", "sampled", *(f"by_{kind}" for kind in KINDS))
    expected: dict[str, Any] = {**NOTHING, **dict.fromkeys(undefined), **dict.fromkeys(shares, NO_SHARE)}
    expected |= {one: [] for one in parts}
    assert {name: body[name] for name in expected} == expected
    assert (body["matrix"], body["truth"]) == (table, table)
    assert body["help"]["follow_rate"] is None
    assert body["line"] == {"first_pass": NO_SHARE, "automated": NO_SHARE, "overturned": 0, "labels": []}
    assert "No part was called OK by one side and NG by the other" in body["says"][0]


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
    # Clopper-Pearson, 1 of 3: 0.8 to 90.6 % (statsmodels 0.14, proportion_confint, method beta).
    assert [body[name][part] for name in ("misses", "overkill") for part in ("k", "n")] == [1, 1, 1, 3]
    assert body["overkill"]["interval"] == pytest.approx([0.840376, 90.570068], abs=1e-5)
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


def test_a_larger_job_takes_no_more_queries(
    call: Callers, job: Job, cast: factories.Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for score in (0.1, 0.5, 0.9):
        judged(job, cast, score=score, verdict=Verdict.OK)
    caller = call.manager
    with django_assert_max_num_queries(27) as few:
        caller.get("/jobs/covers/agreement/")
    for score in (0.1, 0.5, 0.9, 0.1, 0.9):
        judged(job, cast, score=score, verdict=Verdict.NG)
    with django_assert_max_num_queries(len(few)):
        caller.get("/jobs/covers/agreement/")


def test_whole_days_and_moments_find_the_same(call: Callers, job: Job, cast: factories.Cast) -> None:
    judged(job, cast, score=0.1, verdict=Verdict.OK)
    judged(job, cast, score=0.9, verdict=Verdict.OK)
    today = timezone.now().date()
    days = call.manager.get("/jobs/covers/agreement/", since=today.isoformat(), until=today.isoformat()).json()
    begins = f"{today.isoformat()}T00:00:00Z"
    moments = call.manager.get("/jobs/covers/agreement/", since=begins).json()
    assert (days["n"], days["matrix"], days["by_lot"]) == (moments["n"], moments["matrix"], moments["by_lot"])
    assert call.manager.get("/jobs/covers/agreement/", until="2001-01-01").json()["n"] == 0


@pytest.mark.parametrize("name", ["station", "shift", "lot", "inspector", "label"])
def test_a_segment_is_told_apart(call: Callers, job: Job, cast: factories.Cast, name: str) -> None:
    factories.item(job, score=0.9, station="S1", shift="early", lot="L1")
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG, labels=("dent",))
    factories.item(job, score=0.1, station="S2", shift="late", lot="L2")
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.OK)
    # Of one person whoever leads the job reads from the next day on.
    Evidence.objects.update(day=timezone.now().date() - timedelta(days=1))
    one = {"station": "S1", "shift": "early", "lot": "L1", "inspector": str(cast.inspector.pk), "label": "dent"}[name]
    whole = call.manager.get("/jobs/covers/agreement/").json()
    part = call.manager.get("/jobs/covers/agreement/", **{name: one}).json()
    assert (whole["n"], part["n"], part["matrix"]["NG"]["NG"]) == (2, 1, 1)
    names = {kind: [row["name"] for row in whole[f"by_{kind}"]] for kind in ("station", "shift", "lot", "inspector")}
    assert names == {
        "station": ["S1", "S2"],
        "shift": ["early", "late"],
        "lot": ["L1", "L2"],
        "inspector": ["inspector", "inspector2"],
    }
