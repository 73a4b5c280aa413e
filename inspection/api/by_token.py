"""Who is behind a token. In a file of its own: DRF loads it while its views are still being made."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from rest_framework.authentication import TokenAuthentication


class ByToken(TokenAuthentication):
    """A program is answered in the language of its account, where one is chosen, else as it asks."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        person, token = super().authenticate_credentials(key)
        if person.language:
            translation.activate(person.language)
        return person, token
