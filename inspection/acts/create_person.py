"""Create somebody who can log in."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspection.models import Person
from inspection.refused import Refused, conflict
from inspection.sentences import Sentence


def create_person(
    *, username: str, password: str, simulated: bool = False, is_staff: bool = False, weak: bool = False
) -> Person:
    """Create a person; `weak` takes any password, as a demonstration on somebody's own machine may have.

    Raises `Refused`: `bad_username`, `bad_password`, `username_taken`.
    """
    person = Person(username=username, simulated=simulated, is_staff=is_staff, is_superuser=is_staff)
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused("bad_username", " ".join(error.messages)) from error
    if len(username) > 150:
        raise Refused("bad_username", "A name has at most 150 characters.")
    try:
        if not weak:
            validate_password(password, person)
    except ValidationError as error:
        raise Refused("bad_password", " ".join(error.messages)) from error
    if Person.objects.filter(username__iexact=username).exists():
        # "SVC" beside "svc" is hard to tell apart, on pages and in the history alike.
        raise _taken(username)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise _taken(username) from error
    return person


def _taken(username: str) -> Refused:
    return conflict("username_taken", Sentence("There is a {username} already.", username=username))
