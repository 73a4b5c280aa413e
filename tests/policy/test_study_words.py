from __future__ import annotations

import pytest
from django.utils import translation

from inspection.policy.attribute_study import Appraiser, Band, Reading, report
from inspection.policy.study_words import headline, of_appraiser, standing, together
from inspection.refused import spoken
from inspection.vocabulary import Verdict

OK, NG, UNSURE = Verdict


def appraiser(*, missed: int = 0, false: int = 0, bad: int = 50, good: int = 50, name: str = "A") -> Appraiser:
    """One trial over so many bad and good parts."""
    parts = {f"b{n}": NG for n in range(bad)} | {f"g{n}": OK for n in range(good)}
    wrong = {f"b{n}" for n in range(missed)} | {f"g{n}" for n in range(false)}
    said = [
        Reading(part, name, 1, (OK if truth == NG else NG) if part in wrong else truth) for part, truth in parts.items()
    ]
    return report(said, standard=parts).appraisers[0]


def plain(sentence: str) -> str:
    return spoken(sentence).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("missed", "false", "band"),
    [
        (0, 0, Band.ACCEPTABLE),
        (1, 0, Band.ACCEPTABLE),
        (2, 0, Band.MARGINAL),
        (3, 0, Band.UNACCEPTABLE),
        (0, 3, Band.MARGINAL),
        (0, 6, Band.UNACCEPTABLE),
    ],
)
def test_the_worst_of_three_marks_is_the_standing(missed: int, false: int, band: Band) -> None:
    assert standing(appraiser(missed=missed, false=false)) == band


def test_without_bad_parts_there_is_no_standing() -> None:
    one = appraiser(bad=0)
    assert standing(one) is None
    assert plain(of_appraiser(one, name="Ann")) == "Ann: no judgement, since a figure is undefined."


def test_an_appraiser_is_told_by_the_marks_that_are_worst() -> None:
    assert plain(of_appraiser(appraiser(), name="Ann")) == "Ann is good by all three marks."
    assert (
        plain(of_appraiser(appraiser(missed=3), name="Ann"))
        == "Ann is not good enough: misses 6 % (3 of 50; good up to 2 %)."
    )
    assert plain(of_appraiser(appraiser(missed=20, false=20), name="Ann")) == (
        "Ann is not good enough: effectiveness 60 % (60 of 100; good from 90 % on), "
        "misses 40 % (20 of 50; good up to 2 %), false alarms 40 % (20 of 50; good up to 5 %)."
    )


def test_a_share_is_rounded_and_not_cut() -> None:
    assert "misses 11.8 % (6 of 51;" in plain(of_appraiser(appraiser(missed=6, bad=51), name="Ann"))
    with translation.override("vi"):
        assert "11,8 %" in plain(of_appraiser(appraiser(missed=6, bad=51), name="Ann"))


def test_the_answer_comes_first() -> None:
    good, fair, bad = appraiser(), appraiser(missed=2), appraiser(missed=9)
    assert [plain(one) for one in headline([good, good], ai=None)] == [
        "Everybody judges well enough by all three marks."
    ]
    assert [plain(one) for one in headline([good, fair, bad], ai=bad)] == [
        "Of 3 people 1 are good by all three marks, 1 marginal and 1 not good enough.",
        "The AI is not good enough.",
    ]
    assert plain(headline([bad], ai=None)[0]).startswith("Nobody judges well enough")
    assert plain(headline([good], ai=appraiser(good=0))[1]) == "Of the AI nothing can be said."


def test_what_people_agree_on_is_said_or_why_not() -> None:
    said = [Reading("1", name, 1, OK) for name in "AB"] + [Reading("2", "A", 1, OK), Reading("2", "B", 1, NG)]
    standard = {"1": OK, "2": NG}
    assert [plain(one) for one in together(report(said, standard=standard))] == [
        "On 1 of 2 parts everybody said the same in every trial, on 1 of them what the standard says."
    ]
    [why] = together(report(said[:1], standard=standard))
    assert "nobody to compare with" in plain(why)
