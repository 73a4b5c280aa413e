"""The product's settings with one page more: an authenticated view that does nothing, to measure others against."""

from __future__ import annotations

from inspection.settings import *  # noqa: F403

ROOT_URLCONF = "deploy.bench.urls"
