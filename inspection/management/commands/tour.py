"""Print the journey of an item: its steps in order, each with what it does."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from inspection import journey


class Command(BaseCommand):
    help = "The journey's steps, each with the first line of its docstring."

    def handle(self, *_args: Any, **_options: Any) -> None:
        folder = Path(journey.__path__[0])
        for number, step in enumerate(journey.STEPS, start=1):
            self.stdout.write(f"{number}. {step:<8} {_first_line(folder / f'{step}.py')}")


def _first_line(path: Path) -> str:
    """Read, not imported: the tour must not load the model side."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
