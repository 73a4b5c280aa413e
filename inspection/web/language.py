"""In which language a request is answered, the switch in the header, and the words that scripts say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import JavaScriptCatalog

from inspection.acts.set_language import set_language
from inspection.models import Person
from inspection.vocabulary import Language

Next = Callable[[HttpRequest], HttpResponse]
WORDS = Path(__file__).resolve().parent.parent / "locale"
A_YEAR = 365 * 86_400


class LanguageMiddleware:
    """The language of the person; without one that of the browser, by the log-in page's choice or by what it asks for.

    It stands behind the log-in: Django's own middleware knows cookies and headers, and no person.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        # A token may have brought another language than the request had when it came.
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response


def language_of(request: HttpRequest) -> str:
    person = request.user
    if isinstance(person, Person) and person.language in Language.values:
        return person.language
    return translation.get_language_from_request(request)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Kept with the person, or in this browser alone while nobody is logged in: stations are shared."""
    language, target = request.POST.get("language", ""), request.POST.get("next", "")
    if language not in Language.values:
        raise Http404
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = settings.LOGIN_REDIRECT_URL
    answer = redirect(target)
    if isinstance(request.user, Person):
        set_language(person=request.user, language=language)
    else:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


class Words(JavaScriptCatalog):
    """What `static/js/words.js` looks sentences up in."""

    packages = ["inspection"]


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def words(request: HttpRequest, language: str, mark: str) -> HttpResponseBase:
    """The address holds a mark of the content, so that a browser keeps it and yet never speaks with old words."""
    if language not in Language.values or mark != words_mark(language):
        raise Http404
    with translation.override(language):
        return Words.as_view()(request)


@cache
def words_mark(language: str) -> str:
    """A digest of the compiled words of scripts; "0" where there are none, as for English."""
    compiled = WORDS / language / "LC_MESSAGES" / "djangojs.mo"
    return hashlib.sha256(compiled.read_bytes()).hexdigest()[:12] if compiled.is_file() else "0"
