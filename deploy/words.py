"""The words of pages and messages: `python -m deploy.words gather | compile`.

`gather` reads every sentence that is marked in Python, templates and scripts, and brings the lists of translations up
to it; `compile` makes of the lists what pages load, which `make setup` does and which is never committed.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "inspection" / "locale"
LANGUAGES = ("vi",)
DOMAINS = ("django", "djangojs")
# Who calls what with a sentence: `_` and its kin are Django's, the others are ours.
PYTHON_SAYS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Sentence", "say"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
SCRIPTS_SAY: dict[str, Any] = {"t": None, "tn": (1, 2)}
# A folder, which of its files, how they are read, and the calls that hold sentences.
Place = tuple[str, str, Any, dict[str, Any]]


def in_template(file: Any, keywords: Any, comment_tags: Collection[str], options: Any) -> Iterator[Any]:
    """The sentences of a Django template, by Django's own reading of it.

    What is no sentence comes out as X and blanks of any indentation, of which Python could make nothing.
    """
    lines = "\n".join(line.strip() for line in templatize(file.read().decode()).splitlines())
    yield from extract_python(io.BytesIO(lines.encode()), keywords, comment_tags, {"encoding": "utf-8", **options})


PLACES: dict[str, tuple[Place, ...]] = {
    "django": (
        ("inspection", "**.py", "python", PYTHON_SAYS),
        ("templates", "**.html", in_template, PYTHON_SAYS),
    ),
    "djangojs": (("static/js", "**.js", "javascript", SCRIPTS_SAY),),
}


def gathered(domain: str) -> Catalog:
    """Every sentence that is marked, with where it stands (files without lines: those would change with every edit)."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    found = Catalog(fuzzy=False)
    for folder, pattern, method, keywords in PLACES[domain]:
        rows = extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], options_map={pattern: {"encoding": "utf-8"}},
            keywords=keywords, directory_filter=lambda path: "migrations" not in Path(path).parts,
        )  # fmt: skip
        for name, _line, message, _comments, context in rows:
            if message and message != "":
                found.add(message, locations=[(f"{folder}/{name}", 0)], context=context)
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
    """Makes the compiled lists where they are older than the lists; several processes may do so at once."""
    for language in LANGUAGES:
        for domain in DOMAINS:
            path = list_of(language, domain)
            made = path.with_suffix(".mo")
            if path.is_file() and (not made.is_file() or made.stat().st_mtime < path.stat().st_mtime):
                fresh = made.with_name(f"{made.name}.{os.getpid()}")
                with fresh.open("wb") as file:
                    write_mo(file, listed(language, domain))
                fresh.replace(made)


WHAT: dict[str, Callable[[], None]] = {"gather": gather, "compile": compile_all}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in WHAT:
        print(f"usage: python -m deploy.words {' | '.join(WHAT)}", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    WHAT[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
