from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.policy import attribute_study as study
from inspection.policy.agreement import Share
from inspection.policy.attribute_study import Appraiser, Band, Pair, Reading, Report, matched_interval, report
from inspection.policy.kappa import Estimate, Fleiss
from inspection.vocabulary import Verdict
from tests.classical import AIAG

OK, NG, UNSURE = Verdict
SAID = {"1": OK, "0": NG, "Y": OK, "N": NG, "U": UNSURE}


def aiag() -> Report:
    said = {name: [row.said[column] for row in AIAG] for column, name in enumerate("ABC")}
    return of(said, standard="".join(row.standard for row in AIAG))


def of(said: dict[str, list[str]], *, standard: str) -> Report:
    """From one word per part: a letter per trial, a dot for a gap."""
    readings = [
        Reading(part=str(part), appraiser=name, trial=trial, verdict=SAID[letter])
        for name, words in said.items()
        for part, word in enumerate(words, start=1)
        for trial, letter in enumerate(word, start=1)
        if letter != "."
    ]
    return report(readings, standard={str(part): SAID[letter] for part, letter in enumerate(standard, start=1)})


def kappa(figure: Fleiss | Estimate | None) -> float:
    assert figure is not None
    return figure.overall.value if isinstance(figure, Fleiss) else figure.value


def exact(share: Share | None) -> tuple[float, float]:
    assert share is not None
    interval = matched_interval(share)
    assert interval is not None
    return interval


def test_the_classical_study_has_its_published_shares() -> None:
    a, b, c = aiag().appraisers
    assert [one.within for one in (a, b, c)] == [Share(k=42, n=50), Share(k=45, n=50), Share(k=40, n=50)]
    assert [one.effectiveness for one in (a, b, c)] == [Share(k=42, n=50), Share(k=45, n=50), Share(k=40, n=50)]
    assert [one.misses for one in (a, b, c)] == [Share(k=3, n=48), Share(k=3, n=48), Share(k=6, n=48)]
    assert [one.false_alarms for one in (a, b, c)] == [Share(k=5, n=102), Share(k=2, n=102), Share(k=9, n=102)]
    assert (aiag().between, aiag().all_correct) == (Share(k=39, n=50), Share(k=39, n=50))


def test_the_classical_study_has_its_published_bands() -> None:
    def bands(one: Appraiser) -> list[str | None]:
        return [one.effectiveness_band, one.miss_band, one.false_alarm_band]

    assert [bands(one) for one in aiag().appraisers] == [
        ["marginal", "unacceptable", "acceptable"],
        ["acceptable", "unacceptable", "acceptable"],
        ["marginal", "unacceptable", "marginal"],
    ]


def test_the_classical_study_has_its_published_intervals() -> None:
    a, b, c = aiag().appraisers
    assert exact(a.effectiveness) == pytest.approx((0.708874, 0.928299), abs=1e-6)
    assert exact(b.effectiveness) == pytest.approx((0.781865, 0.966725), abs=1e-6)
    assert exact(c.effectiveness) == pytest.approx((0.662817, 0.899698), abs=1e-6)
    assert exact(aiag().between) == pytest.approx((0.640388, 0.884734), abs=1e-6)
    assert exact(aiag().all_correct) == pytest.approx((0.640388, 0.884734), abs=1e-6)


def test_the_classical_study_has_its_published_kappas() -> None:
    whole = aiag()
    assert [kappa(one.within_kappa) for one in whole.appraisers] == pytest.approx([0.76, 0.845073, 0.702911], abs=1e-6)
    assert [kappa(one.cohen) for one in whole.appraisers] == pytest.approx([0.878788, 0.922982, 0.77396], abs=1e-6)
    assert [one.standard_kappa for one in whole.appraisers] == pytest.approx([0.880236, 0.922612, 0.774703], abs=1e-6)
    assert kappa(whole.between_kappa) == pytest.approx(0.793606, abs=1e-6)
    assert whole.all_kappa == pytest.approx(0.859184, abs=1e-6)


