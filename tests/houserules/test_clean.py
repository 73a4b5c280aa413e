"""Nothing in the project belongs to one machine only."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.houserules import source

# Written in two halves, or these lines would find themselves.
FIRST_FOLDERS = ("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")
OF_ONE_MACHINE = re.compile(rf"(?<![\w.>}}])/(?:{'|'.join(FIRST_FOLDERS)})/[\w.-]")
REGISTRY = re.compile(
    "|".join(
        ["registry" + r"\.", "pypi" + r"\.org", "files" + r"\.pythonhosted", "deb" + r"\.debian", "index" + "-url"]
    )
)


def readable(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_path_of_one_machine() -> None:
    assert [source.name(path) for path in source.tracked() if OF_ONE_MACHINE.search(readable(path))] == []


def test_no_file_names_a_registry() -> None:
    assert [source.name(path) for path in source.tracked() if REGISTRY.search(readable(path))] == []


def test_the_lock_file_of_the_pages_names_no_host() -> None:
    lock = (source.ROOT / "package-lock.json").read_text()
    assert "://" not in lock
    assert all("integrity" in entry for name, entry in json.loads(lock)["packages"].items() if name)


def test_every_package_is_pinned_exactly() -> None:
    lines = [
        line
        for file in ("requirements.txt", "requirements-demo.txt")
        for line in (source.ROOT / file).read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[^=\s*]+", line)] == []
