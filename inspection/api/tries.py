"""Wrong log-ins: after some for one name from one address comes a pause. Every door where one logs in counts here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Tries:
    """The tries for one name from one address, in this process's memory."""

    username: str
    address: str

    @classmethod
    def of(cls, request: HttpRequest, username: str) -> Tries:
        return cls(username=username.casefold(), address=request.META.get("REMOTE_ADDR", ""))

    def pause(self) -> int:
        """Seconds until the next try is listened to; 0 when it may come now."""
        failed, since = self._read()
        left = since + settings.LOGIN_PAUSE_SECONDS - time.time()
        return max(1, round(left)) if failed >= settings.LOGIN_TRIES and left > 0 else 0

    def failed(self) -> None:
        """Count a wrong password. The pause runs from the latest one that was listened to."""
        failed, _ = self._read()
        cache.set(self._key, (failed + 1, time.time()), settings.LOGIN_PAUSE_SECONDS)

    def succeeded(self) -> None:
        cache.delete(self._key)

    def _read(self) -> tuple[int, float]:
        return cache.get(self._key, (0, 0.0))

    @property
    def _key(self) -> str:
        # A digest, since a name may hold what no cache takes as a key.
        return "tries:" + hashlib.sha256(f"{self.address}\n{self.username}".encode()).hexdigest()
