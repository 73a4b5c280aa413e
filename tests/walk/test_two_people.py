"""One person signs a climb and another one switches, and both still may when it comes to it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.sign_proposal import sign_proposal
from inspection.models import LevelChange, Membership, Person, Proposal
from inspection.queries import proposals
from inspection.refused import Refused
from inspection.vocabulary import Gate, Level, MemberRole, ProposalState
from tests.factories import Cast, person
from tests.proposals import PASSWORD, proposed, with_password

pytestmark = pytest.mark.django_db
ADMIN, MANAGER, INSPECTOR = MemberRole.ADMIN, MemberRole.MANAGER, MemberRole.INSPECTOR


def sign(proposal: Proposal, by: Person) -> None:
    sign_proposal(proposal=proposal, by=with_password(by), password=PASSWORD, reason="the figures", now=timezone.now())


def switch(proposal: Proposal, by: Person) -> LevelChange:
    return walk.switch_level(job=proposal.job, new=Level(proposal.new), reason="signed", by=by)


def refusal(proposal: Proposal, by: Person) -> str:
    with pytest.raises(Refused) as no:
        switch(proposal, by)
    assert Proposal.objects.get().state == ProposalState.SIGNED
    return no.value.code


def become(who: Person, proposal: Proposal, role: MemberRole) -> None:
    add_member(job=proposal.job, username=who.username, role=role)


def full(cast: Cast) -> Proposal:
    """Signed for full automation by a manager and by the admin."""
    found = proposed(cast, level=Level.PARTIAL)
    for by in (cast.manager, cast.admin):
        sign(found, by)
    return found


def test_who_has_signed_does_not_switch_where_another_admin_is_there(cast: Cast) -> None:
    found = full(cast)
    become(person("deputy"), found, ADMIN)
    assert refusal(found, cast.admin) == "signed_it_yourself"
    change = switch(found, Person.objects.get(username="deputy"))
    assert (change.new, change.note) == (Level.FULL, "")


def test_where_there_is_no_other_admin_the_history_says_that_one_person_did_both(cast: Cast) -> None:
    change = switch(full(cast), cast.admin)
    assert (change.new, change.note) == (
        Level.FULL,
        "Signed and switched by the same person: the job had no other admin.",
    )


@pytest.mark.parametrize("left", ["gone", "inspector", "inactive"])
def test_the_signature_of_somebody_who_may_not_sign_any_more_falls(cast: Cast, left: str) -> None:
    found = proposed(cast)
    sign(found, cast.manager)
    if left == "gone":
        Membership.objects.filter(person=cast.manager).delete()
    elif left == "inspector":
        become(cast.manager, found, INSPECTOR)
    else:
        Person.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert refusal(found, cast.admin) == "signature_fallen"
    assert proposals.signatures_missing(Proposal.objects.get()) == 1


def test_somebody_else_signs_in_the_place_of_a_fallen_signature(cast: Cast) -> None:
    found = proposed(cast)
    sign(found, cast.manager)
    become(cast.manager, found, INSPECTOR)
    become(cast.inspector, found, MANAGER)
    sign(Proposal.objects.get(), cast.inspector)
    assert switch(found, cast.admin).new == Level.ASSISTANCE


def test_an_admin_who_was_made_a_manager_to_sign_does_not_switch(cast: Cast) -> None:
    found = proposed(cast)
    become(person("deputy"), found, ADMIN)
    become(cast.admin, found, MANAGER)
    sign(found, cast.admin)
    become(cast.admin, found, ADMIN)
    assert refusal(found, cast.admin) == "signature_fallen"


def test_of_two_signatures_one_has_to_be_a_managers(cast: Cast) -> None:
    found = full(cast)
    become(cast.manager, found, ADMIN)
    assert refusal(found, cast.manager) == "signature_fallen"
    assert proposals.roles_to_sign(Proposal.objects.get()) == {MANAGER}


def test_an_advisory_job_climbs_all_the_same(cast: Cast) -> None:
    found = proposed(cast, gate=Gate.ADVISORY)
    sign(found, cast.manager)
    become(cast.manager, found, INSPECTOR)
    assert switch(found, cast.admin).note == ""
