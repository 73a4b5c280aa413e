from __future__ import annotations

from typing import Any

import pytest

from inspection.models import Job, ThresholdSet
from inspection.policy.what_if_words import FIGURES, UNKNOWN
from inspection.vocabulary import Level, Verdict
from tests import factories
from tests.api.conftest import Callers, code
from tests.climbs import agreed, climbing_job

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
WHERE = "/jobs/covers/what-if/"


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    made = climbing_job(cast)
    agreed(made, cast, [OK] * 8 + [NG] * 2)
    return made


def test_another_level_stands_beside_what_is_in_force(call: Callers, covers: Job) -> None:
    body = call.manager.get(WHERE, level="partial").json()
    assert body["in_force"]["setting"]["level"] == "shadow"
    assert body["in_force"]["automation"]["value"] == 0.0
    assert body["what_if"]["setting"] == {
        "level": "partial", "accept_at": 0.2, "reject_at": 0.8, "audit_share": 0.05, "blind_share": 0.1,
    }  # fmt: skip
    assert body["what_if"]["automation"]["value"] == pytest.approx(0.72)
    assert {name: body["what_if"]["escapes"][name] for name in ("value", "low", "k", "n")} == {
        "value": 0.0, "low": 0.0, "k": 0, "n": 10,
    }  # fmt: skip
    assert body["what_if"]["escapes"]["high"] > 0.2, "none of ten is no proof of none"
    assert body["what_if"]["classes"]["scratch"]["n"] == 2


def test_what_is_in_force_is_asked_for_by_default(call: Callers, covers: Job) -> None:
    body = call.manager.get(WHERE).json()
    assert body["in_force"] == body["what_if"]
    assert body["says"].startswith("This is what is in force now.")
    assert body["basis"] == body["basis"] | {"n": 10, "drawn": {"shadow": 10}, "open": 0, "unsettled": 0, "cut": False}
    assert set(body["what_if"]["says"]) == set(FIGURES)
    assert body["unknown"] == [str(sentence) for sentence in UNKNOWN]


def test_thresholds_are_tried_without_being_set(call: Callers, covers: Job) -> None:
    body = call.manager.get(
        WHERE, level="full", accept_at="0.01", reject_at="none", blind_share="0.01", audit_share="0.2"
    )
    setting = {"level": "full", "accept_at": 0.01, "reject_at": None, "audit_share": 0.2, "blind_share": 0.01}
    assert body.json()["what_if"]["setting"] == setting
    assert body.json()["what_if"]["automation"]["k"] == 0
    assert ThresholdSet.objects.filter(job=covers).count() == 1
    assert Job.objects.get().level == Level.SHADOW


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"accept_at": "1.2"}, "bad_accept_at"),
        ({"accept_at": "0.9", "reject_at": "0.5"}, "bad_thresholds"),
        ({"accept_at": "nan"}, "invalid"),
        ({"accept_at": "high"}, "invalid"),
        ({"audit_share": "0"}, "bad_audit_share"),
        ({"blind_share": "2"}, "bad_blind_share"),
        ({"blind_share": "0"}, "bad_blind_share"),
        ({"level": "human_only"}, "invalid"),
        ({"since": "2026-02-30"}, "invalid"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "bad_period"),
        ({"threshold": "0.2"}, "unknown_field"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    call: Callers, cast: factories.Cast, asked: dict[str, Any], refused: str
) -> None:
    factories.job(cast, level=Level.SHADOW)
    assert code(call.manager.get(WHERE, **asked)) == (422, refused)


def test_days_narrow_it_and_the_last_one_counts(call: Callers, covers: Job) -> None:
    today = covers.evidence.order_by("-at")[0].at.date().isoformat()
    assert call.manager.get(WHERE, since=today, until=today).json()["basis"]["n"] == 10
    empty = call.manager.get(WHERE, since="2026-01-01", until="2026-01-02", level="full").json()
    assert (empty["basis"]["n"], empty["what_if"]["automation"]["value"], empty["basis"]["first"]) == (0, None, None)
    assert call.manager.get(WHERE, until="9999-12-31").status_code == 200
    assert call.manager.get(WHERE, since="0001-01-01").status_code == 200


def test_the_threshold_that_keeps_the_bar_comes_with_its_price(call: Callers, covers: Job) -> None:
    found = call.manager.get(WHERE).json()["threshold"]
    assert (found["at"], found["locked"], found["level"]) == (None, False, None)
    assert found["says"][0].startswith("No threshold yet: so far 10 parts count")
    assert len(found["points"]) == 81, "up to where the AI rejects"
    assert set(found["points"][0]) == {"at", "passed", "escapes", "n", "upper"}
