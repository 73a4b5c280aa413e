from __future__ import annotations

import pytest

from inspection import walk
from inspection.models import Study
from inspection.policy.agreement import Share
from inspection.policy.attribute_study import Band, matched_interval
from inspection.policy.signal_detection import Limits
from inspection.queries.study_report import study_report
from inspection.vocabulary import Verdict
from tests import factories, study
from tests.classical import AIAG, LIMITS, VALUES
from tests.study import NG, OK

pytestmark = pytest.mark.django_db

WORDS = {"1": OK, "0": NG}


def classical(cast: factories.Cast, *, measured: bool = True) -> Study:
    """The example, entered part by part by three people who get the parts in orders of their own."""
    covers = factories.job(cast)
    items = study.known(covers, cast, *(WORDS[row.standard] for row in AIAG))
    people = (cast.inspector, cast.inspector2, cast.manager)
    made = study.draft(covers, cast, parts=items, trials=3, appraisers=[person.username for person in people])
    if measured:
        study.measure(made, cast.manager, VALUES, limits=LIMITS)
    walk.start_study(study=made, by=cast.manager)
    for column, person in enumerate(people):
        study.read(made, person, lambda part, trial, of=column: WORDS[AIAG[part.number - 1].said[of][trial - 1]])  # type: ignore[misc]
    return study.close(made, cast.manager)


def test_the_classical_example_comes_out_of_the_tables_to_the_digit(cast: factories.Cast) -> None:
    found = study_report(classical(cast))
    a, b, c = found.people.appraisers
    assert [found.names[one.name] for one in (a, b, c)] == ["inspector", "inspector2", "manager"]
    assert [one.within for one in (a, b, c)] == [Share(42, 50), Share(45, 50), Share(40, 50)]
    assert [one.effectiveness for one in (a, b, c)] == [Share(42, 50), Share(45, 50), Share(40, 50)]
    assert [one.misses for one in (a, b, c)] == [Share(3, 48), Share(3, 48), Share(6, 48)]
    assert [one.false_alarms for one in (a, b, c)] == [Share(5, 102), Share(2, 102), Share(9, 102)]
    assert [one.cohen.value for one in (a, b, c) if one.cohen] == pytest.approx([0.878788, 0.922982, 0.77396], abs=1e-6)
    assert [one.standard_kappa for one in (a, b, c)] == pytest.approx([0.880236, 0.922612, 0.774703], abs=1e-6)
    within = [one.within_kappa.overall.value for one in (a, b, c) if one.within_kappa]
    assert within == pytest.approx([0.76, 0.845073, 0.702911], abs=1e-6)
    assert [one.effectiveness_band for one in (a, b, c)] == [Band.MARGINAL, Band.ACCEPTABLE, Band.MARGINAL]
    assert {one.miss_band for one in (a, b, c)} == {Band.UNACCEPTABLE}
    assert [one.false_alarm_band for one in (a, b, c)] == [Band.ACCEPTABLE, Band.ACCEPTABLE, Band.MARGINAL]
    pairs = [pair.cohen.value for pair in found.people.pairs if pair.cohen]
    assert pairs == pytest.approx([0.862944, 0.776119, 0.788007], abs=1e-6)
    assert (found.people.between, found.people.all_correct) == (Share(39, 50), Share(39, 50))
    assert matched_interval(Share(39, 50)) == pytest.approx((0.640388, 0.884734), abs=1e-6)
    assert found.people.between_kappa is not None
    assert found.people.between_kappa.overall.value == pytest.approx(0.793606, abs=1e-6)
    assert found.people.all_kappa == pytest.approx(0.859184, abs=1e-6)
    assert (found.gaps, found.ai, found.bad, len(found.divided)) == (0, None, 16, 11)


def test_the_widths_of_the_classical_example_come_out_of_the_tables_to_the_digit(cast: factories.Cast) -> None:
    found = study_report(classical(cast)).detection
    assert found is not None
    assert [border.width for border in found.borders] == [0.024135, 0.023448]
    assert (found.width, found.share) == (0.0237915, pytest.approx(0.237915, abs=1e-12))
    assert (found.limits, len(found.parts), found.left_out) == (Limits(lower=0.45, upper=0.55), 50, ())


