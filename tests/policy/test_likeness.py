from __future__ import annotations

from typing import Any

import pytest

from inspection.policy.likeness import NOTHING_NEAR, compared, likeness

NAMES = {"scratch": "Scratch", "dent": "Deep dent"}


def row(label: str | None = None, *, target: float = 1.0, key: str = "k", similarity: float = 0.97) -> dict[str, Any]:
    return {"key": key, "label": label, "target": target, "similarity": similarity}


GOOD, SCRATCH, DENT, BAD = row(target=0.0), row("scratch"), row("dent"), row()


@pytest.mark.parametrize(
    ("nearest", "words"),
    [
        ([SCRATCH, SCRATCH, SCRATCH], "Most like three known cases of Scratch."),
        ([GOOD, GOOD, GOOD], "Most like three known good parts."),
        ([GOOD, DENT, GOOD], "Most like two known good parts and a known case of Deep dent."),
        ([DENT, GOOD, GOOD], "Most like a known case of Deep dent and two known good parts."),
        ([DENT, GOOD, SCRATCH], "Most like a known case of Deep dent, a known good part and a known case of Scratch."),
        ([BAD, BAD], "Most like two known bad parts."),
        ([SCRATCH], "Most like a known case of Scratch."),
        ([row("rust")], "Most like a known case of rust."),
        ([{NOTHING_NEAR: True, "novelty": 0.4}], "It knows no part that looks like this one."),
        ([], ""),
    ],
)
def test_what_a_part_is_most_like_in_words(nearest: list[dict[str, Any]], words: str) -> None:
    assert likeness(nearest, names=NAMES) == words


def test_a_name_with_braces_is_said_as_it_stands() -> None:
    assert likeness([row("odd")], names={"odd": "{label} {0}"}) == "Most like a known case of {label} {0}."


def test_each_example_says_what_it_is_and_where_it_can_be_seen() -> None:
    shown = compared([row("dent", key="a"), row(target=0.0, key="b")], names=NAMES, pictures={"a": "/there/"})
    assert shown == [
        {
            "verdict": "NG",
            "label": "dent",
            "words": "a known case of Deep dent",
            "similarity": 0.97,
            "picture": "/there/",
            "example": "a",
        },
        {
            "verdict": "OK",
            "label": None,
            "words": "a known good part",
            "similarity": 0.97,
            "picture": None,
            "example": None,
        },
    ]


def test_where_nothing_is_near_no_example_is_shown() -> None:
    assert compared([{NOTHING_NEAR: True, "novelty": 0.4}], names=NAMES, pictures={}) == []


def test_every_sentence_is_said_in_the_language_of_the_reader() -> None:
    heard: list[str] = []

    def say(text: str) -> str:
        heard.append(text)
        return f"<{text}>"

    assert likeness([GOOD, DENT], names=NAMES, say=say) == (
        "<Most like <a known good part> and <a known case of Deep dent>.>"
    )
    assert "Most like {first} and {second}." in heard
