from __future__ import annotations

from typing import Any

import pytest

from inspection.acts.change_job import change_job
from inspection.models import Job, ThresholdSet
from inspection.queries.jobs import policy_of
from inspection.refused import Refused
from tests.factories import POLICY, Cast, job


def test_what_is_named_changes_and_the_rest_stays(cast: Cast) -> None:
    covers = job(cast)
    changed = change_job(job=covers, by=cast.admin, name=" Lids ", policy={"blind_share": 0.5})
    assert (changed.name, policy_of(changed)) == ("Lids", POLICY.changed({"blind_share": 0.5}))
    assert ThresholdSet.objects.count() == 1


def test_other_thresholds_are_a_new_version_with_a_name_to_it(cast: Cast) -> None:
    covers = job(cast)
    changed = change_job(job=covers, by=cast.manager, policy={"accept_at": None})
    rows = [*ThresholdSet.objects.order_by("version").values_list("version", "accept_at", "reject_at", "by")]
    assert rows == [(1, 0.2, 0.8, cast.admin.pk), (2, None, 0.8, cast.manager.pk)]
    assert changed.thresholds is not None
    assert changed.thresholds.version == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"policy": {"blind_share": 2}}, "bad_blind_share"),
        ({"policy": {"accept_at": 0.9}}, "bad_thresholds"),
        ({"policy": {}, "name": " "}, "bad_name"),
    ],
)
def test_a_flaw_changes_nothing(cast: Cast, change: dict[str, Any], code: str) -> None:
    covers = job(cast)
    with pytest.raises(Refused, match=code):
        change_job(job=covers, by=cast.admin, **change)
    covers.refresh_from_db()
    assert (covers.name, policy_of(covers), ThresholdSet.objects.count()) == ("Covers", POLICY, 1)


def test_of_a_job_saved_with_less_than_is_drawn_the_rest_can_still_be_changed(cast: Cast) -> None:
    covers = job(cast)
    Job.objects.update(blind_share=0.0, audit_share=0.00001)
    assert (policy_of(Job.objects.get()).blind_share, policy_of(Job.objects.get()).audit_share) == (0.01, 0.01)
    changed = change_job(job=covers, by=cast.admin, policy={"hold": 2})
    assert (changed.hold, changed.blind_share, changed.audit_share) == (2, 0.01, 0.01)
