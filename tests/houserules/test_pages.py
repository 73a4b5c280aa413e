"""Templates hold no script, style or handler of their own: the content policy would refuse them, silently for us."""

from __future__ import annotations

import re

import pytest

from tests.houserules import source

INLINE = {
    "script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)",
    "style element": r"<style\b",
    "style attribute": r"\sstyle\s*=",
    "handler": r"\son[a-z]+\s*=\s*[\"']",
    "javascript address": r"javascript:",
    "htmx expression": r"hx-on|hx-vals\s*=\s*[\"']js:|hx-vars",
}


@pytest.mark.parametrize("kind", INLINE)
def test_no_template_holds_code_of_its_own(kind: str) -> None:
    templates = [path for path in source.tracked() if path.suffix == ".html"]
    assert templates
    assert [source.name(path) for path in templates if re.search(INLINE[kind], path.read_text(), re.IGNORECASE)] == []


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
SIZE = re.compile(r"font(?:-size)?:[^;]*?\b\d[\d.]*(?:rem|em)\b")


def sheets() -> dict[str, str]:
    """Every sheet but the one that holds the colours and sizes of all."""
    return {
        source.name(path): path.read_text()
        for path in sorted((source.ROOT / "static" / "css").glob("*.css"))
        if path.name != "variables.css"
    }


@pytest.mark.parametrize("kind", [COLOUR, SIZE], ids=["colours", "sizes of type"])
def test_colours_and_sizes_of_type_stand_in_one_sheet(kind: re.Pattern[str]) -> None:
    """A colour of its own is one that nobody checked against both themes."""
    assert {name: found for name, text in sheets().items() if (found := kind.findall(text))} == {}


def test_the_bench_is_dark_in_every_colour_that_has_a_light_and_a_dark_one() -> None:
    text = (source.ROOT / "static" / "css" / "variables.css").read_text()
    dark = text[text.index("@media (prefers-color-scheme: dark)") : text.index(".bench {")]
    bench = text[text.index(".bench {") :]
    assert set(re.findall(r"--[a-z-]+(?=:)", dark)) == set(re.findall(r"--[a-z-]+(?=:)", bench))


def test_no_sheet_or_script_has_more_than_400_lines() -> None:
    files = [*(source.ROOT / "static" / "css").glob("*.css"), *(source.ROOT / "static" / "js").glob("*.js")]
    long = {source.name(path): count for path in files if (count := len(path.read_text().splitlines())) > 400}
    assert long == {}
