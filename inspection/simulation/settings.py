"""The product's settings for a database that is thrown away: nothing in it has to outlive a power cut or an attack."""

from __future__ import annotations

from inspection.settings import *  # noqa: F403
from inspection.settings import DATABASES

# Each simulated signature would else cost as much as fifty parts.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
    )
