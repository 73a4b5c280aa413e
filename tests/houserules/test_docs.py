"""Every setting, command and endpoint stands in the docs: what nobody can read about, nobody can use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.houserules import source

READER = re.compile(r"environ\.(get|pop|setdefault)$|^(os\.)?getenv$|^_whole(_number)?$")
# Read, but not offered to whoever runs Sightline.
NOT_OFFERED = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "OMP_NUM_THREADS", "PATH", "DEBIAN_FRONTEND"}


def docs() -> str:
    pages = [path for path in source.tracked() if path.suffix == ".md"]
    return "\n".join(path.read_text() for path in pages)


def environment_names() -> Iterator[str]:
    """What the product's own files ask the environment for."""
    for path in source.python("inspection", "inference", "deploy"):
        for node in ast.walk(source.tree(path)):
            yield from (word.strip("'") for word in _asked(node) if re.fullmatch(r"'[A-Z][A-Z0-9_]+'", word))


def _asked(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        yield ast.unparse(node.slice)
    elif isinstance(node, ast.Call):
        # A default may be a word in capitals too: the name is the first one.
        words = [ast.unparse(word) for word in node.args if isinstance(word, ast.Constant)]
        yield from words[:1] if READER.search(ast.unparse(node.func)) else ()
        yield from (ast.unparse(word.value) for word in node.keywords if word.arg == "env")


def endpoints(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern.url_patterns, path)
        elif path.startswith("api/") and "(?P" not in path:
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def test_every_setting_from_the_environment_is_in_the_docs() -> None:
    text = docs()
    assert sorted({name for name in environment_names() if f"`{name}" not in text} - NOT_OFFERED) == []


def test_every_command_is_in_the_docs() -> None:
    text = docs()
    commands = [path.stem for path in (source.ROOT / "inspection" / "management" / "commands").glob("[a-z]*.py")]
    assert [name for name in commands if f"manage.py {name}" not in text] == []


def test_every_endpoint_is_in_the_docs() -> None:
    text = re.sub(r"\{\w+\}", "{}", docs())
    assert [path for path in endpoints(get_resolver().url_patterns) if re.sub(r"\{\w+\}", "{}", path) not in text] == []


def test_every_make_target_is_in_the_docs() -> None:
    text = docs()
    targets = re.findall(r"^([a-z]+):.*## ", (source.ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [name for name in targets if f"make {name}" not in text and name != "help"] == []
