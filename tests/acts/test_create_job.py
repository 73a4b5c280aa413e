from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.models import Job, Membership
from inspection.policy.job_policy import JobPolicy
from inspection.refused import Refused
from inspection.vocabulary import Gate, HintMode, Level, MemberRole, Severity
from tests.factories import Cast, person
from tests.stage import together

LABELS = (NewLabel("dent", "Dent", Severity.CRITICAL, critical=True), NewLabel("stain", " Stain "))
NEW = NewJob(slug="covers", name=" Covers ", labels=LABELS, level=Level.SHADOW)


def create(by: Any, **changes: Any) -> Job:
    return create_job(new=replace(NEW, **changes), by=by, now=timezone.now())


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def test_a_job_comes_with_labels_in_order_and_its_creator_as_admin(cast: Cast) -> None:
    made = create(cast.admin)
    assert (made.name, made.level, made.gate, made.created_by) == ("Covers", Level.SHADOW, Gate.ENFORCED, cast.admin)
    assert [*made.labels.values_list("code", "name", "severity", "critical", "position")] == [
        ("dent", "Dent", Severity.CRITICAL, True, 0),
        ("stain", "Stain", Severity.MAJOR, False, 1),
    ]
    assert [*Membership.objects.values_list("job", "person", "role")] == [(made.pk, cast.admin.pk, MemberRole.ADMIN)]


def test_its_policy_is_kept_and_its_thresholds_are_the_first_version(cast: Cast) -> None:
    policy = JobPolicy(0.3, 0.2, 0.04, 0.3, 0.05, HintMode.CONCURRENT, 60, 10, 5, 0.1, 0.9)
    made = create(cast.admin, policy=policy)
    kept = (made.blind_share, made.audit_share, made.hint_mode, made.lease_seconds, made.patience_seconds)
    assert kept == (0.3, 0.2, HintMode.CONCURRENT, 60, 10)
    assert (made.double_share, made.recheck_share, made.seed_share, made.hold) == (0.04, 0.3, 0.05, 5)
    assert made.thresholds is not None
    assert (made.thresholds.version, made.thresholds.accept_at, made.thresholds.reject_at) == (1, 0.1, 0.9)


def test_its_first_level_stands_in_the_history(cast: Cast) -> None:
    change = create(cast.admin).level_changes.get()
    assert (change.old, change.new, change.by, change.gate) == ("", Level.SHADOW, cast.admin, Gate.ENFORCED)


def test_only_an_advisory_job_may_count_by_the_time_of_capture(cast: Cast) -> None:
    assert create(cast.admin, gate=Gate.ADVISORY, captured_time=True).captured_time
    assert code_of(lambda: create(cast.admin, slug="b", captured_time=True)) == "captured_time_proves_nothing"


def test_every_job_and_purpose_has_a_salt_of_its_own(cast: Cast) -> None:
    salts = [salt for slug in ("a", "b") for salt in create(cast.admin, slug=slug).salts.values()]
    assert (len(salts), len(set(salts))) == (12, 12)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slug": ""}, "bad_slug"),
        ({"slug": "a b"}, "bad_slug"),
        ({"slug": "a\n"}, "bad_slug"),
        ({"slug": "../x"}, "bad_slug"),
        ({"slug": "x" * 65}, "bad_slug"),
        ({"name": "  "}, "bad_name"),
        ({"name": "x" * 201}, "bad_name"),
        ({"labels": (NewLabel("dent", "A"), NewLabel("dent", "B"))}, "bad_label"),
        ({"labels": (NewLabel("a b", "A"),)}, "bad_label"),
        ({"labels": (NewLabel("a\n", "A"),)}, "bad_label"),
        ({"labels": (NewLabel("a", " "),)}, "bad_label"),
        ({"level": Level.ASSISTANCE}, "level_needs_proof"),
        ({"level": Level.FULL}, "level_needs_proof"),
        ({"policy": JobPolicy(audit_share=0)}, "bad_audit_share"),
    ],
)
def test_what_no_job_can_be_is_refused_and_leaves_nothing(cast: Cast, changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: create(cast.admin, **changes)) == code
    assert not Job.objects.exists()


@pytest.mark.parametrize("level", Level)
def test_an_advisory_job_may_begin_anywhere(cast: Cast, level: Level) -> None:
    assert create(cast.admin, level=level, gate=Gate.ADVISORY).level == level


def test_a_slug_is_given_once(cast: Cast) -> None:
    create(cast.admin)
    assert code_of(lambda: create(cast.manager)) == "slug_taken"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_slug_at_once_one_gets_it() -> None:
    somebody = person("somebody")
    errors = [future.exception() for future in together([partial(create, somebody)] * 2)]
    assert sorted(str(error)[:10] for error in errors) == ["None", "slug_taken"]
    assert (Job.objects.count(), Membership.objects.count()) == (1, 1)


def test_marks_that_no_database_takes_are_refused_in_names(cast: Cast) -> None:
    for new in (NewJob(slug="a", name="a\x00b"), NewJob(slug="a", name="a", labels=[NewLabel("a", "a\x00b")])):
        with pytest.raises(Refused) as refused:
            create_job(new=new, by=cast.admin, now=timezone.now())
        assert refused.value.code in {"bad_name", "bad_label"}
