from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from inspection.models import Job, Label
from inspection.policy.agreement import Share
from inspection.queries import labels
from inspection.templatetags.figures import as_percent, at_site, counted, number, on_day
from tests import factories

JOB = Job(time_zone="Asia/Ho_Chi_Minh")
MOMENT = datetime(2026, 11, 21, 7, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "share", "moment", "field"),
    [
        ("en", "98.2\u202f% (1\u202f226 of 1\u202f248; 97.3 to 98.8)", "2026-11-21 14:05:06", "12.5"),
        ("vi", "98,2\u202f% (1\u202f226 trong 1\u202f248; 97,3 đến 98,8)", "21/11/2026 14:05:06", "12,5"),
    ],
)
def test_figures_and_days_are_written_as_the_language_has_it(
    language: str, share: str, moment: str, field: str
) -> None:
    with translation.override(language):
        assert counted(Share(k=1226, n=1248)) == share
        assert at_site(MOMENT, JOB) == moment
        assert on_day(MOMENT.date()) == moment.split()[0]
        assert as_percent(0.125) == field
        assert number(1_234_567) == "1\u202f234\u202f567"


@pytest.mark.django_db
def test_a_label_is_called_by_its_name_in_the_language_of_the_reader(cast: factories.Cast) -> None:
    job = factories.job(cast)
    Label.objects.filter(job=job, code="scratch").update(translations={"vi": {"name": "Vết xước"}})
    with translation.override("vi"):
        assert labels.names(job)["scratch"] == "Vết xước"
        assert labels.of_job(job)[0]["name"] == "Vết xước"
        assert labels.names(job)["dent"] == "Dent", "nobody has translated it"
    with translation.override("en"):
        assert labels.names(job)["scratch"] == "Scratch"
