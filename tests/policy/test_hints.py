from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.hints import PLACES, STANDS_OUT, hint, looked, place
from inspection.vocabulary import Verdict

NAMES = {"scratch": "Scratch", "dent": "Deep dent", "stain": "Stain"}
LABELS = {"scratch": 0.5, "dent": 0.9, "stain": 0.49}
SIDES = st.integers(3, 16)
SWAPPED = {"left": "right", "right": "left"}


def grid(rows: int = 7, columns: int = 7, **spots: tuple[slice | int, slice | int]) -> list[list[float]]:
    """A cold picture with spots of full heat."""
    cells = np.zeros((rows, columns))
    for row, column in spots.values():
        cells[row, column] = 1.0
    return list(cells.tolist())


def test_a_likely_defect_is_named_most_likely_first() -> None:
    assert hint(opinion=Verdict.NG, score=0.93, labels=LABELS, names=NAMES, heatmap=None) == {
        "verdict": "NG",
        "score": 0.93,
        "words": "The AI thinks this part is not good: Deep dent, Scratch (93 % sure).",
        "labels": ["dent", "scratch"],
        "heatmap": None,
        "place": None,
        "nearest": [],
    }


@pytest.mark.parametrize(
    ("opinion", "score", "words"),
    [
        (Verdict.OK, 0.04, "The AI thinks this part is good (96 % sure)."),
        (Verdict.UNSURE, 0.55, "The AI is not sure about this part (55 % NG)."),
    ],
)
def test_beside_ok_or_unsure_no_defect_is_suggested(opinion: Verdict, score: float, words: str) -> None:
    said = hint(opinion=opinion, score=score, labels=LABELS, names=NAMES, heatmap=None)
    assert (said["words"], said["labels"]) == (words, [])


def test_a_label_without_a_name_is_called_by_its_code() -> None:
    said = hint(opinion=Verdict.NG, score=0.9, labels={"dent": 0.8}, names={}, heatmap=None)
    assert said["words"] == "The AI thinks this part is not good: dent (90 % sure)."


@pytest.mark.parametrize("opinion", Verdict)
def test_whatever_the_opinion_a_hint_shows_and_says_where_the_ai_looked(opinion: Verdict) -> None:
    heatmap = grid(spot=(0, 6))
    said = hint(opinion=opinion, score=0.5, labels={}, names={}, heatmap=heatmap)
    assert set(said) == {"verdict", "score", "words", "labels", "heatmap", "place", "nearest"}
    assert (said["heatmap"], said["place"]) == (heatmap, "about the upper right")
    assert said["words"].endswith(" It looked about the upper right.")


@pytest.mark.parametrize("opinion", Verdict)
def test_whatever_the_opinion_a_hint_says_last_what_the_part_is_most_like(opinion: Verdict) -> None:
    known = {"key": "k", "label": "dent", "target": 1.0, "similarity": 0.97}
    said = hint(opinion=opinion, score=0.5, labels={}, names=NAMES, heatmap=grid(spot=(0, 6)), nearest=[known] * 3)
    assert said["words"].endswith(" upper right. Most like three known cases of Deep dent.")
    assert [(one["words"], one["picture"]) for one in said["nearest"]] == [("a known case of Deep dent", None)] * 3


@pytest.mark.parametrize(
    ("heatmap", "words"),
    [
        pytest.param(None, "", id="the model has no heatmap"),
        pytest.param([], "No one place stood out to it.", id="a heatmap without cells"),
        pytest.param(grid(), "No one place stood out to it.", id="all is cold"),
        pytest.param([[0.59] * 7] * 7, "No one place stood out to it.", id="all is lukewarm"),
        pytest.param(grid(spot=(0, 0)), "It looked about the upper left.", id="a corner"),
        pytest.param(grid(spot=(slice(0, 2), slice(2, 5))), "It looked about the top.", id="an edge"),
        pytest.param(grid(spot=(3, 3)), "It looked about the middle.", id="the middle"),
        pytest.param(
            grid(small=(0, 0), large=(slice(4, 7), slice(4, 7))),
            "It looked about the lower right.",
            id="the larger one",
        ),
        pytest.param(
            grid(left=(slice(0, 7), 1), right=(slice(0, 7), 5)),
            "It looked at several places, most about the left.",
            id="two stripes",
        ),
        pytest.param([[1.0] * 7] * 7, "It looked at several places, most about the middle.", id="all is hot"),
        pytest.param([[1.0]], "It looked about the middle.", id="one cell"),
    ],
)
def test_where_the_ai_looked_in_words(heatmap: list[list[float]] | None, words: str) -> None:
    assert looked(heatmap) == words


@given(rows=SIDES, columns=SIDES, data=st.data())
def test_a_lone_spot_is_named_by_the_third_of_the_picture_it_lies_in(
    rows: int, columns: int, data: st.DataObject
) -> None:
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    down, across = ((at + 0.5) / count for at, count in ((row, rows), (column, columns)))
    assert place(grid(rows, columns, spot=(row, column))) == f"about {PLACES[int(3 * down)][int(3 * across)]}"


@given(seed=st.integers(0, 10_000))
def test_the_place_that_is_named_holds_heat_that_stands_out(seed: int) -> None:
    """A place named where nothing glows sends people to the wrong spot, which is worse than no words."""
    cells = np.random.default_rng(seed).random((9, 9)) ** 4
    named = str(place(cells.tolist())).rpartition("about ")[2]
    [(row, column)] = [(at, words.index(named)) for at, words in enumerate(PLACES) if named in words]
    assert cells[3 * row : 3 * row + 3, 3 * column : 3 * column + 3].max() >= STANDS_OUT


@given(seed=st.integers(0, 10_000))
def test_a_mirrored_picture_is_described_by_mirrored_words(seed: int) -> None:
    cells = np.random.default_rng(seed).random((7, 7))
    words = str(place(cells.tolist())).split()
    assert str(place(cells[:, ::-1].tolist())).split() == [SWAPPED.get(word, word) for word in words]


@given(seed=st.integers(0, 10_000))
def test_what_does_not_stand_out_changes_no_words(seed: int) -> None:
    cells = np.random.default_rng(seed).random((7, 7))
    assert place(cells.tolist()) == place(np.where(cells < STANDS_OUT, 0.0, cells).tolist())


def test_a_hint_speaks_the_language_it_is_asked_for() -> None:
    said = {
        "The AI thinks this part is not good: {defects} ({share} sure).": "NG: {defects} ({share})",
        "It looked {place}.": "AI: {place}",
        "about {place}": "{place}",
        "the upper left": "góc trên bên trái",
    }
    heat = grid(corner=(slice(0, 2), slice(0, 2)))
    shown = hint(opinion=Verdict.NG, score=0.93, labels=LABELS, names=NAMES, heatmap=heat, say=said.__getitem__)
    assert shown["words"] == "NG: Deep dent, Scratch (93 %) AI: góc trên bên trái"
    assert shown["place"] == "góc trên bên trái"
