"""The words of pages and messages: `python -m deploy.words gather | compile`.

`gather` reads every sentence that is marked in Python, templates and scripts, and brings the lists of translations up
to it; `compile` makes of the lists what pages load, which `make setup` does and which is never committed.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "inspection" / "locale"
LANGUAGES = ("vi",)
DOMAINS = ("django", "djangojs")
# Who calls what with a sentence, and in which of its arguments it stands: `_` and its kin are Django's, others ours.
PYTHON_SAYS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Sentence"), (0,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 1)),
    **dict.fromkeys(("Flaw", "Refused", "PictureRefused", "Malformed", "conflict"), (1,)),
}
# Rules are handed the way to say a sentence; elsewhere the same word means other things.
RULES_SAY = {**PYTHON_SAYS, "say": (0,)}
TEMPLATES_SAY = {"gettext": (0,), "ngettext": (0, 1)}
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
SCRIPT_CALL = re.compile(rf"(?<![\w.])(?:(tn)\(\s*({_TEXT}),\s*({_TEXT})|t\(\s*({_TEXT}))")
Message = str | tuple[str, ...]


def in_python(path: Path) -> Iterator[Message]:
    """The sentences of a module, of calls within calls too; what is put together at run time is none."""
    says = RULES_SAY if "policy" in path.parts else PYTHON_SAYS
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield from _chosen([getattr(argument, "value", None) for argument in node.args], says.get(name, ()))


def in_template(path: Path) -> Iterator[Message]:
    """The sentences of a Django template, by Django's own reading of it.

    What is no sentence comes out as X and blanks of any indentation, of which Python could make nothing.
    """
    lines = "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())
    for _line, name, said, _comments in extract_python(io.BytesIO(lines.encode()), TEMPLATES_SAY, [], {}):
        yield from _chosen(said, TEMPLATES_SAY[str(name)])


def in_script(path: Path) -> Iterator[Message]:
    """The sentences of `t("...")` and `tn("...", "...", n)`, those within template strings too."""
    for plural, one, many, plain in SCRIPT_CALL.findall(path.read_text()):
        yield (json.loads(one), json.loads(many)) if plural else json.loads(plain)


def _chosen(said: Any, places: tuple[int, ...]) -> Iterator[Message]:
    """The sentences among a call's arguments; nothing where one of them is no plain text."""
    arguments = [said] if isinstance(said, str) else list(said)
    texts = tuple(arguments[place] for place in places if place < len(arguments))
    if texts and len(texts) == len(places) and all(isinstance(text, str) and text for text in texts):
        yield texts if len(texts) > 1 else texts[0]


# A list of words -> folder, files in it, and how they are read.
PLACES: dict[str, tuple[tuple[str, str, Callable[[Path], Iterator[Message]]], ...]] = {
    "django": (
        ("inspection", "*.py", in_python),
        ("inference", "*.py", in_python),
        ("templates", "*.html", in_template),
    ),
    "djangojs": (("static/js", "*.js", in_script),),
}


def gathered(domain: str) -> Catalog:
    """Every sentence that is marked, with the files it stands in; lines would change with every edit."""
    found = Catalog(fuzzy=False)
    for folder, pattern, read in PLACES[domain]:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if "migrations" not in path.parts:
                for message in read(path):
                    found.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return found


def listed(language: str, domain: str) -> Catalog:
    """The translations as they stand in the project."""
    path = list_of(language, domain)
    if not path.is_file():
        return Catalog(locale=language, domain=domain, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def list_of(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def gather() -> None:
    for language in LANGUAGES:
        for domain in DOMAINS:
            catalog = listed(language, domain)
            # Guessing from similar sentences brings wrong ones in unseen.
            catalog.update(gathered(domain), no_fuzzy_matching=True, update_creation_date=False)
            catalog.obsolete.clear()
            path = list_of(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                # Dates and addresses of a header would change with every run and say nothing.
                write_po(file, catalog, width=0, sort_output=True, include_lineno=False, omit_header=True)
            missing = [message.id for message in catalog if message.id and not is_said(message)]
            print(f"{language} {domain}: {len(catalog)} sentences, {len(missing)} without a translation")


def is_said(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def compile_all() -> None:
    """Compiles the lists that have changed; several processes may do so at once.

    A compiled list bears the time of its list: a newer time is no sign, since an unpacked release keeps its old ones.
    """
    for language in LANGUAGES:
        for domain in DOMAINS:
            path = list_of(language, domain)
            made = path.with_suffix(".mo")
            if path.is_file() and not _is_of(made, path):
                fresh = made.with_name(f"{made.name}.{os.getpid()}")
                with fresh.open("wb") as file:
                    write_mo(file, listed(language, domain))
                os.utime(fresh, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
                fresh.replace(made)


def _is_of(made: Path, path: Path) -> bool:
    return made.is_file() and made.stat().st_mtime_ns == path.stat().st_mtime_ns


WHAT: dict[str, Callable[[], None]] = {"gather": gather, "compile": compile_all}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in WHAT:
        print(f"usage: python -m deploy.words {' | '.join(WHAT)}", file=sys.stderr)
        return 2
    WHAT[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
