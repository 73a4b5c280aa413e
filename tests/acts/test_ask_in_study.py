from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from inference import predictors
from inference.contract import Answer, Picture
from inspection import walk
from inspection.acts.ask_in_study import claim_turns, give_up_on_the_ai
from inspection.models import Job, Study, StudyReading, StudyTurn
from inspection.policy.study_words import NEVER_CAME_BACK
from inspection.queries import studies
from inspection.queries.study_report import study_report
from inspection.vocabulary import StudyState, Verdict
from tests import factories, first_pixel, study
from tests.stage import results, together
from tests.study import NG, OK
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
KIND, KILLS = "deadly", 240


class Deadly(first_pixel.FirstPixel):
    """Ends its process on one picture, as a fault in a library's C code does: nothing of ours catches that."""

    def judge(self, pictures: Sequence[Picture]) -> list[Answer]:
        if any(int(picture.pixels[0, 0][0]) == KILLS for picture in pictures):
            raise SystemExit(139)
        return super().judge(pictures)


@pytest.fixture
def covers(cast: factories.Cast, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setitem(predictors.KINDS, KIND, f"{__name__}.Deadly")
    job = factories.job(cast)
    factories.champion(job, factories.bundle_of_kind(job, KIND))
    return job


@pytest.fixture
def made(covers: Job, cast: factories.Cast) -> Study:
    """Part 3 kills whoever asks the AI about it."""
    items = []
    for red, verdict in ((1, OK), (2, OK), (KILLS, OK), (3, OK), (95, NG)):
        items.append(first_pixel.part(covers, red=red))
        factories.answer(factories.claim_one(covers, cast.inspector), verdict)
    return study.running(covers, cast, parts=items, vouched=True, appraisers=("inspector",), ai=True)


def worked(made: Study) -> tuple[int, int]:
    """Workers and the sweeper until nothing is left to ask: how many workers died, and how many rounds it took."""
    died = rounds = 0
    while studies.with_the_ai().exists() and rounds < 50:
        rounds += 1
        try:
            kept = walk.read_study(made.pk)
        except SystemExit:
            died, kept = died + 1, 1
        if not kept:
            # Nobody comes back from what was claimed: later a sweeper looks.
            StudyTurn.objects.exclude(claim=None).update(claimed_until=timezone.now() - timedelta(seconds=1))
            walk.sweep(timezone.now())
    return died, rounds


def readings(part: int) -> list[tuple[Any, ...]]:
    rows = StudyReading.objects.filter(turn__part__number=part, appraiser__person=None).order_by("turn__trial")
    return list(rows.values_list("verdict", "score", "fault"))


def test_a_picture_that_kills_its_worker_is_given_up_and_the_study_goes_on(made: Study) -> None:
    died, rounds = worked(made)
    assert (died, rounds < 50) == (settings.PREDICT_ATTEMPTS, True)
    assert readings(3) == [(Verdict.UNSURE, None, NEVER_CAME_BACK)] * 2
    assert [readings(number)[0][:2] for number in (1, 2, 4, 5)] == [(OK, 0.01), (OK, 0.02), (OK, 0.03), (NG, 0.95)]
    assert walk.sweep(timezone.now())["studies"] == 0


def test_the_study_then_closes_without_gaps_and_says_what_happened(made: Study, cast: factories.Cast) -> None:
    worked(made)
    study.read(made, cast.inspector, study.right)
    found = study_report(study.close(made, cast.manager))
    assert (found.gaps, made.state) == (0, StudyState.CLOSED)
    assert [(one.words, one.parts, one.readings) for one in found.faults] == [(NEVER_CAME_BACK, (3,), 2)]


def test_the_neighbours_of_such_a_picture_keep_their_attempts(made: Study) -> None:
    with pytest.raises(SystemExit):
        walk.read_study(made.pk)
    assert set(StudyTurn.objects.filter(trial=1, appraiser__person=None).values_list("attempts", flat=True)) == {1}
    worked(made)
    tried = StudyTurn.objects.filter(trial=1, appraiser__person=None).exclude(part__number=3)
    assert set(tried.values_list("attempts", flat=True)) == {2}


def test_what_one_worker_asks_about_no_other_one_does(made: Study) -> None:
    now = timezone.now()
    first = claim_turns(study=made, now=now)
    assert (len(first), claim_turns(study=made, now=now)) == (5, [])
    later = now + timedelta(seconds=settings.PREDICT_CLAIM_SECONDS + 1)
    assert [turn.pk for turn in claim_turns(study=made, now=later)] == [first[0].pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_come_at_once_share_the_turns(made: Study) -> None:
    now = timezone.now()
    taken = results(together([lambda: claim_turns(study=made, now=now)] * 4))
    assert sorted(map(len, taken)) == [0, 0, 0, 5]
    assert set(StudyTurn.objects.filter(trial=1, appraiser__person=None).values_list("attempts", flat=True)) == {1}


def test_nothing_is_given_up_while_the_last_worker_may_still_come_back(made: Study) -> None:
    now = timezone.now()
    StudyTurn.objects.update(attempts=settings.PREDICT_ATTEMPTS, claimed_until=now)
    assert give_up_on_the_ai(now=now) == 0
    assert claim_turns(study=made, now=now + timedelta(seconds=1)) == []
    assert give_up_on_the_ai(now=now + timedelta(seconds=1)) == 10


def test_of_a_study_that_is_over_nothing_is_given_up(made: Study, cast: factories.Cast) -> None:
    study.read(made, cast.inspector, study.right)
    study.close(made, cast.manager, reason="enough")
    StudyTurn.objects.update(attempts=settings.PREDICT_ATTEMPTS)
    assert give_up_on_the_ai(now=timezone.now()) == 0


def test_people_are_never_given_up(covers: Job, made: Study) -> None:
    StudyTurn.objects.exclude(appraiser__person=None).update(attempts=settings.PREDICT_ATTEMPTS)
    assert give_up_on_the_ai(now=timezone.now()) == 0


def test_the_report_says_in_words_why_the_ai_has_no_answer(made: Study, cast: factories.Cast) -> None:
    worked(made)
    study.read(made, cast.inspector, study.right)
    study.close(made, cast.manager)
    page = browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/").content.decode()
    assert f"No. 3: 2 readings of the AI have no score and count as UNSURE. Reason: {NEVER_CAME_BACK}" in page
    body = browser_of(cast.manager).get(f"/api/v1/studies/{made.pk}/report/").json()
    assert body["faults"] == [{"reason": NEVER_CAME_BACK, "parts": [3], "readings": 2}]
