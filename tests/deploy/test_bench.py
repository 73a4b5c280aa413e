"""The bench itself runs by `make bench`; here stands that it asks for what there is, and when a list holds."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import resolve

from deploy.bench.lists import LISTS, List
from inspection.web.parts import read
from tests import factories
from tests.stage import cast

__all__ = ["cast"]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_bench_is_there(name: str) -> None:
    assert resolve(LISTS[name].partition("?")[0])


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
