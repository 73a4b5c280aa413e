"""The people of the demonstration, by the role they play, and their one password."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

from inspection.acts.create_person import create_person
from inspection.models import Job, Person
from inspection.vocabulary import MemberRole

CAST = {
    "inspector": MemberRole.INSPECTOR,
    "inspector2": MemberRole.INSPECTOR,
    "manager": MemberRole.MANAGER,
    "admin": MemberRole.ADMIN,
    "outsider": None,
}
"""Who can log in to the demonstration, by the role they play; the outsider belongs to no job."""
SIMULATED = ("simulated-anna", "simulated-binh")
SIMULATED_MANAGER = "simulated-chi"
"""Settles what the simulated inspectors see differently."""


def password() -> str:
    """SIGHTLINE_DEMO_PASSWORD, else one made once and kept beside the data, so that a second start can name it."""
    if settings.DEMO_PASSWORD:
        return str(settings.DEMO_PASSWORD)
    path = Path(settings.DATA) / "demonstration-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def cast() -> dict[str, Person]:
    """The people of the demonstration, made where they are missing."""
    people = {name: somebody(name) for name in CAST}
    for name in (*SIMULATED, SIMULATED_MANAGER):
        somebody(name, simulated=True)
    return people


def somebody(name: str, *, simulated: bool = False) -> Person:
    found = Person.objects.filter(username=name).first()
    if found is not None:
        return found
    word = secrets.token_urlsafe(24) if simulated else password()
    return create_person(username=name, password=word, simulated=simulated, is_staff=name == "admin", weak=True)


def log_ins() -> dict[str, str]:
    """Whoever can log in to the demonstration, with the password; empty for those who have another one by now."""
    if not Job.objects.filter(demonstration=True).exists():
        return {}
    there = {person.username: person for person in Person.objects.filter(username__in=CAST, is_active=True)}
    word = password()
    return {name: word if there[name].check_password(word) else "" for name in CAST if name in there}
