"""The product's settings, on a data folder and a database of the tests' own."""

from __future__ import annotations

from tests.provisions import environment

environment.prepare()

from inspection.settings import *  # noqa: E402, F403 - the environment had to stand first
from inspection.settings import DATA, DATABASES, STORAGES  # noqa: E402

# A file, not memory: several connections must meet the locks of the real thing.
DATABASES["default"]["TEST"] = (
    {} if "postgres" in DATABASES["default"]["ENGINE"] else {"NAME": str(DATA / "test.sqlite3")}
)
# Dozens of log-ins a test run; the real hash takes half a second of both cores for each.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages without `collectstatic` before.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
