"""Whether every part of the system works, each by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from inspection.celery import app
from inspection.models import Heartbeat, Job, ModelFault
from inspection.policy.routing import LEVELS
from inspection.sentences import Sentence

OTHERS = ("broker", "workers", "sweeper", "model")
FAULTS_SINCE = timedelta(minutes=2)
NO_BROKER = Sentence("The message broker (Redis) cannot be reached: parts go to people as human only.")


@dataclass(frozen=True)
class Part:
    """One part of the system; `why` is a sentence for people when it does not work."""

    name: str
    works: bool
    why: str = ""


def parts(now: datetime) -> list[Part]:
    """Database, broker, workers, sweeper and model, in this order."""
    database = _database()
    if not database.works:
        return [
            database,
            *(Part(name, False, Sentence("Unknown: the database does not answer.")) for name in OTHERS),
        ]
    return [
        database,
        _broker(),
        _alive("workers", "worker", now, Sentence("No AI worker answers: parts go to people as human only.")),
        _alive(
            "sweeper", "sweeper", now, Sentence("The sweeper is silent: parts that wait for the AI may wait too long.")
        ),
        _model(now),
    ]


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Part("database", False, Sentence("The database does not answer: {error}", error=error))
    return Part("database", True)


def _broker() -> Part:
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            # Without a pause before the second try: everybody's page waits for this answer.
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, RedisError, OSError):
        return Part("broker", False, NO_BROKER)
    return Part("broker", True)


def _alive(name: str, part: str, now: datetime, why: str) -> Part:
    seen = Heartbeat.objects.filter(part=part).values_list("at", flat=True).first()
    if seen is not None and now - seen <= timedelta(seconds=settings.SILENT_AFTER_SECONDS):
        return Part(name, True)
    return Part(name, False, why)


def _model(now: datetime) -> Part:
    """Works when no live model that is in use has failed lately. A job without a model is no fault of the system."""
    levels = [level for level, row in LEVELS.items() if row.runs_model]
    live = Job.objects.filter(level__in=levels, champion__isnull=False)
    faults = ModelFault.objects.filter(model__in=live.values("champion"), at__gte=now - FAULTS_SINCE)
    fault = faults.select_related("model__job").order_by("-at").first()
    if fault is None:
        return Part("model", True)
    return Part("model", False, _model_failed(fault))


def _model_failed(fault: ModelFault) -> Sentence:
    return Sentence(
        "The model of {job} failed ({code}): its parts go to people.", job=fault.model.job.name, code=fault.code
    )
