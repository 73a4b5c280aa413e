"""A job's policy as people see it, and the figures of the list of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from inspection.models import Decision, Item, Job, Person
from inspection.policy.job_policy import JobPolicy
from inspection.policy.sampling import LEAST_SHARE
from inspection.queries import decided
from inspection.queries.standing import waiting_for
from inspection.vocabulary import HintMode, MemberRole, State, Verdict


@dataclass(frozen=True)
class Overview:
    """One line of the list of jobs."""

    job: Job
    role: MemberRole
    queue: int
    """Open reviews of parts that this person has not judged yet, audits included."""
    with_ai: int
    decided_today: int
    ng_today: int
    by_ai_today: int
    overturned_today: int
    """Of those: another verdict is in force now, or the part is on hold."""
    held: int


def of_person(person: Person) -> QuerySet[Job]:
    """The jobs a person is a member of, by slug."""
    return Job.objects.filter(memberships__person=person).order_by("slug")


def policy_of(job: Job) -> JobPolicy:
    """The policy in force. Of a job that was saved with less than the least share it says what is really drawn, so that
    its other settings can still be changed."""
    thresholds = job.thresholds
    return JobPolicy(
        blind_share=max(LEAST_SHARE, job.blind_share),
        audit_share=max(LEAST_SHARE, job.audit_share),
        double_share=job.double_share,
        recheck_share=job.recheck_share,
        seed_share=job.seed_share,
        hold=job.hold,
        hint_mode=HintMode(job.hint_mode),
        lease_seconds=job.lease_seconds,
        patience_seconds=job.patience_seconds,
        accept_at=thresholds.accept_at if thresholds else None,
        reject_at=thresholds.reject_at if thresholds else None,
    )


def label_codes(job: Job) -> tuple[str, ...]:
    """The codes of the labels in force, in the order of the catalogue."""
    return tuple(job.labels.filter(effective_to=None).order_by("position").values_list("code", flat=True))


def overviews(person: Person, *, now: datetime) -> list[Overview]:
    """Every job of a person with its queue and today's counts, in a number of queries that does not grow with jobs."""
    jobs = list(of_person(person).select_related("champion", "thresholds"))
    roles = dict(person.memberships.values_list("job_id", "role"))
    queues = _by_job(waiting_for(person, jobs), n=Count("id"))
    states = _by_job(
        Item.objects.filter(job__in=jobs, state__in=[State.RECEIVED, State.PREDICTING, State.HELD]),
        with_ai=Count("id", filter=~Q(state=State.HELD)),
        held=Count("id", filter=Q(state=State.HELD)),
    )
    today = _by_job(
        _decided_today(jobs, now),
        n=Count("id"),
        ng=Count("id", filter=Q(verdict=Verdict.NG)),
        ai=Count("id", filter=decided.BY_AI),
        overturned=Count("id", filter=decided.BY_AI & decided.overturned()),
    )
    return [
        Overview(
            job=job,
            role=MemberRole(roles[job.pk]),
            queue=queues.get(job.pk, {}).get("n", 0),
            with_ai=states.get(job.pk, {}).get("with_ai", 0),
            held=states.get(job.pk, {}).get("held", 0),
            decided_today=today.get(job.pk, {}).get("n", 0),
            ng_today=today.get(job.pk, {}).get("ng", 0),
            by_ai_today=today.get(job.pk, {}).get("ai", 0),
            overturned_today=today.get(job.pk, {}).get("overturned", 0),
        )
        for job in jobs
    ]


def midnight(job: Job, now: datetime) -> datetime:
    """The beginning of the job's own day."""
    here = now.astimezone(ZoneInfo(job.time_zone))
    return datetime.combine(here.date(), time(), tzinfo=here.tzinfo)


def _decided_today(jobs: list[Job], now: datetime) -> QuerySet[Decision]:
    """Parts decided on each job's own day, each once, with the decision that was the first."""
    wanted = Q(pk__in=[])
    for job in jobs:
        wanted |= Q(job=job, at__gte=midnight(job, now))
    return decided.first(Decision.objects.filter(wanted))


def _by_job(rows: QuerySet, **figures: Count) -> dict[int, dict[str, int]]:
    return {row["job_id"]: row for row in rows.order_by().values("job_id").annotate(**figures)}
