from __future__ import annotations

import pytest

from inspection.models import Review
from inspection.vocabulary import Level, Look
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db


def test_a_manager_opens_a_part_again_and_nobody_is_told_why(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    item = factories.item(job, score=0.05)
    address = f"/items/{item.pk}/reopen/"
    answer = call.manager.post(address, {"reason": "a customer found a scratch"})
    asked = Review.objects.get(look=Look.REOPENED)
    assert (answer.status_code, answer.json()) == (201, {"item": str(item.pk), "at": asked.created_at.isoformat()})
    [held] = call.inspector.post("/jobs/covers/reviews/next/").json()["reviews"]
    assert (held["id"], held["hint"], held["commit_first"]) == (str(asked.pk), None, True)
    assert "scratch" not in str({**held, "labels": []})
    rows = call.manager.get(f"/items/{item.pk}/history/").json()["results"]
    [row] = [row for row in rows if row["kind"] == "reopen"]
    assert (row["reason"], row["by"]) == ("a customer found a scratch (manager)", None)
    assert code(call.manager.post(address, {"reason": "again"})) == (409, "asked_already")
    assert code(call.manager.post(address, {"reason": " "})) == (422, "reason_missing")
    assert code(call.manager.post(address)) == (422, "invalid")
