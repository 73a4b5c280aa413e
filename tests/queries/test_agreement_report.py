from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from inspection.models import EvidenceCell, Job, PairCell
from inspection.policy.agreement import Share
from inspection.queries.agreement import Wanted
from inspection.queries.agreement_cells import Counts
from inspection.queries.agreement_line import Told, yields
from inspection.queries.agreement_report import Report, report, with_days
from inspection.vocabulary import Drawn, Level, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

OK, NG, UNSURE = Verdict.OK, Verdict.NG, Verdict.UNSURE
DAY = date(2026, 3, 2)


@pytest.fixture
def job(cast: factories.Cast) -> Job:
    made = factories.job(cast, level=Level.SHADOW)
    factories.champion(made, factories.bundle(made))
    return made


def there_is(job: Job, n: int, *, ai: str, person: str = "", reference: str = "", **more: Any) -> None:
    """So many alike pieces of evidence, as the counts keep them."""
    columns: dict[str, Any] = {
        "day": DAY,
        "drawn": Drawn.BLIND,
        "hint_shown": False,
        "probability": 0.1,
        "person": None,
        "final_verdict": person,
        "settled_by": "agreement" if reference else "",
    }
    EvidenceCell.objects.create(
        job=job,
        key=uuid.uuid4().hex,
        model=job.models.get(),
        opinion=ai,
        verdict=person,
        reference=reference,
        n=n,
        **(columns | more),
    )


def made(job: Job, **wanted: Any) -> Report:
    return report(Counts(job), job, Wanted(**wanted), now=timezone.now())


def test_audits_at_different_rates_are_weighed_by_their_draw(job: Job) -> None:
    audit = {"drawn": Drawn.AUDIT_RANDOM}
    there_is(job, 40, ai=OK, reference=OK, probability=0.2, **audit)
    there_is(job, 2, ai=OK, reference=NG, probability=0.2, **audit)
    there_is(job, 100, ai=OK, reference=OK, probability=0.05, **audit)
    [one] = made(job).sampled
    # 42 / 0.2 + 100 / 0.05 = 2210 parts; 2 / 0.2 = 10 of them escapes.
    assert (one.escapes, one.lowest, one.highest) == (Share(k=2, n=142), 0.05, 0.2)
    assert one.stands_for == pytest.approx(2210)
    assert one.escape_rate == pytest.approx(10 / 2210)


def test_what_was_not_drawn_by_chance_stands_for_nothing(job: Job) -> None:
    there_is(job, 9, ai=NG, reference=NG, drawn=Drawn.ROUTED, probability=1.0)
    assert made(job).sampled == []


def test_misses_are_counted_by_class_and_overkill_by_what_was_blamed(job: Job) -> None:
    there_is(job, 3, ai=OK, person=NG, reference=NG, labels="dent scratch")
    there_is(job, 5, ai=NG, person=NG, reference=NG, labels="dent", blamed="dent")
    there_is(job, 2, ai=NG, person=OK, reference=OK, blamed="scratch")
    there_is(job, 8, ai=OK, person=OK, reference=OK)
    found = made(job)
    assert found.missed_by_class == {"dent": Share(k=3, n=8), "scratch": Share(k=3, n=3)}
    assert found.overkill_by_class == {"scratch": Share(k=2, n=10)}


def test_lost_open_and_undecidable_rows_are_told_apart(job: Job) -> None:
    there_is(job, 4, ai=OK)
    there_is(job, 3, ai=OK, person=NG)
    there_is(job, 2, ai=OK, person=UNSURE, reference=UNSURE)
    there_is(job, 1, ai=OK, person=OK, reference=OK)
    found = made(job)
    counts = found.open
    assert (counts.drawn, counts.lost, counts.unresolved, counts.undecidable) == (10, 4, 3, 2)
    assert found.whole.matrix.n == 6
    assert found.unsure_people == Share(k=2, n=6)


def test_both_were_wrong_where_a_second_look_said_otherwise(job: Job) -> None:
    there_is(job, 1, ai=OK, person=OK, reference=NG, settled_by="adjudicator")
    there_is(job, 19, ai=OK, person=OK, reference=OK, settled_by="second_look")
    there_is(job, 500, ai=OK, person=OK, reference=OK)
    there_is(job, 7, ai=OK, person=NG, reference=NG, settled_by="second_look")
    assert made(job).both_wrong == Share(k=1, n=20)


