from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy.answers import MOST_NOTE, MOST_POINTS, MOST_REGIONS, Answer, check
from inspection.vocabulary import Verdict

CATALOGUE = {"scratch", "dent"}
BOX = {"label": "scratch", "kind": "box", "points": [[0.1, 0.2], [0.3, 0.4]]}
TRIANGLE = {"label": "dent", "kind": "polygon", "points": [[0, 0], [1, 0], [0.5, 1.0]]}


def ng(*regions: Any, labels: tuple[str, ...] = ("scratch",), note: str = "") -> Answer:
    return Answer(verdict=Verdict.NG, labels=labels, regions=regions, note=note)


def code(answer: Answer) -> str | None:
    flaw = check(answer, catalogue=CATALOGUE)
    return flaw.code if flaw else None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(verdict=Verdict.OK),
        Answer(verdict=Verdict.UNSURE),
        Answer(verdict=Verdict.UNSURE, labels=("dent",), note="a shadow?"),
        Answer(verdict=Verdict.NG),
        ng(BOX, TRIANGLE, labels=("scratch", "dent")),
        ng(*[BOX] * MOST_REGIONS),
        ng(BOX | {"kind": "polygon", "points": [[0.5, 0.5]] * MOST_POINTS}),
        ng(note="x" * MOST_NOTE),
    ],
)
def test_a_well_formed_answer_has_no_flaw(answer: Answer) -> None:
    assert check(answer, catalogue=CATALOGUE) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ng(labels=("rust",)), "unknown_label"),
        (ng(BOX | {"label": "rust"}), "unknown_label"),
        (Answer(verdict=Verdict.OK, labels=("scratch",)), "labels_without_defect"),
        (Answer(verdict=Verdict.OK, regions=(BOX,)), "labels_without_defect"),
        (ng(note="x" * (MOST_NOTE + 1)), "note_too_long"),
        (ng(*[BOX] * (MOST_REGIONS + 1)), "too_many_regions"),
    ],
)
def test_a_flaw_has_its_own_code(answer: Answer, expected: str) -> None:
    assert code(answer) == expected


@pytest.mark.parametrize(
    "region",
    [
        {},
        BOX | {"colour": "red"},
        {"label": "scratch", "kind": "box"},
        BOX | {"kind": "circle"},
        BOX | {"kind": None},
        BOX | {"kind": ["box"]},
        BOX | {"points": [[0.1, 0.2]]},
        BOX | {"points": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]},
        TRIANGLE | {"points": [[0, 0], [1, 1]]},
        TRIANGLE | {"points": [[0.5, 0.5]] * (MOST_POINTS + 1)},
        BOX | {"points": "ab"},
        BOX | {"points": {"x": 1, "y": 2}},
        BOX | {"points": None},
        BOX | {"points": [[0.1, 0.2], [0.3, 1.0001]]},
        BOX | {"points": [[0.1, 0.2], [-0.0001, 0.4]]},
        BOX | {"points": [[0.1, 0.2], [0.3, float("nan")]]},
        BOX | {"points": [[0.1, 0.2], [0.3, True]]},
        BOX | {"points": [[0.1, 0.2], [0.3, "0.4"]]},
        BOX | {"points": [[0.1, 0.2], [0.3, 0.4, 0.5]]},
        BOX | {"points": [[0.1, 0.2], "12"]},
        BOX | {"points": [[0.1, 0.2], 7]},
        "box",
        7,
        None,
    ],
)
def test_a_bad_region_is_refused(region: Any) -> None:
    assert code(ng(region)) == "bad_region"


@pytest.mark.parametrize("label", [None, 7, ["scratch"], {"a": 1}])
def test_a_label_of_another_type_is_none_of_the_job(label: Any) -> None:
    assert code(ng(BOX | {"label": label})) == "unknown_label"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["box", "scratch"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["label", "kind", "points"]), inner),
    max_leaves=12,
)


@given(region=anything)
def test_whatever_json_can_say_is_fine_or_has_a_named_flaw(region: Any) -> None:
    found = check(ng(region), catalogue=CATALOGUE)
    assert found is None or (found.code and found.detail)


def test_two_deliveries_of_one_answer_share_a_digest() -> None:
    one, other = ng(BOX, labels=("scratch", "dent")), ng(dict(reversed(BOX.items())), labels=("dent", "scratch"))
    assert one.digest(review="r") == other.digest(review="r")


@pytest.mark.parametrize(
    "other",
    [
        replace(ng(BOX), verdict=Verdict.UNSURE),
        ng(BOX, labels=("dent",)),
        ng(TRIANGLE),
        ng(BOX, note="look again"),
    ],
)
def test_another_answer_has_another_digest(other: Answer) -> None:
    assert ng(BOX).digest(review="r") != other.digest(review="r")


def test_the_same_answer_to_another_review_has_another_digest() -> None:
    assert ng(BOX).digest(review="r") != ng(BOX).digest(review="s")
