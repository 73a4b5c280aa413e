from __future__ import annotations

import pytest

from inspection.policy import agreement_words as words
from inspection.policy.agreement import Matrix, Share
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict.OK, Verdict.NG, Verdict.UNSURE


def table(ai_alone: int, person_alone: int, unsure: int = 0) -> Matrix:
    cells = {(OK, OK): 80, (NG, NG): 20, (OK, NG): ai_alone, (NG, OK): person_alone, (OK, UNSURE): unsure}
    return Matrix.of(cells.items())


@pytest.mark.parametrize(
    ("ai_alone", "person_alone", "begins"),
    [
        (0, 0, "No part was called OK by one side and NG by the other"),
        (3, 7, "It is not shown that either side is stricter: rejected by the AI alone 3, by the person alone 7 ("),
        (12, 2, "The AI is stricter than people: it alone rejected 12 parts, the person alone 2"),
        (2, 12, "People are stricter than the AI: they alone rejected 12 parts, the AI alone 2"),
    ],
)
def test_who_is_stricter_is_said_only_when_it_is_shown(ai_alone: int, person_alone: int, begins: str) -> None:
    assert words.stricter(table(ai_alone, person_alone)).startswith(begins)


def test_the_mid_p_value_stands_with_it() -> None:
    # Fagerland, Lydersen, Laake (2013), table 1: 1 against 7 has a mid-p of 0.039.
    assert "p = 0.039" in words.stricter(table(1, 7))
    assert "p < 0.001" in words.stricter(table(40, 2))


def test_unsure_as_an_answer_of_its_own_is_tested_where_there_is_one() -> None:
    assert words.lopsided(table(3, 3)) is None
    assert "lean to different sides" in str(words.lopsided(table(3, 3, unsure=20)))
    assert "no lean to one side is shown" in str(words.lopsided(table(3, 3, unsure=1)))


def test_both_wrong_is_a_share_of_what_was_looked_at_again() -> None:
    assert "is not known" in words.both_wrong(Share(k=0, n=0))
    assert "Of 40 agreements that a second person looked at again, 1 were wrong" in words.both_wrong(Share(k=1, n=40))


@pytest.mark.parametrize(
    ("rate", "assisted", "blind", "begins"),
    [
        (None, Share(k=0, n=0), Share(k=9, n=10), "How far people follow the AI is not known"),
        (
            None,
            Share(k=9, n=10),
            Share(k=2, n=2),
            "How far people follow the AI is not known: it was sure of 2 parts of the blind share",
        ),
        (-0.1, Share(k=8, n=10), Share(k=9, n=10), "People do not follow the AI"),
        (0.6, Share(k=96, n=100), Share(k=90, n=100), "People follow the AI in about 60\u00a0% of the cases"),
    ],
)
def test_how_far_people_follow_is_said_in_words(rate: float | None, assisted: Share, blind: Share, begins: str) -> None:
    assert words.follow(rate, assisted=assisted, blind=blind).startswith(begins)
