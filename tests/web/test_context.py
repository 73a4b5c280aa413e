from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from inspection.queries.restarts import lately


def note(folder: Path, **row: str | None) -> None:
    (folder / "restarts.json").write_text(json.dumps([row]))


def test_a_part_that_came_back_a_minute_ago_is_told(tmp_path: Path) -> None:
    now = timezone.now()
    note(tmp_path, part="worker", died_at=now.isoformat(), back_at=(now - timedelta(minutes=1)).isoformat())
    assert [row.part for row in lately(tmp_path, now=now)] == ["worker"]


def test_a_part_that_came_back_long_ago_is_not_told(tmp_path: Path) -> None:
    now = timezone.now()
    note(tmp_path, part="worker", died_at=now.isoformat(), back_at=(now - timedelta(hours=1)).isoformat())
    assert lately(tmp_path, now=now) == ()


@pytest.mark.parametrize("text", ["", "[{", '[{"part": "web"}]', '{"a": 1}'])
def test_a_note_that_cannot_be_read_breaks_no_page(tmp_path: Path, text: str) -> None:
    (tmp_path / "restarts.json").write_text(text)
    assert lately(tmp_path, now=timezone.now()) == ()
