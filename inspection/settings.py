"""The one settings file. Everything that a site may set is read from the environment here, and fails loudly."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# All state below one folder: database, pictures, bundles, logs, the key, the embedded Redis.
DATA = Path(os.environ.get("SIGHTLINE_DATA") or BASE_DIR / "data").resolve()
PICTURES = DATA / "pictures"
BUNDLES = DATA / "bundles"


def _secret_key() -> str:
    """From the environment, else one that is made once and kept beside the data, readable by its owner alone."""
    if key := os.environ.get("SIGHTLINE_SECRET_KEY"):
        return key
    path = DATA / "secret.key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret.key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            # link, not rename: of several processes that start at once the first one's key wins.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def _code_version() -> str:
    """What stands on every decision as "code version": the commit where there is one, else the release."""
    try:
        out = subprocess.run(
            ["git", "-C", str(BASE_DIR), "rev-parse", "--short=12", "HEAD"],  # noqa: S607  wherever the site keeps git
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return VERSION
    return f"{VERSION}+{out.stdout.strip()}" if out.returncode == 0 else VERSION


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal():
        raise SystemExit(f"{name} must be a whole number, not {text!r}")
    return int(text)


SECRET_KEY = _secret_key()
CODE_VERSION = _code_version()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SIGHTLINE_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SIGHTLINE_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "inspection.apps.InspectionConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "inspection.web.middleware.UploadLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inspection.web.language.LanguageMiddleware",
    "inspection.web.clock.ClockMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "inspection.urls"
WSGI_APPLICATION = "inspection.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inspection.web.context.every_page",
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite below the data folder unless DATABASE_URL names another.

    WAL and IMMEDIATE together: with one of them alone up to three quarters of concurrent writes fail.
    """
    chosen = dict(
        dj_database_url.config(env="DATABASE_URL", default=f"sqlite:///{DATA / 'sightline.sqlite3'}", conn_max_age=600)
    )
    if chosen["ENGINE"] == "django.db.backends.sqlite3":
        chosen["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        }
    return chosen


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "inspection.Person"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "jobs"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# So many wrong passwords for one name from one address, then a pause.
LOGIN_TRIES = 10
LOGIN_PAUSE_SECONDS = 300

LANGUAGE_CODE = "en"
# Pages and messages, each language named in itself; the words lie in inspection/locale/.
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt")]
TIME_ZONE = "UTC"
USE_I18N = True
# In English 1.226 is a number near one: thousands stand apart by a narrow space in both (templatetags/figures.py).
USE_THOUSAND_SEPARATOR = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_SEADRAGON = BASE_DIR / "node_modules" / "openseadragon" / "build" / "openseadragon"
# The files of other people's libraries that pages may load, one by one: name under /static/ -> file of the package.
PAGE_LIBRARIES = {
    "vendor/htmx.min.js": BASE_DIR / "node_modules" / "htmx.org" / "dist" / "htmx.min.js",
    "vendor/openseadragon.min.js": _SEADRAGON / "openseadragon.min.js",
    # Named in the last line of the file above: a name that leads nowhere stops the collecting of files.
    "vendor/openseadragon.min.js.map": _SEADRAGON / "openseadragon.min.js.map",
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "inspection.web.libraries.PageLibraryFinder",
]
STORAGES = {
    "default": {"BACKEND": "inspection.storage.PictureStorage", "OPTIONS": {"location": PICTURES}},
    "staticfiles": {"BACKEND": "inspection.web.libraries.HashedFiles"},
}

# Per picture; a bulk request may be larger, each of its pictures not.
PICTURE_MAX_BYTES = _whole_number("SIGHTLINE_PICTURE_MAX_BYTES", 40_000_000)
PICTURE_MAX_PIXELS = _whole_number("SIGHTLINE_PICTURE_MAX_PIXELS", 64_000_000)
BULK_MAX_BYTES = 512 * 1024 * 1024
BULK_MAX_ENTRIES = 500
DATA_UPLOAD_MAX_NUMBER_FILES = BULK_MAX_ENTRIES + 1
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # OpenSeadragon adds one style element: no outline on its picture where there is no mouse.
        "style-src": [SELF, "'sha256-9xTiqzfwFaL2SGb1rmr8gysEwVVjIvqWAgmZgqFqpEE='"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "inspection.api.by_token.ByToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "inspection.api.problems.answer",
    "DEFAULT_PAGINATION_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sightline",
    "DESCRIPTION": "Visual inspection by people and AI, with a measured automation level.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # One name for each set of words, wherever it stands.
    "ENUM_NAME_OVERRIDES": {
        "Verdict": "inspection.vocabulary.Verdict",
        "Level": "inspection.vocabulary.Level",
        "ModelRole": "inspection.vocabulary.Role",
        "MemberRole": "inspection.vocabulary.MemberRole",
        "SampleKind": "inspection.vocabulary.SampleKind",
        "SureVerdict": ["OK", "NG"],
        "ItemState": "inspection.vocabulary.State",
        "ProposalState": "inspection.vocabulary.ProposalState",
        "StudyState": "inspection.vocabulary.StudyState",
    },
}

# The broker only rings the bell; the rows are the queue. Nothing is kept in Redis that is not in the database.
CELERY_BROKER_URL = os.environ.get("REDIS_URL") or f"redis+socket://{DATA / 'redis.sock'}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A task that kills its worker would come back for ever; attempts are counted on the item instead.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Below the visibility timeout, or Redis hands out again what is still running.
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    # Else two seconds pass before the one retry, and whoever took a picture in waits them.
    "interval_start": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "predict"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat-schedule")
CELERY_BEAT_SCHEDULE = {"pulse": {"task": "inspection.tasks.pulse", "schedule": 5.0, "options": {"expires": 15}}}

# The password of the demonstration's people; empty: a random one.
DEMO_PASSWORD = os.environ.get("SIGHTLINE_DEMO_PASSWORD", "")

PREDICT_BATCH = _whole_number("SIGHTLINE_BATCH", 16)
PREDICT_ATTEMPTS = 3
# How long a worker may keep a batch before the sweeper gives it to another.
PREDICT_CLAIM_SECONDS = 20
# After this long without an answer the sweeper rings again for an item.
RING_AGAIN_SECONDS = 10
# Silence after which a part of the system counts as down, in seconds.
SILENT_AFTER_SECONDS = 20

LOG_LEVEL = os.environ.get("SIGHTLINE_LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise SystemExit(f"SIGHTLINE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL!r}")


def _calm(record: logging.LogRecord) -> bool:
    """Refusals are the daily round, and /readyz tells its 503 to whoever asks: as WARNING and ERROR, once a second
    and more, they would bury the lines that are worth reading."""
    if 400 <= getattr(record, "status_code", 0) < 500:
        record.levelno, record.levelname = logging.INFO, "INFO"
    return getattr(getattr(record, "request", None), "path", "") != "/readyz"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"calm": {"()": "django.utils.log.CallbackFilter", "callback": _calm}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": LOG_LEVEL}},
    "loggers": {
        "django.request": {"filters": ["calm"]},
        # Two lines a task and one a pulse; what a task did stands in the tables.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
