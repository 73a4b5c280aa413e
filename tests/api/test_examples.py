"""The known examples that a hint compares with, as the page gets them."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from inspection.api.pictures import EXAMPLE_PIXELS
from inspection.models import Item, Job
from inspection.vocabulary import HintMode, Level, Verdict
from tests import factories
from tests.api.conftest import Caller, Callers, code

pytestmark = pytest.mark.django_db
POLICY = replace(factories.POLICY, blind_share=0.01, double_share=0.0)


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.ASSISTANCE, policy=POLICY)


@pytest.fixture
def example(job: Job, cast: factories.Cast) -> Item:
    made = factories.item(job, data=factories.picture(7, size=(1200, 600)))
    factories.answer(factories.claim_one(job, cast.inspector2), Verdict.NG)
    return made


def alike(job: Job, example: Item, **more: Any) -> Item:
    """A part that the AI finds like the example."""
    part = factories.item(job, score=0.5, **more)
    row = {"key": example.picture.digest, "label": "dent", "target": 1.0, "similarity": 0.97}
    part.predictions.update(nearest=[row])
    return part


def take(caller: Caller) -> dict[str, Any]:
    [held] = caller.post("/jobs/covers/reviews/next/").json()["reviews"]
    return dict(held)


def commit(caller: Caller, held: dict[str, Any]) -> Any:
    body = {"lease": held["lease"], "client_key": uuid.uuid4().hex, "verdict": "OK"}
    return caller.post(f"/reviews/{held['id']}/commit/", body).json()["hint"]


def place(held: dict[str, Any], number: int = 1) -> str:
    return f"/reviews/{held['id']}/nearest/{number}/picture/"


def test_a_hint_leads_to_a_small_picture_of_each_example(call: Callers, job: Job, example: Item) -> None:
    alike(job, example)
    caller = call.inspector
    held = take(caller)
    assert commit(caller, held)["nearest"] == [
        {
            "verdict": "NG",
            "label": "dent",
            "words": "a known case of Dent",
            "similarity": 0.97,
            "picture": "/api/v1" + place(held),
            "example": example.picture.digest,
        }
    ]
    response = caller.get(place(held))
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/jpeg", "private, max-age=300")
    assert Image.open(io.BytesIO(response.content)).size == (EXAMPLE_PIXELS, EXAMPLE_PIXELS // 2)
    assert code(caller.get(place(held, 2))) == (404, "not_found")


def test_before_the_own_answer_there_is_no_example(call: Callers, job: Job, example: Item) -> None:
    alike(job, example)
    caller = call.inspector
    held = take(caller)
    assert (held["hint"], code(caller.get(place(held)))) == (None, (404, "not_found"))


def test_a_blind_part_has_nothing_of_it_before_or_after(call: Callers, job: Job, example: Item) -> None:
    job.blind_share = 0.5
    job.save()
    alike(job, example, blind=True)
    caller = call.inspector
    held = take(caller)
    assert (held["hint"], commit(caller, held)) == (None, None)
    assert code(caller.get(place(held))) == (404, "not_found")


def test_with_a_concurrent_hint_it_is_there_at_once(call: Callers, job: Job, example: Item) -> None:
    job.hint_mode = HintMode.CONCURRENT
    job.save()
    alike(job, example)
    held = take(call.inspector)
    assert held["hint"]["words"].endswith(" Most like a known case of Dent.")
    assert call.inspector.get(place(held)).status_code == 200


def test_it_is_there_for_nobody_else(call: Callers, job: Job, example: Item) -> None:
    alike(job, example)
    caller = call.inspector
    held = take(caller)
    commit(caller, held)
    for other in (call.inspector2, call.manager, call.admin, call.service, call.outsider):
        assert code(other.get(place(held))) == (404, "not_found")
    assert caller.get(place(held)).status_code == 200


def test_who_gave_the_part_back_has_to_see_the_hint_again(call: Callers, job: Job, example: Item) -> None:
    alike(job, example)
    caller = call.inspector
    held = take(caller)
    commit(caller, held)
    assert caller.post(f"/reviews/{held['id']}/give-back/", {"lease": held["lease"]}).status_code == 204
    assert code(caller.get(place(held))) == (404, "not_found")


def test_a_picture_that_is_gone_from_the_store_is_said_to_be(call: Callers, job: Job, example: Item) -> None:
    alike(job, example)
    caller = call.inspector
    held = take(caller)
    commit(caller, held)
    example.picture.name = "gone.png"
    example.picture.save()
    response = caller.get(place(held))
    assert (code(response), response.json()["detail"]) == (
        (404, "not_found"),
        "The picture is missing in the store.",
    )
