from __future__ import annotations

from typing import Any

import pytest

from inspection.models import BarsChange, Job
from inspection.policy.bars import LIMITS
from inspection.vocabulary import Gate, Level
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db
PATH = "/jobs/covers/bars/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast, level=Level.SHADOW, gate=Gate.ENFORCED)


def test_every_bar_comes_with_its_limits(call: Callers, covers: Job) -> None:
    found = call.manager.get(PATH).json()
    assert set(found["bars"]) == set(found["limits"]) == set(LIMITS)
    assert (found["bars"]["ai_error"], found["limits"]["ai_error"]) == (0.05, {"least": 0.001, "most": 0.2})
    assert (found["version"], found["counted"]) == (1, 0)
    shifts = ["06:00", "14:00", "22:00"]
    assert found["calendar"] == {"time_zone": "UTC", "shifts": shifts, "captured_time": False}


def test_what_is_not_named_stays(call: Callers, covers: Job) -> None:
    changed = call.admin.patch(PATH, {"bars": {"ai_error": 0.1}, "reason": "a rough part"}).json()
    assert (changed["bars"]["ai_error"], changed["bars"]["miss"], changed["version"]) == (0.1, 0.2, 2)
    assert BarsChange.objects.get().reason == "a rough part"


def test_the_calendar_is_changed_without_a_bar(call: Callers, covers: Job) -> None:
    changed = call.admin.patch(PATH, {"calendar": {"shifts": ["05:30", "17:30"]}}).json()
    assert changed["calendar"] == {"time_zone": "UTC", "shifts": ["05:30", "17:30"], "captured_time": False}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"bars": {"ai_error": 0}, "reason": "r"}, (422, "bad_bar")),
        ({"bars": {"ai_error": 1}, "reason": "r"}, (422, "bad_bar")),
        ({"bars": {"people": 1}, "reason": "r"}, (422, "bad_bar")),
        ({"bars": {"kappa": 0.9}, "reason": "r"}, (422, "unknown_field")),
        ({"bars": {"items": 60.5}, "reason": "r"}, (422, "invalid")),
        ({"bars": {"ai_error": 0.1}}, (422, "reason_missing")),
        ({"calendar": {"time_zone": "Mars"}}, (422, "bad_time_zone")),
        ({"calendar": {"shifts": ["14:00", "06:00"]}}, (422, "bad_shifts")),
        ({"calendar": {"captured_time": True}}, (422, "bad_captured_time")),
        ({"bars": {"miss": 0.3}, "reason": "r", "calendar": {"shifts": []}}, (422, "bad_shifts")),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    call: Callers, covers: Job, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    before = call.admin.get(PATH).json()
    assert code(call.admin.patch(PATH, body)) == expected
    assert call.admin.get(PATH).json() == before
