"""Who may ask for what. Doors only ask; the answers compose here."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from inspection.models import Item, Job, Membership, Person, VerdictGiven
from inspection.policy.answers import FINAL_AFTER
from inspection.vocabulary import Look, MemberRole

Anyone = Person | AnonymousUser

INSPECTING = frozenset({MemberRole.INSPECTOR, MemberRole.MANAGER, MemberRole.ADMIN})
LEADING = frozenset({MemberRole.MANAGER, MemberRole.ADMIN})


def role_in(person: Anyone, job: Job) -> MemberRole | None:
    """The person's role in a job; None for strangers and members of other jobs."""
    if not person.is_authenticated:
        return None
    role = Membership.objects.filter(job=job, person_id=person.pk).values_list("role", flat=True).first()
    return MemberRole(role) if role else None


@dataclass(frozen=True)
class May:
    """What the members with one of these roles may do. Ask it with a person and a job, or with a role known already."""

    roles: frozenset[MemberRole]

    def __call__(self, person: Anyone, job: Job) -> bool:
        return self.covers(role_in(person, job))

    def covers(self, role: MemberRole | None) -> bool:
        return role in self.roles


may_see_job = May(frozenset(MemberRole))
may_inspect = May(INSPECTING)
may_adjudicate = May(LEADING)
may_report = May(INSPECTING)
may_answer_incidents = May(LEADING)
may_stop_automation = May(INSPECTING)
may_take_in = May(LEADING | {MemberRole.SERVICE})
may_read_items = May(LEADING | {MemberRole.SERVICE})
may_read_agreement = May(LEADING)
may_read_history = May(LEADING)
may_see_opinions = May(LEADING)
may_see_members = May(LEADING)
may_see_level = May(INSPECTING)
may_climb = May(frozenset({MemberRole.ADMIN}))
may_read_readiness = May(LEADING)
may_sign = May(LEADING)
may_change_bars = May(frozenset({MemberRole.ADMIN}))
may_administer = May(frozenset({MemberRole.ADMIN}))
may_read_book = May(INSPECTING)
may_keep_book = May(LEADING)
may_keep_known = May(LEADING)
may_browse = May(LEADING)
may_reopen = May(LEADING)
may_run_studies = May(LEADING)


def may_create_jobs(person: Anyone) -> bool:
    """Site administrators, and whoever is admin of some job already."""
    if not person.is_authenticated:
        return False
    return person.is_staff or Membership.objects.filter(person_id=person.pk, role=MemberRole.ADMIN).exists()


may_create_people = may_create_jobs


def has_judged(person: Person, item: Item) -> bool:
    """Whether the person has given a verdict on the item that stands; from then on the item hides nothing from that
    person.

    Not before it cannot be taken back any more: whoever looked up the AI's opinion could judge again by it. And not as
    a known part: then somebody else's serial stood on it.
    """
    stands = VerdictGiven.objects.filter(item=item, person=person, late=False, undone_at=None)
    stands = stands.filter(at__lte=timezone.now() - FINAL_AFTER)
    return stands.exclude(review__look=Look.SEEDED).exists()


def may_read_item(person: Person, item: Item) -> bool:
    role = role_in(person, item.job)
    if role in LEADING or role == MemberRole.SERVICE:
        return True
    return role == MemberRole.INSPECTOR and has_judged(person, item)


def may_read_opinions_on(person: Person, item: Item) -> bool:
    """Managers and admins; an inspector after the own verdict."""
    role = role_in(person, item.job)
    return role in LEADING or (role == MemberRole.INSPECTOR and has_judged(person, item))
