from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspection.models import Evidence, Job
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Two parts that the inspector judged as it then stood, and one that a second inspector and a manager changed."""
    made = factories.job(cast, level=Level.SHADOW)
    for verdict in (Verdict.OK, Verdict.OK):
        factories.item(made, score=0.01)
        factories.answer(factories.claim_one(made, cast.inspector), verdict)
    factories.item(made, score=0.99)
    factories.answer(factories.claim_one(made, cast.inspector), Verdict.OK)
    factories.answer(factories.claim_one(made, cast.inspector2), Verdict.NG, labels=("dent",))
    factories.answer(factories.claim_one(made, cast.manager, adjudication=True), Verdict.NG, labels=("dent",))
    return made


def a_day_later() -> None:
    for row in Evidence.objects.all():
        at = row.at - timedelta(days=1)
        Evidence.objects.filter(pk=row.pk).update(at=at, day=at.date())


def own(person: factories.Person) -> str:
    return browser_of(person).get("/jobs/covers/agreement/own/").content.decode().replace("\u202f", " ")


def test_an_inspector_reads_how_the_own_answers_fared(cast: factories.Cast, job: Job) -> None:
    a_day_later()
    text = own(cast.inspector)
    assert "2 of 3 answers of yours stood: 66.7 %." in text
    # Clopper-Pearson, 1 of 1 and 0 of 2 (statsmodels 0.14, proportion_confint, method beta).
    assert "100.0 % (1 of 1; 2.5 to 100.0)" in text
    assert "0.0 % (0 of 2; 0.0 to 84.2)" in text
    assert "Dent" in text


def test_nobody_reads_the_figures_of_anybody_else(cast: factories.Cast, job: Job) -> None:
    a_day_later()
    assert "Here will be how often your answers stood." in own(cast.inspector2)


def test_of_today_there_is_only_what_cannot_be_taken_back(cast: factories.Cast, job: Job) -> None:
    assert "Here will be how often your answers stood." in own(cast.inspector)
    Evidence.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert "2 of 3 answers of yours stood" in own(cast.inspector)


def test_whoever_leads_the_job_sees_one_person_a_day_later(cast: factories.Cast, job: Job) -> None:
    def page(query: str) -> str:
        return browser_of(cast.manager).get(f"/jobs/covers/agreement/{query}").content.decode()

    assert "By inspector" not in page("")
    assert "Nothing of this kind has been judged yet." in page(f"?inspector={cast.inspector.pk}")
    a_day_later()
    assert "By inspector" in page("")
    assert "In 2 of 3 parts" in page(f"?inspector={cast.inspector.pk}")


def test_what_is_not_settled_tells_nothing(cast: factories.Cast) -> None:
    made = factories.job(cast, level=Level.SHADOW)
    factories.item(made, score=0.99)
    factories.answer(factories.claim_one(made, cast.inspector), Verdict.OK)
    a_day_later()
    assert "Here will be how often your answers stood." in own(cast.inspector)
