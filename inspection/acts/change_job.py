"""Change the name or the policy of a job; new thresholds are a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from inspection.models import Job, Person, ThresholdSet
from inspection.policy.job_policy import JobPolicy, check
from inspection.policy.presets import Preset, check_presets
from inspection.policy.words import is_name
from inspection.queries.jobs import policy_of
from inspection.refused import Refused


def change_job(
    *,
    job: Job,
    by: Person,
    name: str | None = None,
    animations: bool | None = None,
    presets: Sequence[Preset] | None = None,
    policy: Mapping[str, Any],
) -> Job:
    """Change what is named, keep the rest. Raises `Refused` with the flaws of a policy, `bad_name` or `bad_presets`."""
    if name is not None and not (is_name(name) and len(name) <= 200):
        raise Refused("bad_name", "A job has a name of one line and at most 200 characters.")
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        wanted = policy_of(job).changed(policy)
        if flaw := check(wanted) or check_presets(presets or ()):
            raise Refused(flaw.code, flaw.detail)
        job.name = name.strip() if name is not None else job.name
        job.animations = job.animations if animations is None else animations
        job.presets = job.presets if presets is None else [preset.as_json() for preset in presets]
        _set(job, wanted, by=by)
        job.save()
    return job


def _set(job: Job, wanted: JobPolicy, *, by: Person) -> None:
    job.blind_share, job.audit_share = wanted.blind_share, wanted.audit_share
    job.double_share, job.recheck_share = wanted.double_share, wanted.recheck_share
    job.seed_share, job.hold = wanted.seed_share, wanted.hold
    job.hint_mode = wanted.hint_mode
    job.lease_seconds, job.patience_seconds = wanted.lease_seconds, wanted.patience_seconds
    now = policy_of(job)
    if (wanted.accept_at, wanted.reject_at) != (now.accept_at, now.reject_at):
        last = ThresholdSet.objects.filter(job=job).order_by("-version").first()
        job.thresholds = ThresholdSet.objects.create(
            job=job,
            version=last.version + 1 if last else 1,
            accept_at=wanted.accept_at,
            reject_at=wanted.reject_at,
            by=by,
        )
