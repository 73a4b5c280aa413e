"""A job whose evidence carries the next climb, without the thousands of parts that it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from inspection.journey import promote
from inspection.models import Epoch, Job, LevelChange, Person, Proposal
from inspection.vocabulary import Gate, Level, Verdict
from tests.climbs import climbing_job, epoch_of, part
from tests.factories import Cast, answer, claim_one

PASSWORD = "the-right-one"
MANY = {"k": 0, "n": 5_000, "lots": 1_700}
SPREAD = {"shift": {"a": 9}, "day": {"1": 9}, "person": {"1": 3_000, "2": 2_000}}
NAMES = ("ai_error", "miss", "escape", "not_accepted", "escape_blind", "escape_audit", "miss_blind", "overkill_blind")


def proposed(cast: Cast, *, level: Level = Level.SHADOW, gate: Gate = Gate.ENFORCED) -> Proposal:
    """The proposal of a job that has proven the level after `level`; everybody has the same password."""
    made = climbing_job(cast, level=level)
    part(made, Verdict.OK, lot="L1")
    made.salts = {**made.salts, "audit": "any"}
    if level == Level.PARTIAL:
        made.audit_share = 1.0
        made.save(update_fields=["salts", "audit_share"])
        part(made, Verdict.OK, lot="L2")
    answer(claim_one(made, cast.inspector))
    Job.objects.filter(pk=made.pk).update(gate=gate)
    LevelChange.objects.update(at=timezone.now() - timedelta(days=30))
    found = offered(made)
    assert found is not None
    return found


def offered(made: Job, **tallies: Any) -> Proposal | None:
    """What counting offers where the counts are as good as can be, but for these."""
    plain: dict[str, Any] = {name: {**MANY, "spread": SPREAD} for name in (*NAMES, "miss_blind:dent")}
    Epoch.objects.filter(pk=epoch_of(made).pk).update(tallies={**plain, "unsettled": MANY, **tallies})
    return promote.propose(epoch_of(made), job=Job.objects.get(pk=made.pk), now=timezone.now())


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person
