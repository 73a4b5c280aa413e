from __future__ import annotations

import pytest

from inspection.policy.words import is_name, is_storable


@pytest.mark.parametrize("text", ["Covers, line 2", "Ốp lưng", "<b>", "a  b", "'; DROP"])
def test_whatever_can_be_read_is_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "a\nb", "a\tb", "a\u200bb", "a\u202eb", "a\ud800b", "\x85"])
def test_what_cannot_be_seen_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "storable"), [("two\nlines", True), ("", True), ("a\x00b", False), ("a\udfffb", False)]
)
def test_a_note_may_have_lines_but_nothing_that_a_database_refuses(text: str, storable: bool) -> None:
    assert is_storable(text) == storable
