"""What a site has stored and where: its tables, and the files that its rows name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from inspection.models import Job, ModelVersion, Person, Picture

# Runs one statement on one state of the tables and gives its rows.
Ask = Callable[[str], Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Stored:
    """What one state of the tables names; `pictures` is digest by name in the picture store."""

    migrations: tuple[str, ...]
    pictures: Mapping[str, str]
    bundles: tuple[str, ...]


def engine() -> str:
    """`sqlite` or `postgresql`."""
    return str(connection.vendor)


def stored(ask: Ask) -> Stored:
    """By plain statements, since the state that is asked for may be a copy which Django knows nothing of."""
    return Stored(
        migrations=_applied(ask),
        pictures=dict(_pair(row) for row in ask(f"SELECT name, digest FROM {_of(Picture)}")),  # noqa: S608
        bundles=tuple(row[0] for row in ask(f"SELECT DISTINCT digest FROM {_of(ModelVersion)}")),  # noqa: S608
    )


def ask_here(statement: str) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def models() -> list[type[Model]]:
    """Every model with a table of its own; Django's own note of migrations is none of them."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def columns() -> dict[str, list[str]]:
    """The columns of every table of a model."""
    return {
        model._meta.db_table: [str(field.column) for field in model._meta.local_concrete_fields] for model in models()
    }


def is_empty() -> bool:
    """Whether nobody has begun to use this site."""
    return not (Person.objects.exists() or Job.objects.exists())


def _applied(ask: Ask) -> tuple[str, ...]:
    rows = ask(f"SELECT app, name FROM {_of(MigrationRecorder.Migration)}")  # noqa: S608
    return tuple(sorted(f"{app}.{name}" for app, name in map(_pair, rows)))


def _pair(row: Sequence[Any]) -> tuple[str, str]:
    return str(row[0]), str(row[1])


def _of(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)
