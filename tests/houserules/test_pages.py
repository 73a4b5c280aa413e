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
