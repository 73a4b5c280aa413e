from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.models import Evidence, Job, Person
from inspection.vocabulary import Level, Verdict
from inspection.web import agreement_charts
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    """Four parts that the AI passes; people reject the last one."""
    made = factories.job(cast, level=Level.SHADOW)
    for number, verdict in enumerate((Verdict.OK, Verdict.OK, Verdict.OK, Verdict.NG)):
        factories.item(made, score=0.01, lot=f"L{number // 2}")
        factories.answer(factories.claim_one(made, cast.inspector), verdict)
    return made


def page(cast: factories.Cast, query: str = "", *, where: str = "agreement/") -> str:
    return browser_of(cast.manager).get(f"/jobs/covers/{where}{query}").content.decode().replace("\u202f", " ")


def test_the_page_gives_the_number_in_a_sentence_with_its_interval(cast: factories.Cast, job: Job) -> None:
    text = page(cast)
    # Wilson, 3 of 4: 30.1 to 95.4 % (statsmodels 0.14, proportion_confint).
    assert "In 3 of 4 parts the AI and the person said the same: 75.0 %" in text
    assert "between 30.1 and 95.4" in text
    # Clopper-Pearson, 1 of 1: 0.05/2 = 2.5 %.
    assert "100.0 % (1 of 1; 2.5 to 100.0)" in text


def test_every_way_of_drawing_is_listed_with_what_it_proves(cast: factories.Cast, job: Job) -> None:
    text = page(cast)
    for words in ("blind share", "random audit", "audit picked by risk", "seeded known part", "handed over"):
        assert words in text
    assert text.count("may prove") == 3


def test_biased_evidence_is_marked_as_no_proof(cast: factories.Cast, job: Job) -> None:
    assert "<strong>No proof:</strong>" not in page(cast)
    assert "<strong>No proof:</strong> hint shown is not drawn by chance" in page(cast, "?drawn=assisted")


def test_who_had_read_the_ai_elsewhere_proves_nothing(cast: factories.Cast, job: Job) -> None:
    item = factories.item(job, score=0.01)
    browser_of(cast.manager).get(f"/items/{item.pk}/")
    # Such a person is asked only when nobody else is left.
    Person.objects.exclude(pk=cast.manager.pk).update(is_active=False)
    [held] = [held for held in factories.claim(job, cast.manager, hold=9) if held.review.item_id == item.pk]
    factories.answer(held, Verdict.OK)
    assert Evidence.objects.filter(hint_shown=True).count() == 1
    assert "In 3 of 4 parts" in page(cast)


def test_the_filter_stands_in_the_address(cast: factories.Cast, job: Job) -> None:
    text = page(cast, "?since=2001-01-01&until=2001-01-02")
    assert "Nothing of this kind has been judged yet." in text or "Here will be how often" in text
    assert 'value="2001-01-01"' in text


def test_a_day_that_is_none_is_said_and_left_out(cast: factories.Cast, job: Job) -> None:
    text = page(cast, "?since=yesterday")
    assert "“yesterday” is no day; it was left out of the filter." in text
    assert "In 3 of 4 parts" in text


def test_the_plot_has_the_same_numbers_as_its_table(
    cast: factories.Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_charts, "WORTH_A_POINT", 2)
    text = page(cast)
    assert "<title>L1: 1 of 2</title>" in text
    assert "1 of 2; 9.5 to 90.5" in text
    assert "differ, %" in text


def test_lots_of_a_few_parts_stand_together_with_their_neighbours(
    cast: factories.Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        factories.item(job, score=0.01, lot=f"M{number}")
        factories.answer(factories.claim_one(job, cast.inspector))
    monkeypatch.setattr(agreement_charts, "WORTH_A_POINT", 4)
    assert "differ, %" not in page(cast), "one point is no chart"
    monkeypatch.setattr(agreement_charts, "WORTH_A_POINT", 2)
    text = page(cast)
    assert [f"<title>{lots}</title>" in text for lots in ("L1: 1 of 2", "M0 – M1: 0 of 2")] == [True, True]
    assert ">M0</text>" in text, "the first one names them below the axis"


def test_an_empty_page_says_what_will_be_here(cast: factories.Cast) -> None:
    factories.job(cast, slug="lids")
    text = browser_of(cast.manager).get("/jobs/lids/agreement/").content.decode()
    assert "Here will be how often the AI and people say the same." in text


def test_more_evidence_takes_no_more_queries(cast: factories.Cast, job: Job) -> None:
    page(cast)
    with CaptureQueriesContext(connection) as few:
        page(cast)
    for number in range(4):
        factories.item(job, score=0.01, lot=f"M{number}")
        factories.answer(factories.claim_one(job, cast.inspector))
    with CaptureQueriesContext(connection) as many:
        page(cast)
    assert len(many) <= len(few)


def test_the_pages_of_the_job_and_of_agreement_tell_the_same_decisions_of_the_ai(cast: factories.Cast) -> None:
    covers = factories.job(cast, level=Level.FULL)
    for audit in (False, True):
        factories.item(covers, score=0.02, audit=audit)
    for who in (cast.inspector, cast.inspector2):
        factories.answer(factories.claim_one(covers, who), Verdict.NG, labels=("scratch",))
    today = timezone.now().date()
    report, board = page(cast, f"?since={today}&until={today}"), page(cast, where="")
    assert re.search(r"parts decided</dt><dd>100.0 % \(2 of 2; [^<]+<br>of which overturned later: 1</dd>", report)
    assert '<dt>of them by AI</dt><dd>2 <small class="muted">of which overturned later: 1</small>' in board
    assert all("A part is decided with its first OK or NG, and once" in text for text in (report, board))


def test_where_a_figure_of_the_hint_is_missing_the_page_says_which_share_brings_it(
    cast: factories.Cast, job: Job
) -> None:
    assert "nobody looks at such parts again. Set" in page(cast)
    Job.objects.update(recheck_share=0.1, blind_share=0.2)
    text = page(cast)
    assert "At 10 % looked at again it takes about 300 of them for 30." in text.replace("\u00a0", " ")
    assert "At the present blind share of 20 % it takes about 150 parts for 30 blind ones." in text.replace(
        "\u00a0", " "
    )