def test_the_classical_study_has_its_published_tables_between_two() -> None:
    tables = {
        (pair.first, pair.second): [pair.matrix.at(person=one, ai=other) for one, other in product((NG, OK), repeat=2)]
        for pair in aiag().pairs
    }
    assert tables == {("A", "B"): [44, 6, 3, 97], ("A", "C"): [43, 7, 8, 92], ("B", "C"): [42, 5, 9, 94]}
    assert [kappa(pair.cohen) for pair in aiag().pairs] == pytest.approx([0.862944, 0.776119, 0.788007], abs=1e-6)


def test_the_classical_study_has_its_published_tables_against_the_standard() -> None:
    tables = [
        [one.matrix.at(person=truth, ai=said) for said, truth in product((NG, OK), repeat=2)]
        for one in aiag().appraisers
    ]
    assert tables == [[45, 5, 3, 97], [45, 2, 3, 100], [42, 9, 6, 93]]


# jaspQualityControl 38c84de, msaAttributeKappa_wide.csv, with the values that its tests assert: 15 parts, three trials.
JASP = {
    "EG": "YYY NNN YYY YNN YYY YYY YYY NNN NNN YYY NNN YYY YYY NNN YYY".split(),
    "BL": "YYY NNN YYY YNN YYY YYY NNN NNN NNN YYY NNN YYY YYY NNN YYY".split(),
    "MH": "YYY YYY YYY YYY YYY YYY YYY NNY YNN YYY YNY YYY YYY NNN YYY".split(),
}


def jasp() -> Report:
    return of(JASP, standard="YNYYYNYNNYNYYYY")


def test_a_second_programs_study_has_its_shares_and_intervals() -> None:
    whole = jasp()
    assert [one.within for one in whole.appraisers] == [Share(k=14, n=15), Share(k=14, n=15), Share(k=12, n=15)]
    assert [one.effectiveness for one in whole.appraisers] == [Share(k=12, n=15), Share(k=11, n=15), Share(k=9, n=15)]
    assert (whole.between, whole.all_correct) == (Share(k=9, n=15), Share(k=7, n=15))
    ends = [exact(one.within) for one in whole.appraisers] + [exact(one.effectiveness) for one in whole.appraisers]
    assert ends == [
        pytest.approx(pair, abs=1e-6)
        for pair in [
            *((0.680515, 0.998314), (0.680515, 0.998314), (0.519109, 0.956688)),
            *((0.519109, 0.956688), (0.448997, 0.922128), (0.32287, 0.836636)),
        ]
    ]
    assert exact(whole.between) == pytest.approx((0.32287, 0.836636), abs=1e-6)
    assert exact(whole.all_correct) == pytest.approx((0.212667, 0.734139), abs=1e-6)


def test_a_second_programs_study_has_its_misses_and_false_alarms() -> None:
    assert [one.misses and one.misses.value for one in jasp().appraisers] == pytest.approx(
        [0.2, 0.2, 0.666667], abs=1e-6
    )
    alarms = [one.false_alarms and one.false_alarms.value for one in jasp().appraisers]
    assert alarms == pytest.approx([0.166667, 0.266667, 0.1], abs=1e-6)


def test_a_second_programs_study_has_its_kappas() -> None:
    whole = jasp()
    assert [kappa(one.within_kappa) for one in whole.appraisers] == pytest.approx([0.905462, 0.91, 0.543919], abs=1e-6)
    assert [one.standard_kappa for one in whole.appraisers] == pytest.approx([0.612919, 0.486089, 0.220152], abs=1e-6)
    assert [kappa(one.cohen) for one in whole.appraisers] == pytest.approx([0.612903, 0.492308, 0.264151], abs=1e-6)
    assert kappa(whole.between_kappa) == pytest.approx(0.641667, abs=1e-6)
    assert whole.all_kappa == pytest.approx(0.439720, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(8, 15, 26.59, 78.73), (13, 15, 59.54, 98.34), (15, 15, 81.9, 100.0), (14, 15, 68.05, 99.83)],
)  # printed by Minitab in its example of five appraisers and 15 essays
def test_matched_parts_have_the_printed_intervals(k: int, n: int, low: float, high: float) -> None:
    assert [100 * end for end in exact(Share(k=k, n=n))] == pytest.approx([low, high], abs=0.005)


