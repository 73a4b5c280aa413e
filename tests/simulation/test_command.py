"""`manage.py simulate` as a person starts it: in processes and a database of its own."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inspection.models import Item


def test_runs_leave_nothing_in_this_database_and_their_figures_behind(db: None) -> None:
    out, progress = StringIO(), StringIO()
    call_command("simulate", parts=24, runs=2, json=True, stdout=out, stderr=progress)
    told = json.loads(out.getvalue())
    assert (told["summary"]["runs"], [one["seed"] for one in told["runs"]]) == (2, [1, 2])
    assert told["plan"]["parts"] == 24
    assert Item.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "said"), [({"defects": 2.0}, "defects is a share"), ({"bar": ["miss"]}, "NAME=VALUE")]
)
def test_what_cannot_be_simulated_is_said_before_anything_runs(options: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("simulate", **options)
