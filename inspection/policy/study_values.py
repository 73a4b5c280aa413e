"""A small table of serials and measured values, as people paste it from a spreadsheet or send it as a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspection.sentences import Sentence

MOST_ROWS = 2_000
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")


@dataclass(frozen=True)
class Row:
    """One line. `value` is None where the part was not measured."""

    line: int
    serial: str
    value: float | None


def number(text: str) -> float | None:
    """A decimal number with a point or a comma; None for anything else, for what is infinite, and for "nan"."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if NUMBER.fullmatch(text) is None:
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) < 1e300 else None


def read_table(text: str, *, known: Collection[str]) -> tuple[list[Row], list[Sentence]]:
    """The rows of a table, and what is wrong with it line by line.

    A line is a serial and a value, with a tab, a semicolon or a comma between; without a value the part was not
    measured. A first line without any digit that names no known part is taken for the heading.
    """
    rows: list[Row] = []
    wrong: list[Sentence] = []
    lines = [(line, whole) for line, whole in enumerate(text.splitlines(), 1) if whole.strip()]
    for place, (line, whole) in enumerate(lines):
        serial, value = _cells(whole)
        found = number(value)
        if found is not None or not value:
            rows.append(Row(line, serial, found))
        elif place or serial in known or re.search(r"\d", whole):
            wrong.append(
                Sentence("Line {line}: “{value}” is no number that a part can measure.", line=line, value=value[:40])
            )
    return rows, wrong


def _cells(line: str) -> tuple[str, str]:
    """Serial and value; the last sign divides, since a serial may hold a comma."""
    for sign in ("\t", ";", ","):
        if sign in line:
            serial, _, value = line.rpartition(sign)
            return _bare(serial), _bare(value)
    return _bare(line), ""


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def match(
    rows: Iterable[Row], *, parts: Mapping[str, Sequence[int]], others: bool
) -> tuple[dict[int, float], list[Sentence]]:
    """The value of each part by its number, and what stands in the way.

    `parts` holds the numbers of the parts of a study by their serial: two passes of one part have the same. With
    `others` lines of serials that are not in the study are passed over.
    """
    found: dict[int, float] = {}
    wrong: list[Sentence] = []
    for row in rows:
        numbers = parts.get(row.serial, ())
        flaw = _flaw(row, numbers, found)
        if flaw is not None and (numbers or not others):
            wrong.append(flaw)
        elif numbers and row.value is not None:
            found[numbers[0]] = row.value
    return found, wrong


def _flaw(row: Row, numbers: Sequence[int], found: Mapping[int, float]) -> Sentence | None:
    said = {"line": row.line, "serial": row.serial[:60]}
    if not numbers:
        return Sentence("Line {line}: the part “{serial}” is not in this study.", **said)
    if row.value is None:
        return None
    if len(numbers) > 1:
        return Sentence("Line {line}: “{serial}” is in this study with two passes; which one was measured?", **said)
    if numbers[0] in found:
        return Sentence("Line {line}: the part “{serial}” has a value already further up.", **said)
    return None
