from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache

from inspection.models import Evidence, Item, Job, LevelChange, ThresholdSet
from inspection.policy.thresholds import Point
from inspection.policy.weighting import Estimate
from inspection.policy.what_if import Work
from inspection.queries import what_if as queries
from inspection.templatetags.what_if import around, estimated, rounded, spent, spent_around, worked, worked_around
from inspection.vocabulary import Gate, Level, Verdict
from inspection.web.what_if_plot import Named, plot
from tests import factories
from tests.climbs import agreed, climbing_job
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
PAGE = "/jobs/covers/what-if/"
LOCK = f"{PAGE}lock/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    """Ten parts at three a lot, judged in shadow, all right."""
    made = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(made, cast, [OK] * 8 + [NG] * 2)
    return made


@pytest.fixture
def enough(covers: Job) -> Job:
    """As if ten parts were enough to choose a threshold; the rule has tests of its own."""
    Job.objects.update(bars={**covers.bars, "escape": 0.5, "alpha": 0.1})
    return covers


def read(person: factories.Person, query: str = "") -> str:
    answer = browser_of(person).get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_another_level_stands_beside_what_is_in_force(cast: factories.Cast, covers: Job) -> None:
    text = read(cast.manager, "?level=partial")
    assert "At partial automation with OK up to 0.2 the AI would have decided 72" in text
    assert "10 parts speak" in text
    assert "About " in text
    assert "(seen: 0 of 10)" in text
    assert "Tried<br>partial automation" in text
    assert "In force now<br>shadow" in text
    assert "What this cannot know" in text


def test_without_a_question_only_what_is_in_force_is_told(cast: factories.Cast, covers: Job) -> None:
    text = read(cast.manager)
    assert "This is what is in force now." in text
    assert "Tried<br>" not in text


def test_asking_changes_nothing(cast: factories.Cast, covers: Job) -> None:
    before = list(Job.objects.values()), ThresholdSet.objects.count(), LevelChange.objects.count()
    read(cast.admin, "?level=full&accept_at=0.5&reject_at=&audit=20&blind=1")
    assert before == (list(Job.objects.values()), ThresholdSet.objects.count(), LevelChange.objects.count())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?accept_at=1.5", "accept_at is a probability between 0 and 1."),
        ("?accept_at=0.9&reject_at=0.5", "accept_at lies at or below reject_at"),
        ("?accept_at=high", "OK up to a score of is a number."),
        ("?audit=0", "an automation that nobody audits cannot be seen to fail."),
        ("?blind=101", "The blind share lies between 0.01 and 1"),
        ("?blind=0", "cannot be seen to fail."),
        ("?blind=nan", "The blind share lies between 0.01 and 1"),
        ("?level=best", "There is no such level to try."),
        ("?since=yesterday", "From is a day."),
        ("?since=2026-03-02&until=2026-03-01", "The first day lies at or before the last one."),
    ],
)
def test_what_cannot_be_tried_is_said_in_the_words_of_the_policy(cast: factories.Cast, query: str, words: str) -> None:
    factories.job(cast, level=Level.SHADOW)
    text = read(cast.manager, query)
    assert words in text
    assert "What is in force is shown instead." in text


def test_what_was_said_stays_in_the_form(cast: factories.Cast, covers: Job) -> None:
    text = read(cast.manager, "?level=full&accept_at=0,35&reject_at=&audit=20")
    assert 'name="accept_at" inputmode="decimal" autocomplete="off" value="0,35"' in text
    assert 'name="reject_at" inputmode="decimal" autocomplete="off" value=""' in text
    assert '<option value="full" selected>' in text
    assert "with OK up to 0.35" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"champion": None}, "It takes a live model"),
        ({"level": Level.SHADOW}, "in shadow each one speaks"),
        ({"level": Level.HUMAN_ONLY}, "Raise the job to shadow"),
    ],
)
def test_an_empty_page_says_how_to_fill_it(cast: factories.Cast, state: dict[str, Any], words: str) -> None:
    factories.champion(factories.job(cast), factories.bundle(Job.objects.get()))
    Job.objects.update(**state)
    assert words in read(cast.manager)
    if state.get("champion", 0) is not None:
        assert "Other days may have some." in read(cast.manager, "?since=2026-01-01&until=2026-01-02")


def test_a_replay_says_that_its_days_are_those_of_the_pictures(cast: factories.Cast, covers: Job) -> None:
    assert "10 parts speak, judged from" in read(cast.manager)
    Item.objects.update(captured_at=datetime(2025, 3, 1, 8, tzinfo=UTC))
    Job.objects.update(gate=Gate.ADVISORY, captured_time=True)
    text = read(cast.manager)
    assert "10 parts speak, pictured from 2025-03-01 08:00" in text
    assert "the 30 days up to the newest part speak" in text
    assert "10 parts speak, pictured" in read(cast.manager, "?since=yesterday"), "days that cannot be are left away"


def test_parts_without_a_verdict_and_unsettled_ones_are_told(cast: factories.Cast, covers: Job) -> None:
    keys = list(Evidence.objects.order_by("id").values_list("pk", flat=True))
    Evidence.objects.filter(pk=keys[0]).update(reference="")
    Evidence.objects.filter(pk=keys[1]).update(reference=UNSURE)
    text = read(cast.manager)
    assert "1 has no verdict yet and counts at its worst." in text
    assert "1, on which people could not tell, is left out of all errors." in text


def test_a_cut_history_says_so(cast: factories.Cast, covers: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LATEST", 4)
    assert "the newest 4 speak" in read(cast.manager)


def test_too_few_parts_say_how_many_are_missing(cast: factories.Cast, covers: Job) -> None:
    text = read(cast.admin)
    assert "No threshold yet: so far 10 parts count, at most three of a lot." in text
    assert 'name="at"' not in text


def test_the_button_says_first_what_it_does(cast: factories.Cast, enough: Job) -> None:
    Job.objects.update(level=Level.PARTIAL)
    factories.take_in(enough)
    text = read(cast.admin)
    assert "keeps escapes below 50 % at every step up to it is 0.8" in text
    assert "the 10 parts that count now chose the threshold and do not prove it." in text
    assert (
        "The job steps down to shadow at once, until later parts prove it; undecided parts that go to people: 1."
        in text
    )
    assert "Lock 0.8" in text
    assert "Lock 0.8" not in read(cast.manager)
    assert "An admin of this job locks it." in read(cast.manager)


def test_where_no_proof_is_asked_the_level_stays(cast: factories.Cast, enough: Job) -> None:
    Job.objects.update(level=Level.PARTIAL, gate=Gate.ADVISORY)
    assert "The job stays on partial automation." in read(cast.admin)


def test_locking_puts_the_threshold_in_force_and_begins_anew(cast: factories.Cast, enough: Job) -> None:
    Job.objects.update(level=Level.PARTIAL)
    answer = browser_of(cast.admin).post(LOCK, {"at": "0.8"}, follow=True)
    assert "0.8 is locked. Parts that come from now on prove it or do not." in answer.content.decode()
    job = Job.objects.get()
    assert job.thresholds is not None
    assert (job.thresholds.accept_at, job.thresholds.reject_at, job.thresholds.version) == (0.8, 0.8, 2)
    assert (job.level, LevelChange.objects.order_by("-id")[0].cause) == (Level.SHADOW, "unproven")
    text = " ".join(answer.content.decode().split())
    assert "It is in force, locked since" in text
    assert "Lock 0.8" not in text


@pytest.mark.parametrize("said", ["0.3", "", "0.80", "nan"])
def test_a_threshold_that_was_chosen_anew_is_not_locked(cast: factories.Cast, enough: Job, said: str) -> None:
    answer = browser_of(cast.admin).post(LOCK, {"at": said}, follow=True)
    words = "Other parts have been judged since: the threshold would be 0.8 now. Nothing was changed."
    assert words in answer.content.decode()
    assert ThresholdSet.objects.count() == 1


def test_without_a_choice_nothing_is_locked(cast: factories.Cast, covers: Job) -> None:
    answer = browser_of(cast.admin).post(LOCK, {"at": "0.8"}, follow=True)
    assert "There is no threshold to lock any more." in answer.content.decode()
    assert ThresholdSet.objects.count() == 1


def test_the_table_has_a_link_for_every_step_and_keeps_what_was_asked(cast: factories.Cast, covers: Job) -> None:
    text = read(cast.manager, "?level=full&audit=20")
    assert 'href="?level=full&amp;audit=20&amp;accept_at=0.05"' in text
    assert "try 0.05" in text


@pytest.mark.parametrize("n", [1, 12])
def test_the_page_asks_as_much_for_many_parts_as_for_one(
    cast: factories.Cast, n: int, django_assert_max_num_queries: Any
) -> None:
    made = climbing_job(cast)
    agreed(made, cast, [OK] * n)
    browser = browser_of(cast.manager)
    browser.get(PAGE)
    cache.clear()
    with django_assert_max_num_queries(30):
        browser.get(PAGE + "?level=full")


POINTS = tuple(
    Point(at=at, passed=int(1000 * at), escapes=int(10 * at), n=1000, upper=0.002 + at / 100) for at in (0.0, 0.5, 1.0)
)


def test_the_plot_marks_thresholds_where_they_lie() -> None:
    drawn = plot(
        POINTS, bar=0.005, named=[Named(0.5, "a", "now"), Named(0.25, "b", "then"), Named(None, "c", "chosen")]
    )
    assert drawn is not None
    assert [mark.words for mark in drawn.marks] == ["b", "a"]
    assert drawn.marks[1].x - drawn.marks[0].x == pytest.approx(0.25 * (drawn.right - drawn.left), abs=0.2)
    assert len(drawn.steps) == 3
    assert all(drawn.top <= y <= drawn.bottom for _, y in drawn.steps)
    assert drawn.top <= drawn.bar.at < drawn.bottom
    ups = [tick.at for tick in drawn.up]
    assert ups == sorted(ups, reverse=True)


def test_nothing_counted_is_no_plot() -> None:
    assert plot([], bar=0.005, named=[]) is None
    assert plot([Point(at=0.0, passed=0, escapes=0, n=0, upper=1.0)], bar=0.005, named=[]) is None


def test_figures_are_written_with_as_many_digits_as_tell_their_ends_apart() -> None:
    rare = Estimate(value=0.0023, low=0.0016, high=0.0034, k=46, n=20_000)
    assert (estimated(rare), around(rare)) == ("0.23\u202f%", "0.16 to 0.34 %; 46 of 20\u202f000 drawn")
    often = Estimate(value=0.61, low=0.58, high=0.64, k=740, n=1213)
    assert (estimated(often), around(often)) == ("61\u202f%", "58 to 64 %; 740 of 1\u202f213 drawn")
    never = Estimate(value=0.0, low=0.0, high=0.0, k=0, n=10)
    assert (estimated(never), around(never), estimated(None), around(None)) == ("0\u202f%", "", "–", "")


def test_time_is_told_in_minutes_below_two_hours() -> None:
    assert (spent(Work(0.5, 0.4, 0.6)), spent_around(Work(0.5, 0.4, 0.6))) == ("30 min", "24 to 36")
    assert (spent(Work(7.94, 7.0, 9.0)), spent_around(Work(7.94, 7.0, 9.0))) == ("7.9 h", "7.0 to 9.0")
    assert (worked(Work(1234.4, 1.0, 2.0)), worked_around(Work(5.0, 5.0, 5.0))) == ("1\u202f234", "")
    assert (worked(Work(3.26, 3.0, 3.5)), worked_around(Work(3.26, 3.0, 3.5))) == ("3.3", "3.0 to 3.5")
    assert (spent(None), spent_around(None), worked(None), worked_around(None)) == ("–", "", "–", "")
    assert (rounded(36_260), rounded(7), rounded(None)) == ("36\u202f000", "7", "–")


@pytest.mark.parametrize(
    "uppers",
    [(0.0042, 0.01, 0.01), (0.006, 0.006, 0.006), (0.0045, 0.0045, 0.0045), (0.02, 0.006, 0.004)],
    ids=["it begins under the bar", "it runs along above", "it runs along below", "it crosses far away"],
)
def test_the_line_does_not_run_through_what_the_bar_is_called(uppers: tuple[float, ...]) -> None:
    points = [Point(at=place / 2, passed=100 * place, escapes=0, n=200, upper=u) for place, u in enumerate(uppers)]
    drawn = plot(points, bar=0.005, named=[])
    assert drawn is not None
    left, right, top, bottom = drawn.bar_words.box
    for (x, y), (later, then) in pairwise(drawn.steps):
        way = [(x + (later - x) * part / 400, y + (then - y) * part / 400) for part in range(401)]
        assert [(at, up) for at, up in way if left < at < right and top < up < bottom] == []


def test_what_the_bar_is_called_stands_beside_a_mark() -> None:
    points = [Point(at=at, passed=passed, escapes=0, n=200, upper=0.05) for at, passed in ((0.0, 10), (1.0, 190))]
    drawn = plot(points, bar=0.005, named=[Named(at=0.1, words="in force: 0.1", kind="now")])
    assert drawn is not None
    assert drawn.bar_words.anchor == "end"
