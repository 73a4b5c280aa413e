"""Bodies and query strings as they may come in: each field of one type, and no field that nobody knows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import parsers, serializers
from rest_framework.exceptions import ParseError

from inspection.refused import Refused

MOST_METADATA = 16_000
"""Characters of an item's metadata as JSON."""


class StrictJSON(parsers.JSONParser):
    """JSON whose nesting may be any depth in a hostile body: too deep is a parse error, not a fault of ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error


class Text(serializers.CharField):
    """Text that came as text: DRF would take the number 5 for "5"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Must be text.")
        return super().to_internal_value(data)


class Words(Text):
    """Optional text whose characters somebody else judges, under a code of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, **kwargs})
        self.validators = []


class Flag(serializers.BooleanField):
    """A JSON boolean, and nothing that looks like one."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("Must be true or false.")
        return data


class Whole(serializers.IntegerField):
    """A JSON whole number; Python counts true as 1."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError("Must be a whole number.")
        return data


class Number(serializers.FloatField):
    """A finite JSON number."""

    def to_internal_value(self, data: Any) -> float:
        # Beyond 1e300 lies infinity, which a database stores and JSON cannot say.
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not -1e300 < data < 1e300:
            raise serializers.ValidationError("Must be a number.")
        return float(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field):
    """A time in ISO 8601 with its zone. A naive time would be read in whatever zone the server stands."""

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or len(data) > 40:
            raise serializers.ValidationError("Must be a time in ISO 8601.")
        try:
            # In a query string the plus of +01:00 arrives as a space unless it was escaped.
            moment = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", data))
            if moment.tzinfo is None:
                raise serializers.ValidationError("The time has no zone; write 2026-01-31T08:00:00+01:00 or ...Z.")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise serializers.ValidationError("Must be a time in ISO 8601.") from error

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field(OpenApiTypes.OBJECT)
class JSONText(serializers.Field):
    """A JSON object written as text, as a form carries it."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, str) or len(data) > MOST_METADATA:
            raise serializers.ValidationError(f"Must be a JSON object of at most {MOST_METADATA} characters.")
        try:
            value = json.loads(data, parse_constant=_no_constant)
            # PostgreSQL stores neither NUL nor half a surrogate pair, and 1e999 becomes infinity.
            whole = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as error:
            raise serializers.ValidationError("Must be a JSON object.") from error
        if not isinstance(value, dict) or b"\\u0000" in whole:
            raise serializers.ValidationError("Must be a JSON object without NUL characters.")
        return value

    def to_representation(self, value: Any) -> str:
        return json.dumps(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def read(shape: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """The validated values of a body. Raises `Refused` `unknown_field` or `invalid`, with `field` and `errors`."""
    form = shape(data=data)
    unknown = _unknown(form, data)
    if unknown:
        known = ", ".join(form.fields) or "none"
        detail = f"There is no field {unknown[0]}; the fields here are {known}."
        raise Refused("unknown_field", detail, field=unknown[0], errors={name: ["unknown"] for name in unknown[:10]})
    if not form.is_valid():
        raise invalid(form.errors)
    return dict(form.validated_data)


def read_query(shape: type[serializers.Serializer], query: Mapping[str, Any]) -> dict[str, Any]:
    """The validated values of a query string; a name without a value is as good as none."""
    return read(shape, {name: value for name, value in query.items() if value != ""})


def _unknown(field: serializers.Field | None, data: Any, path: str = "") -> list[str]:
    """Fields that nobody knows, at any depth: a misspelt one passed over in silence is a setting nobody made."""
    if isinstance(field, serializers.ListSerializer) and isinstance(data, list):
        child = field.child
        return [name for place, one in enumerate(data) for name in _unknown(child, one, f"{path}{place}.")]
    if not isinstance(field, serializers.Serializer) or not isinstance(data, Mapping):
        return []
    strange = sorted(path + str(name)[:100] for name in set(data) - set(field.fields))
    inner = [_unknown(child, data.get(name), f"{path}{name}.") for name, child in field.fields.items()]
    return strange + [name for names in inner for name in names]


def invalid(errors: Mapping[str, Any]) -> Refused:
    field, said = _first(errors)
    return Refused("invalid", f"{field}: {said}" if field else said, field=field, errors=errors)


def _first(errors: Any, path: str = "") -> tuple[str, str]:
    """Where the first error lies, in dots, and what it says."""
    if isinstance(errors, Mapping):
        name, inner = next(pair for pair in errors.items() if pair[1])
        return _first(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
    if isinstance(errors, list):
        place, inner = next(pair for pair in enumerate(errors) if pair[1])
        return _first(inner, path if isinstance(inner, str) else f"{path}.{place}")
    return path, str(errors)