def test_the_three_accuracies_and_the_follow_rate(job: Job) -> None:
    there_is(job, 80, ai=OK, person=OK, reference=OK)
    there_is(job, 20, ai=OK, person=NG, reference=NG)
    helped = {"drawn": Drawn.ASSISTED}
    there_is(job, 85, ai=OK, person=OK, **helped)
    there_is(job, 9, ai=OK, person=NG, reference=NG, **{**helped, "final_verdict": OK})
    there_is(job, 6, ai=OK, person=NG, reference=NG, **helped)
    found = made(job).help
    assert (found.unaided, found.aided, found.misled) == (Share(k=100, n=100), Share(k=6, n=15), Share(k=6, n=15))
    assert (found.with_hint, found.without, found.changed) == (Share(k=94, n=100), Share(k=80, n=100), Share(k=9, n=15))
    # (0.94 - 0.80) / (1 - 0.80)
    assert found.follow == pytest.approx(0.7)


def test_who_was_unsure_is_neither_right_nor_wrong(job: Job) -> None:
    """All of them are looked at again, of the others a tenth: with the hint people would seem to be wrong mostly."""
    there_is(job, 9, ai=OK, person=OK, reference=OK)
    there_is(job, 1, ai=OK, person=UNSURE, reference=OK)
    there_is(job, 9, ai=OK, person=OK, reference=OK, drawn=Drawn.ASSISTED)
    there_is(job, 5, ai=NG, person=OK, reference=OK, drawn=Drawn.ASSISTED, final_verdict=UNSURE)
    found = made(job).help
    assert (found.unaided, found.aided, found.misled) == (Share(k=9, n=9), Share(k=9, n=9), Share(k=0, n=0))


def test_people_among_themselves_have_alpha_and_a_ceiling(job: Job) -> None:
    for first, second, n in ((OK, OK, 90), (NG, NG, 8), (OK, NG, 1), (NG, OK, 1)):
        PairCell.objects.create(job=job, key=uuid.uuid4().hex, day=DAY, first=first, second=second, n=n)
    found = made(job)
    # Two values, 182 and 18 among 200: 1 - 199 * 4 / (2 * 182 * 18).
    assert found.alpha == pytest.approx(1 - 199 * 4 / (2 * 182 * 18))
    assert found.pairs == Share(k=98, n=100)
    assert found.ceiling.error == pytest.approx((1 - (2 * 0.98 - 1) ** 0.5) / 2)


def test_nothing_counted_is_undefined_and_not_nought(job: Job) -> None:
    found = made(job)
    assert (found.whole.kappa, found.ac1, found.alpha, found.help.follow, found.ceiling.error) == (None,) * 5
    assert found.whole.agree.value is None


def test_without_a_word_on_days_a_report_is_about_the_last_thirty(job: Job) -> None:
    there_is(job, 1, ai=OK, person=OK)
    there_is(job, 1, ai=OK, person=OK, day=DAY - timedelta(days=29))
    there_is(job, 1, ai=OK, person=OK, day=DAY - timedelta(days=30))
    counts = Counts(job)
    wanted = with_days(Wanted(), counts)
    assert (wanted.first_day, wanted.last_day) == (DAY - timedelta(days=29), DAY)
    assert report(counts, job, wanted, now=timezone.now()).whole.agree == Share(k=2, n=2)


def test_yields_are_of_parts_that_came_for_the_first_time() -> None:
    line = Counter(
        {
            (DAY, True, "ai", "OK", ""): 90,
            (DAY, True, "person", "NG", "dent scratch"): 8,
            (DAY, True, "person", "UNSURE", ""): 2,
            (DAY, False, "person", "OK", ""): 5,
            (DAY, False, "person", "NG", "dent"): 1,
        }
    )
    found = yields(line, Told(parts=104, by_ai=90, overturned=3))
    assert (found.first_pass, found.automated, found.overturned) == (Share(k=90, n=100), Share(k=90, n=104), 3)
    assert found.labels == [("dent", 9), ("scratch", 8)]
    assert found.by_day == [(DAY, Share(k=9, n=106))]


def test_draws_are_told_in_the_order_of_the_ladder(job: Job) -> None:
    for way in (Drawn.AUDIT_RANDOM, Drawn.BLIND, Drawn.SHADOW):
        there_is(job, 1, ai=OK, person=OK, reference=OK, drawn=way)
    assert [one.drawn for one in made(job).sampled] == [Drawn.SHADOW, Drawn.BLIND, Drawn.AUDIT_RANDOM]
