"""Give a person a role in a job."""

from __future__ import annotations

from django.db import transaction

from inspection.models import Job, Membership, Person
from inspection.policy.words import is_storable
from inspection.refused import Refused, conflict
from inspection.sentences import Sentence
from inspection.vocabulary import MemberRole


def add_member(*, job: Job, username: str, role: MemberRole) -> Membership:
    """Give a person a role, or change it.

    Raises `Refused`: `unknown_person`; `last_admin` when nobody would be left to administer the job.
    """
    person = Person.objects.filter(username=username, is_active=True).first() if is_storable(username) else None
    if person is None:
        raise Refused("unknown_person", Sentence("There is nobody called {username}.", username=username))
    with transaction.atomic():
        admins = Membership.objects.select_for_update().filter(job=job, role=MemberRole.ADMIN)
        if role != MemberRole.ADMIN and [m.person_id for m in admins] == [person.pk]:
            raise conflict(
                "last_admin",
                Sentence("{username} is the only admin of this job; name another one first.", username=username),
            )
        membership, _ = Membership.objects.update_or_create(job=job, person=person, defaults={"role": role})
    return membership