def test_of_all_parts_matched_the_whole_error_lies_on_one_side() -> None:
    assert exact(Share(k=50, n=50)) == pytest.approx((0.05 ** (1 / 50), 1.0), abs=1e-12)
    assert exact(Share(k=0, n=50)) == pytest.approx((0.0, 1 - 0.05 ** (1 / 50)), abs=1e-12)


def test_unsure_matches_no_standard_and_is_neither_a_miss_nor_a_false_alarm() -> None:
    (one,) = of({"A": ["UU", "UU", "YY", "NN"]}, standard="YNYN").appraisers
    assert one.effectiveness == Share(k=2, n=4)
    assert (one.misses, one.false_alarms, one.unsure) == (Share(k=0, n=4), Share(k=0, n=4), Share(k=4, n=8))


def test_who_says_unsure_in_every_trial_repeats_the_own_answer() -> None:
    whole = of({"A": ["UU", "UY", "YY", "NN"], "B": ["UU", "UU", "YY", "NU"]}, standard="YNYN")
    assert [one.within for one in whole.appraisers] == [Share(k=3, n=4), Share(k=3, n=4)]
    assert (whole.between, whole.all_correct) == (Share(k=2, n=4), Share(k=1, n=4))


@pytest.mark.parametrize("said", [["UU", "YY", "NN"], ["UU", "YY", "NU"], ["UU", "UU", "YY"]])
def test_the_share_and_the_kappa_of_repeating_agree_on_what_a_repetition_is(said: list[str]) -> None:
    (one,) = of({"A": said}, standard="YYN").appraisers
    assert one.within is not None
    assert (one.within.value == 1) is (kappa(one.within_kappa) == pytest.approx(1))


def test_one_trial_compares_nobody_with_the_own_readings() -> None:
    whole = of({"A": list("YNYN"), "B": list("YNNN")}, standard="YNYN")
    assert [one.within for one in whole.appraisers] == [None, None]
    assert {one.why["within"] for one in whole.appraisers} == {study.ONE_TRIAL}
    assert (whole.between, whole.all_correct, whole.trials) == (Share(k=3, n=4), Share(k=3, n=4), 1)


def test_one_appraiser_is_compared_with_nobody() -> None:
    whole = of({"A": ["YY", "NN"]}, standard="YN")
    assert (whole.between, whole.between_kappa, whole.pairs) == (None, None, ())
    assert whole.why == {"between": study.ONE_APPRAISER, "between_kappa": study.ONE_APPRAISER}
    assert (whole.all_correct, whole.all_kappa) == (Share(k=2, n=2), 1.0)


def test_without_a_bad_part_no_miss_is_claimed() -> None:
    (one,) = of({"A": ["YY", "NY"]}, standard="YY").appraisers
    assert (one.misses, one.miss_band, one.why["misses"]) == (None, None, study.NO_BAD_PART)
    assert one.false_alarms == Share(k=1, n=4)


def test_without_a_good_part_no_false_alarm_is_claimed() -> None:
    (one,) = of({"A": ["NN", "NY"]}, standard="NN").appraisers
    assert (one.false_alarms, one.false_alarm_band) == (None, None)
    assert one.why["false_alarms"] == study.NO_GOOD_PART


def test_where_all_readings_are_the_same_there_is_no_kappa() -> None:
    whole = of({"A": ["YY", "YY"], "B": ["YY", "YY"]}, standard="YY")
    one = whole.appraisers[0]
    assert (one.within_kappa, one.cohen, one.standard_kappa, whole.between_kappa) == (None, None, None, None)
    assert {one.why[name] for name in ("within_kappa", "cohen", "standard_kappa")} == {study.ALL_THE_SAME}
    assert (whole.why["between_kappa"], whole.why["all_kappa"]) == (study.ALL_THE_SAME, study.ALL_THE_SAME)
    assert whole.all_correct == Share(k=2, n=2)


def test_a_trial_without_a_kappa_is_not_left_out_of_the_mean() -> None:
    (one,) = of({"A": ["YY", "YN"]}, standard="YY").appraisers
    assert (one.standard_kappa, one.why["standard_kappa"]) == (None, study.ALL_THE_SAME)


