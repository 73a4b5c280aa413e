"""Create a job with its labels, its policy and its first admin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from inspection.models import Job, Label, LevelChange, Membership, Person, ThresholdSet
from inspection.policy import ladder
from inspection.policy.job_policy import JobPolicy, check
from inspection.policy.words import is_name
from inspection.refused import Refused, conflict, recorded
from inspection.sentences import Sentence
from inspection.vocabulary import Gate, Level, MemberRole, Severity

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class NewLabel:
    code: str
    name: str
    severity: Severity = Severity.MAJOR
    critical: bool = False


@dataclass(frozen=True)
class NewJob:
    slug: str
    name: str
    labels: Sequence[NewLabel] = ()
    level: Level = Level.HUMAN_ONLY
    gate: Gate = Gate.ENFORCED
    policy: JobPolicy = field(default_factory=JobPolicy)
    animations: bool = False
    demonstration: bool = False
    captured_time: bool = False
    """Evidence counts by the time of capture, which a sender may choose: for replays, on an advisory gate alone."""


def create_job(*, new: NewJob, by: Person, now: datetime) -> Job:
    """Create a job; whoever creates it becomes its admin.

    Raises `Refused`: `bad_slug`, `bad_name`, `bad_label`, `level_needs_proof`, `captured_time_proves_nothing`, the
    flaws of a policy, `slug_taken`.
    """
    _check(new)
    try:
        with transaction.atomic():
            return _create(new, by, now)
    except IntegrityError as error:
        raise conflict("slug_taken", Sentence("There is a job {slug} already.", slug=new.slug)) from error


def _check(new: NewJob) -> None:
    if not _CODE.fullmatch(new.slug):
        raise Refused("bad_slug", "A slug has 1 to 64 letters, digits, dashes or underscores.")
    if not is_name(new.name) or len(new.name) > 200:
        raise Refused("bad_name", "A job has a name of one line and at most 200 characters.")
    codes = [label.code for label in new.labels]
    if len(set(codes)) < len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise Refused("bad_label", "Label codes are different from one another and made of letters, digits, - and _.")
    if not all(is_name(label.name) and len(label.name) <= 200 for label in new.labels):
        raise Refused("bad_label", "Each label has a name of one line and at most 200 characters.")
    if not ladder.may_start_at(level=new.level, gate=new.gate):
        raise Refused("level_needs_proof", "A job starts at human_only or shadow unless its gate is advisory.")
    if new.captured_time and new.gate != Gate.ADVISORY:
        # Whoever sends the parts says when they were captured: days and shifts could be had within the hour.
        raise Refused("captured_time_proves_nothing", "Only an advisory job may count by the time of capture.")
    if flaw := check(new.policy):
        raise Refused(flaw.code, flaw.detail)


def _create(new: NewJob, by: Person, now: datetime) -> Job:
    policy = new.policy
    job = Job.objects.create(
        slug=new.slug,
        name=new.name.strip(),
        level=new.level,
        gate=new.gate,
        blind_share=policy.blind_share,
        audit_share=policy.audit_share,
        double_share=policy.double_share,
        recheck_share=policy.recheck_share,
        seed_share=policy.seed_share,
        hold=policy.hold,
        hint_mode=policy.hint_mode,
        lease_seconds=policy.lease_seconds,
        patience_seconds=policy.patience_seconds,
        animations=new.animations,
        demonstration=new.demonstration,
        captured_time=new.captured_time,
        created_by=by,
    )
    job.thresholds = ThresholdSet.objects.create(
        job=job, version=1, accept_at=policy.accept_at, reject_at=policy.reject_at, by=by
    )
    job.save(update_fields=["thresholds"])
    Label.objects.bulk_create(
        Label(
            job=job,
            code=label.code,
            name=label.name.strip(),
            severity=label.severity,
            critical=label.critical,
            position=position,
        )
        for position, label in enumerate(new.labels)
    )
    Membership.objects.create(job=job, person=by, role=MemberRole.ADMIN)
    reason, said = recorded(Sentence("the job was created"))
    LevelChange.objects.create(job=job, old="", new=new.level, reason=reason, said=said, by=by, gate=new.gate, at=now)
    return job
