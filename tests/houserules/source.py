"""The project's own files, as git knows them, and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Files that are, or on the next `git add` would be, part of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for line in told.stdout.splitlines() if (path := ROOT / line).is_file())


def python(*folders: str) -> tuple[Path, ...]:
    """Python files below `folders`, migrations left out."""
    below = tuple(f"{folder}/" for folder in folders)
    return tuple(
        path for path in tracked() if path.suffix == ".py" and name(path).startswith(below) and not _made(path)
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _made(path: Path) -> bool:
    return "migrations" in path.parts


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    """Dotted names of all modules that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
