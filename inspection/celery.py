"""The Celery application."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspection.settings")
# Before any library opens its thread pool: two workers with two threads each on two cores are many times
# slower than with one thread each.
os.environ.setdefault("OMP_NUM_THREADS", "1")

app = Celery("inspection")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["inspection"])


@worker_ready.connect
def _pulse_at_once(**_worker: object) -> None:
    """Through the queue, like every pulse; until the first one of beat, five seconds later, every page would warn."""
    app.send_task("inspection.tasks.pulse", expires=15)
