"""Tables are written in journey/ and acts/ alone: who looks for the cause of a row looks in two rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.houserules import source

ALWAYS = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "create_user", "create_superuser"),
    *("acreate", "aupdate", "adelete", "asave", "_raw_delete"),
}
# Dictionaries, pictures and caches have methods of these names too, but those take an argument by position.
WITHOUT_ARGUMENTS = {"save", "delete", "update"}
EXCEPTIONS = {
    "inspection/api/tokens.py": {"get_or_create"},  # DRF's own table of tokens; no row of ours
}


def writes(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            word = node.func.attr
            if word in ALWAYS or (word in WITHOUT_ARGUMENTS and not node.args):
                yield node.lineno, word


def test_nobody_outside_journey_and_acts_writes_tables() -> None:
    rooms = ("inspection/journey/", "inspection/acts/")
    found = [
        f"{source.name(path)}:{line} .{word}()"
        for path in source.python("inspection")
        if not source.name(path).startswith(rooms)
        for line, word in writes(path)
        if word not in EXCEPTIONS.get(source.name(path), set())
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    for name, words in EXCEPTIONS.items():
        assert words <= {word for _line, word in writes(source.ROOT / name)}


def test_the_scan_sees_the_writes_of_the_journey() -> None:
    assert any(list(writes(path)) for path in source.python("inspection/journey"))
