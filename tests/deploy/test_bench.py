"""The bench itself runs by `make bench`; here stands that it asks for what there is, and when a list holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import QueryDict
from django.urls import resolve

from deploy.bench import climbs
from deploy.bench.counting import Counting
from deploy.bench.lists import LISTS, List
from inspection.models import Job
from inspection.simulation.outcome import Course, Outcome
from inspection.simulation.plan import check
from inspection.vocabulary import Level
from inspection.web.parts import read
from tests import factories
from tests.stage import cast

__all__ = ["cast"]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_bench_is_there(name: str) -> None:
    assert resolve(LISTS[name].partition("?")[0])


def test_the_bench_puts_nothing_among_the_jobs_of_a_site(cast: factories.Cast) -> None:
    factories.job(cast)
    with pytest.raises(CommandError, match="holds jobs"):
        call_command("bench", only="counting")
    assert Job.objects.count() == 1


@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("browse")])
def test_the_bench_asks_browse_for_what_it_can_read(cast: factories.Cast, name: str) -> None:
    assert read(QueryDict(LISTS[name].partition("?")[2]), factories.job(cast))


@pytest.mark.parametrize(
    ("queries", "ms", "holds"),
    [
        ((9, 9), (10.0, 20.0), True),
        ((9, 8), (10.0, 5.0), True),
        ((9, 9), (10.0, 20.1), False),
        ((9, 10), (10.0, 10.0), False),
    ],
)
def test_a_list_holds_at_no_more_queries_and_twice_the_time(
    queries: tuple[int, int], ms: tuple[float, float], holds: bool
) -> None:
    assert List(queries=queries, ms=ms).holds == holds


@pytest.mark.parametrize(("with_ms", "holds"), [(13.0, True), (13.1, False)])
def test_counting_holds_at_thirty_per_cent_more(with_ms: float, holds: bool) -> None:
    assert Counting(with_ms=with_ms, without_ms=10.0).holds == holds


@pytest.mark.parametrize("name", climbs.PLANS)
def test_the_runs_of_the_bench_are_of_an_ai_that_deserves_to_climb_or_does_not(name: str) -> None:
    plan = climbs.PLANS[name]
    check(plan)
    assert plan.bars == {}
    assert plan.deserves(Level.ASSISTANCE, 0) == (name in {climbs.BETTER, climbs.FAR})
    if plan.drift is not None:
        assert not plan.deserves(Level.ASSISTANCE, plan.drift.at)


CLIMBED = ((210, "shadow", "assistance"),)
GOOD = Course(changes=CLIMBED, assistance_at=210, partial_at=900, wrong=0, needless=0, delay=50, escapes=0)
STAYED = Course(changes=(), assistance_at=None, partial_at=None, wrong=0, needless=0, delay=None, escapes=0)


def _verdict(**worse: Course) -> dict[str, bool]:
    right = {climbs.BETTER: GOOD, climbs.FAR: GOOD, climbs.AT_BAR: STAYED, climbs.WORSE: STAYED}
    courses = right | {getattr(climbs, name): course for name, course in worse.items()}
    runs = {name: [Outcome(seed=1, ours=course, naive=STAYED, rerouted=0)] * 10 for name, course in courses.items()}
    return climbs.verdict(runs)


def test_climbs_hold_when_the_better_climbs_the_broken_falls_and_nothing_flaps() -> None:
    assert set(_verdict().values()) == {True}


@pytest.mark.parametrize(
    ("worse", "fails"),
    [
        ({"FAR": replace(GOOD, partial_at=None)}, "a better AI is promoted"),
        ({"BETTER": replace(GOOD, delay=None)}, "a broken one is demoted"),
        ({"AT_BAR": replace(STAYED, wrong=1)}, "hardly another is promoted"),
        ({"FAR": replace(GOOD, needless=1)}, "nothing flaps"),
    ],
)
def test_climbs_do_not_hold_otherwise(worse: dict[str, Course], fails: str) -> None:
    assert [name for name, holds in _verdict(**worse).items() if not holds] == [fails]
