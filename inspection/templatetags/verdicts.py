"""Verdicts as people read them: colour, sign and word together, since about one man in twelve misses the colour."""

from __future__ import annotations

from django import template

from inspection.vocabulary import Verdict

register = template.Library()

SIGNS = {Verdict.OK: "✓", Verdict.NG: "✕", Verdict.UNSURE: "?"}


@register.inclusion_tag("shell/_verdict.html")
def verdict(value: str) -> dict[str, str]:
    if not value:
        return {"word": "", "sign": ""}
    return {"word": Verdict(value).label, "sign": SIGNS[Verdict(value)], "tone": value.lower()}


@register.filter
def named(codes: list[str], names: dict[str, str]) -> str:
    """Label codes as the names of the job's catalogue."""
    return ", ".join(names.get(code, code) for code in codes)
