"""The web process stays small: an engine costs it two seconds and two hundred megabytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.houserules import source

ENGINES = ("torch", "torchvision", "openvino", "timm", "sklearn", "skimage")
LOOK = f"""
import importlib, json, sys
import inspection.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
for name in ("inspection.admin", "inspection.web.urls", "inspection.api.urls", "inspection.tasks"):
    importlib.import_module(name)
print(json.dumps([name for name in {ENGINES!r} if name in sys.modules]))
"""


def test_everything_that_the_web_side_imports_brings_no_engine() -> None:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "inspection.settings"}
    told = subprocess.run([sys.executable, "-c", LOOK], cwd=source.ROOT, env=environ, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == []
