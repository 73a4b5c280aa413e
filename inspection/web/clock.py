"""Where the clock of the reader stands, as the browser says it: moments of other places then bear a name."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from inspection.clock import readers_zone

COOKIE = "zone"
"""`static/js/clock.js` sets it."""
LONGEST = 64
Next = Callable[[HttpRequest], HttpResponse]


class ClockMiddleware:
    """Makes the reader's clock known to whatever says moments while a request is answered, and forgets it after that:
    the next request of this thread is somebody else's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = readers_zone.set(zone_of(request))
        try:
            return self.get_response(request)
        finally:
            readers_zone.reset(before)


def zone_of(request: HttpRequest) -> str:
    """The name of the reader's time zone; blank where the browser says none, or one that is not known here."""
    name = unquote(request.COOKIES.get(COOKIE, ""))[:LONGEST]
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        # Somebody else's list of zones, or no name at all: `Asia` is a folder.
        return ""
