"""What is too large is refused by its announced length, before a byte of the body is read."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from inspection.api.problems import plain, problem
from inspection.journey.intake import Incoming, record_refusal
from inspection.models import Job
from inspection.permissions import Anyone, may_take_in
from inspection.refused import Kind, Refused
from inspection.sentences import Sentence
from inspection.vocabulary import Source

FORM = 1_000_000
"""What a form may hold beside its files, and a body that is no form in all."""
_INTAKE = re.compile(r"^/(?P<api>api/v1/)?jobs/(?P<slug>[-a-zA-Z0-9_]+)/(?:items(?:/bulk)?|pictures)/$")
_LARGE = re.compile(r"^/api/v1/jobs/[-a-zA-Z0-9_]+/(?:items/bulk|models)/$")

Next = Callable[[HttpRequest], HttpResponse]


class UploadLimitMiddleware:
    """Answers 413 to what announces more than its address takes.

    It stands before everything that reads a body: looking for the CSRF token alone would read 200 MB to the end.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if unannounced(request):
            return _answer(request, Refused("length_required", "Say how long the body is: Content-Length."), status=411)
        limit, size = limit_of(request), announced(request)
        if size <= limit:
            return self.get_response(request)
        refused = Refused(
            "too_large",
            Sentence("The request has {n} bytes; at most {most} are taken here.", n=f"{size:,}", most=f"{limit:,}"),
            kind=Kind.TOO_LARGE,
        )
        _record(request, refused, size=size)
        return _answer(request, refused, status=413)


def limit_of(request: HttpRequest) -> int:
    """The most bytes that a body at this address may have."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        return FORM
    return FORM + (settings.BULK_MAX_BYTES if _LARGE.match(request.path_info) else settings.PICTURE_MAX_BYTES)


def announced(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def unannounced(request: HttpRequest) -> bool:
    """A body that comes in pieces without its length: it would be read as empty, and "picture missing" misleads."""
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower() and "CONTENT_LENGTH" not in request.META


def _record(request: HttpRequest, refused: Refused, *, size: int) -> None:
    """Keep the refusal where somebody who may take pictures in tried to; strangers fill no tables."""
    place = _INTAKE.match(request.path_info)
    job = Job.objects.filter(slug=place["slug"]).first() if place else None
    if place is None or job is None:
        return
    person = _who(request)
    if may_take_in(person, job):
        source = Source.API if place["api"] else Source.BROWSER
        incoming = Incoming(data=b"", name=f"({size} bytes announced)")
        record_refusal(job=job, refused=refused, incoming=incoming, source=source, by=person)  # type: ignore[arg-type]


def _who(request: HttpRequest) -> Anyone:
    """The person by token or session; the layers that usually find out come after this one."""
    try:
        found = TokenAuthentication().authenticate(request)  # type: ignore[arg-type]
    except AuthenticationFailed:
        return AnonymousUser()
    if found is not None:
        return found[0]
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    return get_user(request)  # type: ignore[return-value]


def _answer(request: HttpRequest, refused: Refused, *, status: int) -> HttpResponse:
    # The layer that knows the person's language comes after this one.
    with translation.override(translation.get_language_from_request(request)):
        return _said(request, refused, status=status)


def _said(request: HttpRequest, refused: Refused, *, status: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return plain(problem(status=status, code=refused.code, detail=refused.detail))
    title = _("Not taken")
    language = translation.get_language()
    page = f"<!doctype html><html lang={language}><title>{title}</title><h1>{title}</h1><p>{refused.detail}</p></html>"
    return HttpResponse(page, status=status)