def test_gaps_are_counted_and_leave_the_rest_in_place() -> None:
    whole = of({"A": ["YYY", "N.N", "Y..", "..."], "B": ["YYY", "NNN", "...", "YYY"]}, standard="YNYN")
    a, b = whole.appraisers
    assert (whole.parts, whole.trials, whole.gaps) == (4, 3, 9)
    assert (a.within, a.effectiveness) == (Share(k=2, n=2), Share(k=3, n=3))
    assert (b.within, b.effectiveness, b.misses) == (Share(k=3, n=3), Share(k=2, n=3), Share(k=3, n=6))
    assert (whole.between, whole.all_correct) == (Share(k=2, n=2), Share(k=2, n=2))
    assert whole.pairs[0].matrix.n == 5


def test_with_gaps_the_kappas_have_values_and_no_error() -> None:
    (one,) = of({"A": ["YYY", "N.N", "YYN"]}, standard="YNY").appraisers
    assert one.within_kappa is not None
    assert (one.within_kappa.overall.se, one.within_kappa.overall.z) == (None, None)


def test_two_who_never_judged_the_same_part_are_not_compared() -> None:
    whole = of({"A": ["YY", ".."], "B": ["..", "NN"]}, standard="YN")
    assert (whole.between, whole.all_correct, whole.pairs[0].cohen) == (None, None, None)
    assert (whole.why["between"], whole.why["all_correct"]) == (study.NOT_ALL, study.NOT_ALL)
    assert whole.pairs[0].why == {"cohen": study.NOT_ALL}


def test_parts_without_a_standard_count_between_appraisers_only() -> None:
    readings = [Reading(part=part, appraiser=name, trial=1, verdict=OK) for part in "xy" for name in "AB"]
    whole = report(readings, standard={"x": UNSURE})
    assert (whole.between, whole.all_correct, whole.why["all_correct"]) == (Share(k=2, n=2), None, study.NO_STANDARD)
    assert (whole.appraisers[0].effectiveness, whole.appraisers[0].why["cohen"]) == (None, study.NO_STANDARD)
    assert (whole.all_kappa, whole.why["all_kappa"]) == (None, study.NO_STANDARD)


def test_a_study_nobody_began_has_a_report_too() -> None:
    whole = report([], standard={"1": OK, "2": NG})
    assert (whole.parts, whole.appraisers, whole.between, whole.all_correct, whole.all_kappa) == (
        2,
        (),
        None,
        None,
        None,
    )
    assert whole.gaps == 0


def test_a_part_read_twice_in_one_trial_is_refused() -> None:
    with pytest.raises(ValueError, match="A read part 1 twice in trial 1"):
        report([Reading(part="1", appraiser="A", trial=1, verdict=OK)] * 2, standard={})


@pytest.mark.parametrize(
    ("good", "band"), [(50, Band.ACCEPTABLE), (45, Band.ACCEPTABLE), (44, Band.MARGINAL), (39, Band.UNACCEPTABLE)]
)
def test_the_ends_of_a_band_belong_to_it(good: int, band: Band) -> None:
    (one,) = of({"A": ["Y"] * good + ["N"] * (50 - good)}, standard="Y" * 50).appraisers
    assert one.effectiveness_band is band


words = st.lists(st.text("YNU.", min_size=3, max_size=3), min_size=1, max_size=8)


@given(said=st.dictionaries(st.sampled_from("ABC"), words, max_size=3), standard=st.text("YNU", max_size=8))
def test_no_study_is_too_odd_for_a_report_and_every_gap_in_it_has_its_reason(
    said: dict[str, list[str]], standard: str
) -> None:
    whole = of(said, standard=standard)
    rows: list[Report | Appraiser | Pair] = [whole, *whole.appraisers, *whole.pairs]
    for row in rows:
        blank = {name for name in dir(row) if not name.startswith("_") and not name.endswith("band")}
        assert {name for name in blank if getattr(row, name) is None} == set(row.why)
    assert whole.gaps >= 0
