from __future__ import annotations

import pytest

from inspection.models import BarsChange, Job
from inspection.policy.bars import LIMITS
from inspection.vocabulary import Gate, Level, Verdict
from inspection.web.bars import NAMES
from tests import factories
from tests.climbs import agreed, climbing_job
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/jobs/covers/bars/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW, gate=Gate.ENFORCED)


def put(person: factories.Person, **said: str) -> str:
    answer = browser_of(person).post(PAGE, {"reason": "trial", **said}, follow=True)
    return " ".join(answer.content.decode().split())


def test_the_form_asks_for_every_bar() -> None:
    assert set(NAMES) == set(LIMITS)


def test_a_bar_stands_there_with_its_limits(cast: factories.Cast, covers: Job) -> None:
    text = browser_of(cast.manager).get(PAGE).content.decode()
    assert "0.01 to 5; 0.5 by default" in text
    assert "Put these bars in force" not in text
    assert "An admin of this job changes them" in text


def test_the_page_says_beforehand_what_a_lower_bar_throws_away(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [Verdict.OK] * 3)
    text = browser_of(cast.admin).get(PAGE).content.decode()
    assert "3 counted parts no longer count for it." in text
    assert 'data-counted="3"' in text


def test_an_easier_bar_begins_counting_anew(cast: factories.Cast, covers: Job) -> None:
    assert "The bars are in force; counting begins anew." in put(cast.admin, ai_error="7,5", items="100")
    covers.refresh_from_db()
    assert (covers.bars, covers.bars_version) == ({"ai_error": 0.075, "items": 100}, 2)
    text = " ".join(browser_of(cast.admin).get(PAGE).content.decode().split())
    assert "AI error, below %: 5 to 7.5" in text
    assert "trial" in text


def test_a_stricter_bar_is_asked_of_what_was_counted(cast: factories.Cast, covers: Job) -> None:
    assert "The bars are in force, also for what has been counted." in put(cast.admin, ai_error="2")
    covers.refresh_from_db()
    assert covers.bars_version == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"ai_error": "0"}, "ai_error lies between 0.001 and 0.2."),
        ({"ai_error": "100"}, "ai_error lies between 0.001 and 0.2."),
        ({"ai_error": "many"}, "AI error, below % is a number."),
        ({"ai_error": "nan"}, "ai_error lies between"),
        ({"items": "99.5"}, "parts counted, at least is a whole number."),
        ({"ai_error": "4", "reason": " "}, "Say why; it goes into the history."),
        ({"ai_error": "5"}, "Nothing differs from what was in force."),
    ],
)
def test_what_cannot_be_a_bar_changes_nothing(
    cast: factories.Cast, covers: Job, said: dict[str, str], words: str
) -> None:
    assert words in put(cast.admin, **said)
    assert BarsChange.objects.count() == 0


def test_a_manager_reads_the_bars_and_does_not_set_them(cast: factories.Cast, covers: Job) -> None:
    assert "An admin of this job may do that. Nothing was changed." in put(cast.manager, ai_error="7")
    assert BarsChange.objects.count() == 0


def test_the_calendar_is_put_in_force(cast: factories.Cast, covers: Job) -> None:
    said = {"shifts": "05:30, 17:30", "time_zone": "Asia/Ho_Chi_Minh"}
    answer = browser_of(cast.admin).post("/jobs/covers/calendar/", said, follow=True)
    text = " ".join(answer.content.decode().split())
    assert "The calendar is in force" in text
    before = '<td class="figure">06:00 14:00 22:00 <span class="muted">UTC</span></td>'
    assert f'{before} <td class="figure">05:30 17:30 <span class="muted">Asia/Ho_Chi_Minh</span></td>' in text
    covers.refresh_from_db()
    assert (covers.shifts, covers.time_zone) == (["05:30", "17:30"], "Asia/Ho_Chi_Minh")


def test_a_calendar_out_of_order_is_refused(cast: factories.Cast, covers: Job) -> None:
    said = {"shifts": "17:30 05:30", "time_zone": "UTC"}
    answer = browser_of(cast.admin).post("/jobs/covers/calendar/", said, follow=True)
    assert "Shifts stand in the order of the day, each once." in answer.content.decode()
    covers.refresh_from_db()
    assert covers.shifts == ["06:00", "14:00", "22:00"]


def test_only_an_advisory_job_is_offered_the_time_of_capture(cast: factories.Cast, covers: Job) -> None:
    assert 'name="captured_time"' not in browser_of(cast.admin).get(PAGE).content.decode()
    Job.objects.update(gate=Gate.ADVISORY)
    assert 'name="captured_time"' in browser_of(cast.admin).get(PAGE).content.decode()
