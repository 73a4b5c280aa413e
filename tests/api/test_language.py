from __future__ import annotations

import pytest

from inspection.models import Label, Person
from inspection.vocabulary import Gate, Level
from tests import factories
from tests.api.conftest import Callers

pytestmark = pytest.mark.django_db
NOT_PROVEN = "Phải chứng minh và ký duyệt Hỗ trợ trước."


@pytest.fixture
def vietnamese(cast: factories.Cast) -> None:
    Person.objects.filter(pk=cast.admin.pk).update(language="vi")


def test_a_problem_is_told_in_the_language_that_a_program_asks_for(cast: factories.Cast, call: Callers) -> None:
    factories.job(cast)
    answer = call.outsider.client.get("/api/v1/jobs/covers/", headers={"Accept-Language": "vi"})
    assert (answer.json()["code"], answer.json()["detail"]) == ("not_found", "Ở đây không có gì dành cho bạn.")
    assert answer["Content-Language"] == "vi"


def test_the_language_of_the_account_comes_first(cast: factories.Cast, call: Callers, vietnamese: None) -> None:
    factories.job(cast, level=Level.SHADOW, gate=Gate.ENFORCED)
    answer = call.admin.post("/jobs/covers/level/", {"level": "assistance", "reason": "trial"})
    problem = answer.json()
    assert (problem["code"], problem["detail"]) == ("not_proven", NOT_PROVEN)
    assert problem["criteria"][0] == "AI sai dưới giới hạn trên dữ liệu đánh giá mù, với độ tin cậy quy định"
    assert answer["Content-Language"] == "vi"


def test_a_label_bears_its_name_in_the_language_of_the_caller(
    cast: factories.Cast, call: Callers, vietnamese: None
) -> None:
    job = factories.job(cast)
    Label.objects.filter(job=job, code="scratch").update(translations={"vi": {"name": "Vết xước"}})
    assert call.admin.get("/jobs/covers/").json()["labels"][0]["name"] == "Vết xước"
    assert call.inspector.get("/jobs/covers/").json()["labels"][0]["name"] == "Scratch"
