from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.describe_label import describe_label
from inspection.models import Job, Label, Person, Sample
from inspection.vocabulary import Language, SampleKind
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/jobs/covers/book/"


def text_of(browser: Client, address: str = ADDRESS) -> str:
    return browser.get(address).content.decode()


def sample(job: Job, by: Person, kind: SampleKind = SampleKind.GOLDEN, **said: Any) -> Sample:
    new = NewSample(kind, **said)
    return add_sample(job=job, new=new, shown=factories.picture(5, size=900), by=by, now=timezone.now())


def post(browser: Client, path: str, **said: Any) -> str:
    return browser.post(f"{ADDRESS}{path}", said, follow=True).content.decode()


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", factories.picture(6))


def test_an_empty_book_says_to_each_what_to_do(cast: factories.Cast, job: Job) -> None:
    manager, inspector = text_of(browser_of(cast.manager)), text_of(browser_of(cast.inspector))
    assert "Here will be the golden sample" in manager
    assert "Say it below, in the words of the shop floor." in manager
    assert "Ask your quality manager." in inspector
    assert "<form" not in inspector.partition("<main")[2]


def test_every_label_stands_with_its_words_and_pictures(cast: factories.Cast, job: Job) -> None:
    describe_label(job=job, code="dent", definition="A finger feels it.")
    made = sample(job, cast.manager, SampleKind.LIMIT_NG, label="dent", words="seen from the side")
    text = text_of(browser_of(cast.inspector))
    dent = text.partition('id="label-dent"')[2]
    assert "A finger feels it." in dent
    assert "Must never pass" in dent
    assert f'src="/jobs/covers/book/samples/{made.pk}/"' in dent
    assert "Not good enough: seen from the side" in dent
    assert "Minor: it looks worse and works all the same" in text.partition('id="label-dent"')[0]


def test_the_book_speaks_the_language_of_the_reader(cast: factories.Cast, job: Job) -> None:
    describe_label(job=job, code="dent", translations={"vi": {"name": "Móp", "definition": "Sờ thấy được."}})
    cast.inspector.language = Language.VIETNAMESE
    cast.inspector.save()
    text = text_of(browser_of(cast.inspector))
    assert "Sờ thấy được." in text
    assert '<h2 id="name-dent">Móp</h2>' in text


def test_a_picture_comes_at_the_size_of_the_page(cast: factories.Cast, job: Job) -> None:
    made = sample(job, cast.manager)
    answer = browser_of(cast.inspector).get(f"{ADDRESS}samples/{made.pk}/")
    assert Image.open(io.BytesIO(answer.content)).size == (720, 720)
    assert answer["Cache-Control"] == "private, max-age=86400"


def test_a_manager_adds_a_picture_by_file_or_by_serial(cast: factories.Cast, job: Job) -> None:
    browser = browser_of(cast.manager)
    factories.item(job, score=0.5, serial="P-7")
    assert "still to be judged" in post(browser, "add/", kind="golden", serial="P-7")
    assert "stands in the label book now" in post(browser, "add/", kind="limit_ok", label="dent", picture=file())
    assert [(row.kind, row.label) for row in Sample.objects.all()] == [("limit_ok", Label.objects.get(code="dent"))]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kind": "golden"}, "one of the two"),
        ({"kind": "golden", "serial": "nobody"}, "no such part"),
        ({"kind": "golden", "serial": "\x00"}, "no such part"),
        ({"kind": "silver", "serial": "x"}, "which kind of picture"),
        ({"kind": "limit_ok", "label": "\x00", "serial": "x"}, "no such"),
    ],
)
def test_a_form_that_makes_no_sense_is_explained(
    cast: factories.Cast, job: Job, said: dict[str, str], told: str
) -> None:
    text = post(browser_of(cast.manager), "add/", **said)
    assert told in text
    assert "Nothing was changed." in text


def test_a_picture_taken_out_is_gone(cast: factories.Cast, job: Job) -> None:
    made, browser = sample(job, cast.manager), browser_of(cast.manager)
    assert "was taken out" in post(browser, f"samples/{made.pk}/retire/")
    assert browser.get(f"{ADDRESS}samples/{made.pk}/").status_code == 404
    assert browser.post(f"{ADDRESS}samples/{made.pk}/retire/").status_code == 404


def test_a_manager_writes_what_counts_in_each_language(cast: factories.Cast, job: Job) -> None:
    said = {"name": "Dent", "definition": "A finger feels it.", "name-vi": "Móp", "definition-vi": "Sờ thấy được."}
    assert "The words are in force." in post(browser_of(cast.manager), "labels/dent/", **said)
    label = Label.objects.get(code="dent")
    assert (label.definition, label.translations) == (
        "A finger feels it.",
        {"vi": {"name": "Móp", "definition": "Sờ thấy được."}},
    )


def test_a_part_leads_here_with_its_serial_filled_in(cast: factories.Cast, job: Job) -> None:
    address = f"{ADDRESS}?serial=P-7"
    assert text_of(browser_of(cast.manager), address).count('value="P-7"') == 3
    assert "P-7" not in text_of(browser_of(cast.inspector), address).partition("<main")[2]


def test_the_number_of_queries_does_not_grow_with_the_book(
    cast: factories.Cast, job: Job, django_assert_num_queries: Any
) -> None:
    browser = browser_of(cast.inspector)
    text_of(browser)
    with django_assert_num_queries(5):
        text_of(browser)
    for kind in (SampleKind.LIMIT_OK, SampleKind.LIMIT_NG):
        sample(job, cast.manager, kind, label="dent")
        sample(job, cast.manager, kind, label="scratch")
    with django_assert_num_queries(5):
        text_of(browser)