def test_without_measured_values_there_is_no_word_of_widths(cast: factories.Cast) -> None:
    made = study.running(factories.job(cast), cast)
    study.read(made, cast.inspector, study.right)
    found = study_report(study.close(made, cast.manager, reason="enough"))
    assert (found.detection, found.contradictions) == (None, [])


def test_the_ai_divides_nobody(cast: factories.Cast) -> None:
    covers = factories.job(cast)
    factories.champion(covers, factories.bundle(covers, score=0.9))
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    made = study.draft(covers, cast, ai=True)
    study.measure(made, cast.manager, ["1"] * 6, limits=(None, 2.0))
    walk.start_study(study=made, by=cast.manager)
    walk.read_study(made.pk)
    for person in (cast.inspector, cast.inspector2):
        study.read(made, person, lambda _part, _trial: OK)
    found = study_report(study.close(made, cast.manager, reason="enough"))
    assert found.detection is not None
    assert {one.answer for one in found.detection.parts} == {"accepted"}
    assert len(found.contradictions) == 2


def test_the_parts_that_people_got_wrong_come_worst_first(cast: factories.Cast) -> None:
    made = study.running(factories.job(cast), cast)

    def said(part: study.StudyPart, trial: int) -> Verdict:
        return NG if part.number == 3 or (part.number == 5 and trial == 1) else OK

    study.read(made, cast.inspector, said)
    study.read(made, cast.inspector2, study.right)
    found = study_report(study.close(made, cast.manager))
    wrong = {one.part.number: one.wrong for one in found.told}
    assert [one.part.number for one in found.divided] == sorted(
        (number for number, n in wrong.items() if n), key=lambda number: (-wrong[number], number)
    )
    said_wrong = [share.k for one in found.people.appraisers for share in (one.misses, one.false_alarms) if share]
    assert sum(wrong.values()) == sum(said_wrong)


def test_the_ai_stands_beside_the_people_and_not_among_them(cast: factories.Cast) -> None:
    covers = factories.job(cast)
    factories.champion(covers, factories.bundle(covers, score=0.9))
    made = study.running(covers, cast, ai=True)
    walk.read_study(made.pk)
    walk.read_study(made.pk)
    for person in (cast.inspector, cast.inspector2):
        study.read(made, person, study.right)
    found = study_report(study.close(made, cast.manager))
    assert [found.names[one.name] for one in found.people.appraisers] == ["inspector", "inspector2"]
    assert found.ai is not None
    assert (found.ai.misses, found.ai.false_alarms) == (Share(0, 4), Share(8, 8))
    assert found.people.between == Share(6, 6)
    assert len(found.ai_pairs) == 2
    assert [one.part.verdict for one in found.missed_by_ai_alone] == [OK] * 4


def test_readings_that_are_missing_are_counted_as_missing(cast: factories.Cast) -> None:
    made = study.running(factories.job(cast), cast)
    study.read(made, cast.inspector, study.right, most=7)
    found = study_report(study.close(made, cast.manager, reason="the line stood"))
    assert found.gaps == 24 - 7
    assert [one.readings for one in found.people.appraisers] == [7]


def test_who_knew_more_than_the_picture_is_named(cast: factories.Cast) -> None:
    made = study.running(factories.job(cast), cast, appraisers=("inspector", "inspector2", "manager", "admin"))
    study.read(made, cast.inspector, study.right)
    found = study_report(study.close(made, cast.manager, reason="a trial"))
    known = {one.person: (len(one.vouched), len(one.judged), one.made) for one in found.beforehand}
    assert known == {cast.inspector: (0, 6, False), cast.manager: (0, 0, True), cast.admin: (6, 0, False)}


def test_a_report_takes_as_many_queries_for_many_parts_as_for_few(
    cast: factories.Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    small = study.running(factories.job(cast, slug="small"), cast)
    large_job = factories.job(cast, slug="large")
    large = study.running(large_job, cast, parts=study.known(large_job, cast, *[OK] * 12, *[NG] * 6))
    counts = []
    for one in (small, large):
        study.read(one, cast.inspector, study.right)
        closed = study.close(one, cast.manager, reason="enough")
        with django_assert_num_queries(11, exact=False) as asked:  # type: ignore[operator]
            study_report(closed)
        counts.append(len(asked))
    assert counts[0] == counts[1]
