from __future__ import annotations

import pytest

from inspection.vocabulary import Level
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("level", [Level.HUMAN_ONLY, Level.SHADOW])
def test_where_nobody_is_shown_the_ai_many_parts_come_at_once(cast: factories.Cast, level: Level) -> None:
    factories.job(cast, level=level)
    text = browser_of(cast.inspector).get("/jobs/covers/grid/").content.decode()
    assert 'id="tiles"' in text
    assert "js/grid" in text


@pytest.mark.parametrize("level", [Level.ASSISTANCE, Level.PARTIAL, Level.FULL])
def test_where_people_see_the_ai_the_page_sends_them_to_the_bench(cast: factories.Cast, level: Level) -> None:
    factories.job(cast, level=level)
    text = browser_of(cast.inspector).get("/jobs/covers/grid/").content.decode()
    assert 'id="tiles"' not in text
    assert "Inspect one by one" in text
    assert "js/grid" not in text
