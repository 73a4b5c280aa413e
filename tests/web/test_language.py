from __future__ import annotations

import pytest
from django.test import Client

from inspection.models import Person, Refusal
from inspection.refused import Refused
from inspection.web.language import words_mark
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
VIETNAMESE = {"HTTP_ACCEPT_LANGUAGE": "vi-VN,vi;q=0.9,en;q=0.5"}


def language_of_page(browser: Client, address: str = "/log-in/", **headers: str) -> str:
    return browser.get(address, **headers).content.decode().split('<html lang="')[1][:2]  # type: ignore[arg-type]


def of(person: Person, language: str) -> Client:
    Person.objects.filter(pk=person.pk).update(language=language)
    return browser_of(person)


def test_who_is_not_known_yet_is_spoken_to_as_the_browser_asks(db: None) -> None:
    assert language_of_page(Client(), **VIETNAMESE) == "vi"
    assert language_of_page(Client(), HTTP_ACCEPT_LANGUAGE="de") == "en"


def test_the_language_of_a_person_comes_before_that_of_the_browser(cast: factories.Cast) -> None:
    assert language_of_page(of(cast.inspector, "vi"), "/jobs/") == "vi"
    assert language_of_page(of(cast.inspector, "en"), "/jobs/", **VIETNAMESE) == "en"


def test_a_person_without_a_choice_follows_the_browser(cast: factories.Cast) -> None:
    assert language_of_page(of(cast.inspector, ""), "/jobs/", **VIETNAMESE) == "vi"


def test_a_choice_is_kept_with_the_person_and_not_in_a_shared_browser(cast: factories.Cast) -> None:
    browser = browser_of(cast.inspector)
    answer = browser.post("/language/", {"language": "vi", "next": "/jobs/?page=2"})
    assert answer["Location"] == "/jobs/?page=2"
    assert Person.objects.get(pk=cast.inspector.pk).language == "vi"
    browser.logout()
    assert language_of_page(browser) == "en"


def test_the_log_in_page_keeps_a_choice_in_the_browser(db: None) -> None:
    browser = Client()
    browser.post("/language/", {"language": "vi", "next": "/log-in/"})
    assert language_of_page(browser) == "vi"


def test_the_switch_leads_to_no_other_site(db: None) -> None:
    answer = Client().post("/language/", {"language": "vi", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/jobs/"


def test_a_language_that_there_is_not_changes_nothing(cast: factories.Cast) -> None:
    assert browser_of(cast.inspector).post("/language/", {"language": "xx"}).status_code == 404
    assert Person.objects.get(pk=cast.inspector.pk).language == ""


def test_every_answer_says_its_language(cast: factories.Cast) -> None:
    answer = of(cast.inspector, "vi").get("/jobs/")
    assert answer["Content-Language"] == "vi"
    assert "Accept-Language" in answer["Vary"]


def test_scripts_find_their_words_at_an_address_that_changes_with_them(db: None) -> None:
    address = f"/words/vi/{words_mark('vi')}.js"
    answer = Client().get(address)
    assert "immutable" in answer["Cache-Control"]
    assert "gettext" in answer.content.decode()
    assert address in Client().get("/log-in/", **VIETNAMESE).content.decode()  # type: ignore[arg-type]
    assert Client().get("/words/vi/0123456789ab.js").status_code == 404


def test_an_english_page_loads_no_words(db: None) -> None:
    assert "/words/" not in Client().get("/log-in/").content.decode()


def test_a_refusal_that_was_kept_in_english_is_told_in_the_language_of_the_reader(cast: factories.Cast) -> None:
    job = factories.job(cast)
    factories.take_in(job, serial="A-1", data=factories.picture(1))
    with pytest.raises(Refused):
        factories.take_in(job, serial="A-1", data=factories.picture(2))
    with pytest.raises(Refused):
        factories.take_in(job, serial="A-2", data=b"")
    page = of(cast.manager, "vi").get("/jobs/covers/").content.decode()
    assert "Số sê-ri A-1 đã có với ảnh khác" in page
    assert "tệp trống" in page
    assert "is known with another picture; say again=1" in of(cast.manager, "en").get("/jobs/covers/").content.decode()


def test_of_an_older_refusal_at_least_its_code_is_told_in_the_language_of_the_reader(cast: factories.Cast) -> None:
    """Its row holds an English text with figures in it, and no sentence."""
    job = factories.job(cast)
    factories.take_in(job, serial="A-1", data=factories.picture(1))
    with pytest.raises(Refused):
        factories.take_in(job, serial="A-1", data=factories.picture(2))
    Refusal.objects.update(said=None)
    assert "Số sê-ri đã có với ảnh khác." in of(cast.manager, "vi").get("/jobs/covers/").content.decode()
