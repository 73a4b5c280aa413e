from __future__ import annotations

import pytest

from inspection.acts.add_member import add_member
from inspection.acts.create_person import create_person
from inspection.acts.show_life import show_life
from inspection.models import Heartbeat, Membership, Person
from inspection.refused import Refused
from inspection.vocabulary import MemberRole
from tests.factories import Cast, job


def test_a_person_can_log_in_with_the_password_given(db: None) -> None:
    made = create_person(username="inga", password="a-long-enough-secret")
    assert (made.check_password("a-long-enough-secret"), made.is_staff, made.shown_name) == (True, False, "inga")


def test_a_simulated_inspector_says_so_wherever_the_name_is_shown(db: None) -> None:
    made = create_person(username="inga", password="a-long-enough-secret", simulated=True)
    assert made.shown_name == "inga (simulated)"


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("", "a-long-enough-secret", "bad_username"),
        ("a b", "a-long-enough-secret", "bad_username"),
        ("x" * 151, "a-long-enough-secret", "bad_username"),
        ("inga", "short", "bad_password"),
        ("inga", "password123", "bad_password"),
    ],
)
def test_a_name_or_password_that_will_not_do_is_refused(db: None, username: str, password: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        create_person(username=username, password=password)
    assert not Person.objects.exists()


def test_a_name_is_given_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="username_taken"):
        create_person(username="inspector", password="a-long-enough-secret")


def test_a_role_given_again_replaces_the_old_one(cast: Cast) -> None:
    covers = job(cast)
    add_member(job=covers, username="inspector", role=MemberRole.MANAGER)
    assert Membership.objects.get(job=covers, person=cast.inspector).role == MemberRole.MANAGER


@pytest.mark.parametrize("gone", [False, True])
def test_nobody_who_is_not_there_becomes_a_member(cast: Cast, gone: bool) -> None:
    Person.objects.filter(username="outsider").update(is_active=False)
    with pytest.raises(Refused, match="unknown_person"):
        add_member(job=job(cast), username="outsider" if gone else "nobody", role=MemberRole.INSPECTOR)


def test_a_job_keeps_an_admin(cast: Cast) -> None:
    covers = job(cast)
    with pytest.raises(Refused, match="last_admin"):
        add_member(job=covers, username="admin", role=MemberRole.INSPECTOR)
    add_member(job=covers, username="manager", role=MemberRole.ADMIN)
    assert add_member(job=covers, username="admin", role=MemberRole.INSPECTOR).role == MemberRole.INSPECTOR


def test_a_sign_of_life_replaces_the_last_one(cast: Cast) -> None:
    for minute in (1, 2):
        show_life(part="sweeper", now=cast.admin.date_joined.replace(minute=minute), detail={"late": minute})
    beat = Heartbeat.objects.get()
    assert (beat.part, beat.at.minute, beat.detail) == ("sweeper", 2, {"late": 2})


def test_names_that_differ_by_case_alone_are_one_name(db: None) -> None:
    create_person(username="Svc", password="a long enough word")
    with pytest.raises(Refused) as refused:
        create_person(username="sVC", password="a long enough word")
    assert refused.value.code == "username_taken"
