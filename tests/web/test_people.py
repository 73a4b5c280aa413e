from __future__ import annotations

import pytest

from inspection.models import Job, Membership, Person
from tests import factories
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
PEOPLE = "/jobs/covers/people/"


def test_an_admin_adds_somebody_new_with_a_password(cast: factories.Cast, job: Job) -> None:
    said = {"username": "grace", "password": factories.PASSWORD, "role": "manager"}
    answer = browser_of(cast.admin).post(PEOPLE, said, follow=True)
    assert "grace is quality manager of this job now." in answer.content.decode()
    assert Person.objects.get(username="grace").check_password(factories.PASSWORD)
    assert Membership.objects.get(job=job, person__username="grace").role == "manager"


def test_an_admin_gives_somebody_known_another_role(cast: factories.Cast, job: Job) -> None:
    browser_of(cast.admin).post(PEOPLE, {"username": "outsider", "role": "inspector"})
    assert Membership.objects.get(job=job, person=cast.outsider).role == "inspector"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": "nobody", "role": "inspector"}, "There is nobody called nobody."),
        ({"username": "grace", "password": "123", "role": "inspector"}, "This password is too short"),
        ({"username": "inspector", "password": factories.PASSWORD, "role": "manager"}, "There is a inspector already."),
        ({"username": "inspector", "role": "king"}, "There is no such role."),
        ({"username": "admin", "role": "inspector"}, "name another one first"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    cast: factories.Cast, job: Job, said: dict[str, str], words: str
) -> None:
    before = set(Membership.objects.values_list("person", "role"))
    answer = browser_of(cast.admin).post(PEOPLE, said, follow=True)
    assert words in answer.content.decode()
    assert set(Membership.objects.values_list("person", "role")) == before
