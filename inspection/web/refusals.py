"""How a no of the core looks in a browser: JSON for our scripts, a message for forms."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from inspection.refused import Kind, Refused, spoken

STATUS = {
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def as_json(refused: Refused) -> JsonResponse:
    return JsonResponse({"code": refused.code, "detail": refused.detail}, status=STATUS[refused.kind])


def as_message(request: HttpRequest, refused: Refused) -> None:
    """Say on the next page why nothing was changed, with what has `changed` meanwhile where that is why."""
    changed = [spoken(sentence) for sentence in refused.extra.get("changed", [])]
    messages.error(request, " ".join([refused.detail, *changed, _("Nothing was changed.")]))


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
