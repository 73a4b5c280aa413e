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


NO = Share(k=0, n=0)
USUAL = words.Shared(blind=0.1, again=0.1)


@pytest.mark.parametrize(
    ("shares", "begins"),
    [
        (
            USUAL,
            [
                "Only at assistance is the hint shown",
                "At the present blind share of 10\u00a0% it takes about 300 parts for 30 blind ones.",
                "Whether people are right with the hint is not known: no part judged with it has been looked at again",
            ],
        ),
        (
            words.Shared(blind=0.0, again=0.0),
            [
                "Only at assistance is the hint shown",
                "No part is drawn blind: set the blind share above 0",
                "Whether people are right with the hint is not known: nobody looks at such parts again. Set",
            ],
        ),
    ],
)
def test_what_is_missing_names_the_share_that_brings_it(shares: words.Shared, begins: list[str]) -> None:
    said = words.how_to_know(assisted=NO, blind=NO, aided=NO, misled=NO, shares=shares)
    assert [one.startswith(begin) for one, begin in zip(said, begins, strict=True)] == [True] * 3


def test_how_many_parts_a_figure_takes_goes_by_the_share() -> None:
    said = words.how_to_know(assisted=NO, blind=NO, aided=NO, misled=NO, shares=words.Shared(blind=0.01, again=0.2))
    assert "it takes about 3,000 parts for 30 blind ones" in said[1].replace("\u202f", ",")
    assert said[2].endswith("At 20\u00a0% looked at again it takes about 150 of them for 30.")


def test_where_all_figures_are_there_nothing_is_missing() -> None:
    some, all_alike = Share(k=8, n=10), Share(k=10, n=10)
    assert words.how_to_know(assisted=some, blind=some, aided=some, misled=some, shares=USUAL) == []
    said = words.how_to_know(assisted=some, blind=all_alike, aided=some, misled=NO, shares=USUAL)
    assert said[0].startswith("Blind parts on which people and the AI differ are still to come; of the next 300")
    assert said[1].startswith("In none of the 10 settled parts judged with the hint was the AI wrong")
