from __future__ import annotations

import io

import pytest
from PIL import Image

from inspection.models import Exposure, Job
from inspection.vocabulary import Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_a_manager_reads_the_whole_history_of_a_part(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    held = factories.claim_one(job, cast.inspector)
    factories.commit(held, Verdict.NG)
    factories.answer(held, Verdict.NG, labels=("dent",))
    text = browser_of(cast.manager).get(f"/items/{item.pk}/").content.decode()
    for words in (
        "Taken in through REST.",
        "The AI gave 0.500 for NG:",
        "Sent to a person: the AI is not sure.",
        "Handed to inspector (first look); ended: answered.",
        "inspector judged:",
        "Decided by inspector, in force:",
        "First answer, before the hint",
    ):
        assert words in text


def test_a_simulated_inspector_is_marked_in_the_history(cast: factories.Cast, job: Job) -> None:
    cast.inspector.simulated = True
    cast.inspector.save()
    item = factories.item(job, score=0.5)
    factories.answer(factories.claim_one(job, cast.inspector))
    text = browser_of(cast.manager).get(f"/items/{item.pk}/").content.decode()
    assert "inspector (simulated) judged:" in text


def test_whoever_reads_what_the_ai_said_is_noted(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    browser_of(cast.manager).get(f"/items/{item.pk}/")
    assert Exposure.objects.filter(item=item, person=cast.manager).exists()


def test_an_inspector_opens_a_part_only_once_the_own_verdict_stands(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    browser = browser_of(cast.inspector)
    assert browser.get(f"/items/{item.pk}/").status_code == 403
    factories.answer(factories.claim_one(job, cast.inspector), Verdict.NG)
    assert browser.get(f"/items/{item.pk}/").status_code == 403
    factories.let_stand()
    text = browser.get(f"/items/{item.pk}/").content.decode()
    assert "You judged:" in text
    assert "Everything that happened to it" not in text


def test_a_machine_reads_the_decision_and_not_the_opinion(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    text = browser_of(cast.service).get(f"/items/{item.pk}/").content.decode()
    assert "None yet" in text
    assert "0.500" not in text


def test_where_the_ai_looked_is_for_those_who_may_see_its_opinion(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5, spot=(6, 3))
    factories.answer(factories.claim_one(job, cast.inspector))
    factories.let_stand()
    shown = [
        browser_of(person).get(f"/items/{item.pk}/").content.decode()
        for person in (cast.manager, cast.inspector, cast.service)
    ]
    assert [text.count("data-heatmap") for text in shown] == [1, 1, 0]
    assert ["It looked about the bottom." in text for text in shown] == [True, True, False]


def test_a_model_without_a_heatmap_leaves_the_picture_alone(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5)
    text = browser_of(cast.manager).get(f"/items/{item.pk}/").content.decode()
    assert "Where the AI looked" not in text
    assert "item.js" not in text


def test_a_thumbnail_is_small_and_a_picture_is_whole(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.5, data=factories.picture(3, size=400))
    browser = browser_of(cast.manager)
    small = browser.get(f"/items/{item.pk}/thumbnail/")
    whole = browser.get(f"/items/{item.pk}/picture/")
    assert Image.open(io.BytesIO(small.content)).size == (160, 160)
    assert Image.open(io.BytesIO(b"".join(whole.streaming_content))).size == (400, 400)  # type: ignore[attr-defined]
