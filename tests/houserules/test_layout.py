"""The house: its steps, its sizes, its names."""

from __future__ import annotations

import ast
import re
import sys

from inspection import journey
from tests.houserules import source

LONGEST_FILE, LONGEST_FUNCTION = 400, 45
IN_ORDER = ("intake", "predict", "route", "review", "decide", "compare", "promote", "rollout", "monitor", "retrain")


def test_the_steps_are_the_files_of_the_journey_in_its_order() -> None:
    files = {path.stem for path in (source.ROOT / "inspection" / "journey").glob("*.py")} - {"__init__"}
    assert tuple(step for step in IN_ORDER if step in files) == journey.STEPS
    assert files == set(journey.STEPS)


def test_the_journey_imports_none_of_its_steps_by_itself() -> None:
    assert list(source.imports(source.ROOT / "inspection" / "journey" / "__init__.py")) == []


def test_a_rule_imports_nothing_but_numbers_and_words() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "scipy", "inspection"}
    foreign = {
        (source.name(path), module) for path in source.python("inspection/policy") for module in source.imports(path)
    }
    assert {pair for pair in foreign if pair[1].partition(".")[0] not in allowed} == set()


def test_no_file_has_more_than_400_lines() -> None:
    long = {
        source.name(path): count
        for path in source.python("inspection", "inference", "deploy", "tests")
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_has_more_than_45_lines() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = {
        f"{source.name(path)}:{node.lineno} {node.name}": lines
        for path in source.python("inspection", "inference", "deploy")
        for node in ast.walk(source.tree(path))
        if isinstance(node, functions)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_migrations_are_named_by_what_they_do() -> None:
    names = [path.stem for path in source.tracked() if path.parent.name == "migrations" and path.stem != "__init__"]
    assert names
    assert [
        name for name in names if re.search(r"_auto_|\d{8}|_initial$", name) or not re.match(r"\d{4}_[a-z]", name)
    ] == []


def test_no_room_is_a_drawer() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "lib", "misc"}
    assert [source.name(path) for path in source.tracked() if drawers & {*path.parts, path.stem}] == []
