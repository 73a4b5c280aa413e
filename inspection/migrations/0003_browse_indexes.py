"""Indexes in the order of lists, and one for the beginnings of serials.

With (job, lot) and (job, state) alone a list had to choose between finding its rows and having them in order; SQLite
chose the order, and walked through a million parts to the oldest lot.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

SERIALS = "item_serial_begins"


def index_beginnings(_apps: Any, editor: Any) -> None:
    """PostgreSQL orders text by the rules of a language, under which the beginning of a serial is no range. SQLite
    orders by bytes: there the index of the serials that may come once serves."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX {SERIALS} ON inspection_item (job_id, serial varchar_pattern_ops)")


def drop_beginnings(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX {SERIALS}")


class Migration(migrations.Migration):
    dependencies = [("inspection", "0002_second_eyes")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["job", "lot", "-received_at", "-id"], name="item_lot_newest"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["job", "state", "-received_at", "-id"], name="item_state_newest"),
        ),
        migrations.RemoveIndex(model_name="item", name="item_lot"),
        migrations.RemoveIndex(model_name="item", name="item_state"),
        migrations.RunPython(index_beginnings, drop_beginnings),
    ]
