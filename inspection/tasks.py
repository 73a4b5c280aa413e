"""Celery's door: three-line wrappers, ids in, nothing out."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from inspection import walk
from inspection.acts.show_life import show_life


@shared_task(name="inspection.tasks.predict")
def predict(ids: list[str]) -> None:
    """The bell rang for these items."""
    walk.predict_and_advance(ids)


@shared_task(name="inspection.tasks.read_study")
def read_study(pk: int) -> None:
    """The bell rang for this study."""
    walk.read_study(pk)


@shared_task(name="inspection.tasks.pulse")
def pulse() -> None:
    """Shows that a worker really takes work from the queue; being up would not show it."""
    show_life(part="worker", now=timezone.now())
