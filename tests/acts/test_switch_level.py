from __future__ import annotations

from functools import partial

import pytest

from inspection import walk
from inspection.models import Job, LevelChange
from inspection.policy.ladder import CRITERIA
from inspection.refused import Kind, Refused
from inspection.vocabulary import Gate, Level
from tests.factories import Cast, bundle, champion, job
from tests.stage import together


def switch(covers: Job, cast: Cast, new: Level, *, who: str = "admin", reason: str = "trial") -> LevelChange:
    return walk.switch_level(job=covers, new=new, reason=reason, by=getattr(cast, who))


def refusal(covers: Job, cast: Cast, new: Level, *, who: str = "admin", reason: str = "trial") -> Refused:
    with pytest.raises(Refused) as no:
        switch(covers, cast, new, who=who, reason=reason)
    covers.refresh_from_db()
    assert covers.level_changes.count() == 1
    return no.value


def test_a_switch_is_a_row_with_old_new_reason_name_and_what_was_known(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    model = champion(covers, bundle(covers))
    change = switch(covers, cast, Level.ASSISTANCE, reason="  200 good parts ")
    covers.refresh_from_db()
    assert (covers.level, change.old, change.new) == (Level.ASSISTANCE, Level.SHADOW, Level.ASSISTANCE)
    assert (change.reason, change.by, change.gate) == ("200 good parts", cast.admin, Gate.ADVISORY)
    assert change.evidence == {
        "gate": "advisory",
        "model": model.digest,
        "accept_at": 0.2,
        "reject_at": 0.8,
        "blind_share": 0.1,
        "audit_share": 0.05,
        "tallies": {},
        "detectors": {},
    }


@pytest.mark.parametrize("who", ["inspector", "manager", "service", "outsider"])
def test_nobody_but_an_admin_climbs(cast: Cast, who: str) -> None:
    no = refusal(job(cast, level=Level.SHADOW), cast, Level.ASSISTANCE, who=who)
    assert (no.code, no.kind) == ("not_allowed", Kind.FORBIDDEN)


@pytest.mark.parametrize("who", ["service", "outsider"])
def test_a_machine_or_a_stranger_lowers_nothing(cast: Cast, who: str) -> None:
    assert refusal(job(cast, level=Level.FULL), cast, Level.SHADOW, who=who).code == "not_allowed"


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_manager_and_admin_lower_by_any_number_of_steps(cast: Cast, who: str) -> None:
    assert switch(job(cast, level=Level.FULL), cast, Level.HUMAN_ONLY, who=who).new == Level.HUMAN_ONLY


def test_an_enforced_job_is_told_what_has_to_be_proven(cast: Cast) -> None:
    no = refusal(job(cast, level=Level.SHADOW, gate=Gate.ENFORCED), cast, Level.ASSISTANCE)
    assert (no.code, no.kind, no.extra) == (
        "not_proven",
        Kind.CONFLICT,
        {"criteria": list(CRITERIA[Level.ASSISTANCE])},
    )


@pytest.mark.parametrize(
    ("new", "reason", "code"),
    [
        (Level.SHADOW, "trial", "same_level"),
        (Level.PARTIAL, "trial", "one_step_at_a_time"),
        (Level.ASSISTANCE, "  ", "reason_missing"),
    ],
)
def test_a_switch_that_is_none_is_refused(cast: Cast, new: Level, reason: str, code: str) -> None:
    assert refusal(job(cast, level=Level.SHADOW), cast, new, reason=reason).code == code


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_press_at_once_one_climbs(cast: Cast) -> None:
    covers = job(cast, level=Level.SHADOW)
    presses = [partial(switch, Job.objects.get(), cast, Level.ASSISTANCE) for _ in range(2)]
    [no] = [error for future in together(presses) if (error := future.exception())]
    assert isinstance(no, Refused)
    assert no.code == "same_level"
    assert covers.level_changes.count() == 2


def test_a_reason_that_no_database_takes_is_refused(cast: Cast) -> None:
    made = job(cast, level=Level.SHADOW)
    with pytest.raises(Refused) as refused:
        walk.switch_level(job=made, new=Level.HUMAN_ONLY, reason="a\x00b", by=cast.admin)
    assert refused.value.code == "bad_reason"
