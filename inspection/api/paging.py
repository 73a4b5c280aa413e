"""Pages by keyset: `{next, results}`, where `next` is the address of the following page or null.

A cursor names the last row that was seen, so that rows which arrive meanwhile neither repeat nor hide others, and the
thousandth page costs what the first one costs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from inspection.api.shapes import invalid, read_query

PAGE = 50
LONGEST_PAGE = 200
OWN_NAMES = ("limit", "cursor")
PARAMETERS = [
    OpenApiParameter("limit", int, description=f"Rows a page, 1 to {LONGEST_PAGE}; {PAGE} unless told."),
    OpenApiParameter("cursor", str, description="From the address in `next`."),
]

Row = TypeVar("Row", bound=Model)


class NoFilter(serializers.Serializer):
    """The query string of a list that has pages and nothing else."""


class BadCursor(ParseError):
    default_detail = "This cursor does not come from here; begin again without one."
    default_code = "bad_cursor"


@dataclass(frozen=True)
class Order:
    """The total order of a list: field, and how to read its value back from a cursor. All fields run one way."""

    fields: tuple[tuple[str, Callable[[str], Any]], ...]
    newest_first: bool

    @property
    def columns(self) -> list[str]:
        return [f"-{name}" if self.newest_first else name for name, _ in self.fields]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("naive")
    # Here, where it is a false cursor: the last day of the year 9999 in another zone overflowed in the database layer.
    return moment.astimezone(UTC)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise ValueError("no number")
    return int(text)


def _word(text: str) -> str:
    if "\x00" in text or len(text) > 200:
        raise ValueError("no word")
    return text


BY_RECEIVED = Order((("received_at", _moment), ("id", UUID)), newest_first=True)
BY_AT = Order((("at", _moment), ("id", _number)), newest_first=True)
BY_KEY = Order((("id", _number),), newest_first=False)
BY_SLUG = Order((("slug", _word),), newest_first=False)
BY_NAME = Order((("person__username", _word),), newest_first=False)


@dataclass(frozen=True)
class Page:
    """One page of rows and the cursor of the next one."""

    rows: list[Any]
    cursor: str | None

    def body(self, request: Request, results: Sequence[Any]) -> dict[str, Any]:
        """`{next, results}`; the filters of the request stay in the address of the next page."""
        if self.cursor is None:
            return {"next": None, "results": results}
        query = request.query_params.copy()
        query["cursor"] = self.cursor
        return {"next": request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), "results": results}


def page(rows: QuerySet[Row], request: Request, *, order: Order) -> Page:
    """The page that a request asks for. A false cursor is 400, a `limit` out of range 422."""
    limit = _limit(request.query_params.get("limit") or str(PAGE))
    if cursor := request.query_params.get("cursor"):
        rows = rows.filter(_after(order, _read(order, cursor)))
    found = list(rows.order_by(*order.columns)[: limit + 1])
    more = len(found) > limit
    return Page(rows=found[:limit], cursor=_write(order, found[limit - 1]) if more else None)


def read_filter(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The filters of a list: its query string without the names that paging owns."""
    own = {name: value for name, value in request.query_params.items() if name not in OWN_NAMES}
    return read_query(shape, own)


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= LONGEST_PAGE:
        raise invalid({"limit": [f"Must be between 1 and {LONGEST_PAGE}."]})
    return int(text)


def _after(order: Order, values: list[Any]) -> Q:
    """Rows behind the given one. The first field is bounded once more by itself, which is what an index can use."""
    way = "lt" if order.newest_first else "gt"
    behind, equal = Q(), Q()
    for (name, _), value in zip(order.fields, values, strict=True):
        behind |= equal & Q(**{f"{name}__{way}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{order.fields[0][0]}__{way}e": values[0]}) & behind


def _write(order: Order, row: Any) -> str:
    values = []
    for name, _ in order.fields:
        value = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if isinstance(value, datetime) else str(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(order: Order, cursor: str) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(order.fields):
            raise BadCursor
        return [read(value) for (_, read), value in zip(order.fields, values, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error) as error:
        raise BadCursor from error
