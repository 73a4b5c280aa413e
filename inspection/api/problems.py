"""Errors as `application/problem+json` (RFC 9457) with a stable `code`."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.views import defaults
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from inspection.refused import Kind, Refused, spoken
from inspection.sentences import Sentence

MEDIA_TYPE = "application/problem+json"
STATUS = {
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
# DRF's own exceptions with the codes that programs may rely on; ours bring their own.
_CODES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "bad_credentials",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "parse_error",
    exceptions.Throttled: "too_many_tries",
}


class ProblemShape(serializers.Serializer):
    """What every refusal looks like; single codes bring further members, such as `criteria`, `item` or `errors`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="A sentence for people.")


FAILURES: dict[Any, Any] = {("4XX", MEDIA_TYPE): OpenApiResponse(ProblemShape, description="Refused.")}


def problem(*, status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """The members of one problem; `extra` holds what a program needs beyond the code."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **extra,
    }


def of_refused(refused: Refused) -> dict[str, Any]:
    """The problem of a no from the core; doors have put whatever was no JSON in `extra` into shape before."""
    said = {name: _spoken(value) for name, value in refused.extra.items()}
    return problem(status=STATUS[refused.kind], code=refused.code, detail=refused.detail, **said)


def _spoken(value: Any) -> Any:
    """Sentences beside the code, such as criteria, in the language of whoever is answered."""
    if isinstance(value, list):
        return [_spoken(one) for one in value]
    return spoken(value) if isinstance(value, Sentence) else value


def plain(content: dict[str, Any]) -> HttpResponse:
    """A problem from where no view runs: middleware and unknown addresses."""
    return JsonResponse(content, status=content["status"], content_type=MEDIA_TYPE)


def answer(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None, and with it a 500, for what nobody expected."""
    content = _known(exc)
    if content is None:
        return None
    set_rollback()
    headers = _headers(exc)
    # A picture view negotiates nothing, and its errors are JSON all the same.
    return Response(content, status=content["status"], headers=headers, content_type=MEDIA_TYPE)


def _known(exc: Exception) -> dict[str, Any] | None:
    if isinstance(exc, Refused):
        return of_refused(exc)
    if isinstance(exc, Http404):
        return problem(status=404, code="not_found", detail=_("There is nothing here for you."))
    if isinstance(exc, PermissionDenied):
        return problem(status=403, code="not_allowed", detail=_("You may not do that."))
    if isinstance(exc, (SuspiciousOperation, UnreadablePostError)):
        return problem(status=400, code="parse_error", detail=_("The request cannot be read."))
    if isinstance(exc, exceptions.APIException):
        code = _CODES.get(type(exc), exc.default_code)
        return problem(status=exc.status_code, code=code, detail=str(exc.detail))
    return None


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before any view: a false host name, a form beyond its limits."""
    if not request.path_info.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return plain(problem(status=400, code="parse_error", detail=_("The request cannot be read.")))


def unknown_address(_request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever below /api/v1/ no address matches; every address ends with a slash."""
    return plain(
        problem(
            status=404,
            code="not_found",
            detail=_("There is no address {address}.").format(address=f"/api/v1/{rest[:200]}"),
        )
    )
