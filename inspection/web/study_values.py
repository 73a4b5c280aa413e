"""Measured values and limits of a draft as its page holds them: as somebody typed, pasted or sent them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from inspection.acts.measure_study import MOST_SAID, Measures
from inspection.models import Study
from inspection.policy.study_values import number, read_table
from inspection.refused import Kind, Refused

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Typed:
    """What stands in the form; it comes back as it was when something in it is wrong."""

    lower: str = ""
    upper: str = ""
    unit: str = ""
    table: str = ""
    others: bool = False


def stored(study: Study) -> Typed:
    """One line for each part of the draft, so that values can be written behind the serials."""
    rows = study.parts.values_list("item__serial", "value")
    return Typed(
        lower=_text(study.lower_limit),
        upper=_text(study.upper_limit),
        unit=study.unit,
        table="\n".join(f"{serial}; {_text(value)}" for serial, value in rows),
    )


def typed(request: HttpRequest) -> Typed:
    said = request.POST
    return Typed(
        lower=said.get("lower", ""),
        upper=said.get("upper", ""),
        unit=said.get("unit", ""),
        table=said.get("table", ""),
        others="others" in said,
    )


def with_file(form: Typed, file: UploadedFile | None) -> Typed:
    """A file takes the place of what stands in the field. Raises `Refused`: `table_too_large`, `no_text`."""
    if file is None:
        return form
    if (file.size or 0) > MOST_BYTES:
        raise Refused("table_too_large", "A table of serials and values has at most 1 MB.", kind=Kind.TOO_LARGE)
    return replace(form, table=_decoded(file.read()))


def measures(form: Typed, study: Study) -> Measures:
    """Raises `Refused`: `bad_limits`, `bad_values` with what is wrong in `errors`."""
    known = set(study.parts.values_list("item__serial", flat=True))
    rows, wrong = read_table(form.table, known=known)
    if wrong:
        raise Refused("bad_values", wrong[0], errors=wrong[:MOST_SAID])
    return Measures(
        lower=_limit(form.lower), upper=_limit(form.upper), unit=form.unit.strip(), rows=rows, others=form.others
    )


def _limit(text: str) -> float | None:
    value = number(text)
    if value is None and text.strip():
        raise Refused("bad_limits", "A limit is a number, or is left empty where there is none.")
    return value


def _decoded(data: bytes) -> str:
    """As spreadsheets save text: UTF-8, UTF-16 with its mark, or the code page of Windows."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign < " " and sign not in "\t\r\n" for sign in text):
            return text
    raise Refused("no_text", "This file is no table of text. Save it as CSV in the spreadsheet and take that file.")


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
