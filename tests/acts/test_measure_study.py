from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.measure_study import Measures, measure_study
from inspection.models import Job, Study
from inspection.policy.study_values import MOST_ROWS, Row
from inspection.refused import Refused
from tests import factories, study
from tests.study import NG, OK

pytestmark = pytest.mark.django_db


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


@pytest.fixture
def made(covers: Job, cast: factories.Cast) -> Study:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    return study.draft(covers, cast)


def serials(made: Study) -> list[str]:
    return list(made.parts.values_list("item__serial", flat=True))


def some(made: Study) -> Measures:
    """The first three parts."""
    rows = tuple(Row(line, serial, line / 10) for line, serial in enumerate(serials(made)[:3], 1))
    return Measures(lower=0.1, upper=0.3, unit="mm", rows=rows)


def give(made: Study, cast: factories.Cast, new: Measures) -> None:
    measure_study(study=made, new=new, by=cast.manager, now=timezone.now())


def stored(made: Study) -> tuple[Any, ...]:
    made.refresh_from_db()
    values = list(made.parts.values_list("value", flat=True))
    return made.lower_limit, made.upper_limit, made.unit, made.measured_by, values


def test_limits_and_values_are_kept_with_who_gave_them(made: Study, cast: factories.Cast) -> None:
    give(made, cast, some(made))
    assert stored(made) == (0.1, 0.3, "mm", cast.manager, [0.1, 0.2, 0.3, None, None, None])
    assert made.measured_at is not None


def test_what_comes_later_takes_the_place_of_what_was_there(made: Study, cast: factories.Cast) -> None:
    give(made, cast, some(made))
    give(made, cast, Measures(lower=None, upper=5.0, rows=(Row(1, serials(made)[5], 4.0),)))
    assert stored(made) == (None, 5.0, "", cast.manager, [None] * 5 + [4.0])
    give(made, cast, Measures(lower=None, upper=None))
    assert stored(made) == (None, None, "", None, [None] * 6)
    assert made.measured_at is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"lower": 0.3}, "bad_limits"),
        ({"lower": None, "upper": None}, "no_limits"),
        ({"rows": ()}, "no_values"),
        ({"unit": "m" * 21}, "bad_unit"),
        ({"unit": "m\nm"}, "bad_unit"),
        ({"rows": (Row(1, "nobody", 1.0),)}, "bad_values"),
        ({"rows": (Row(1, "nobody", 1.0),), "others": True}, "no_values"),
        ({"rows": (Row(1, "A", None),) * (MOST_ROWS + 1)}, "too_many_rows"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_changed(
    made: Study, cast: factories.Cast, changed: dict[str, Any], expected: str
) -> None:
    give(made, cast, some(made))
    before = stored(made)
    with pytest.raises(Refused) as refused:
        give(made, cast, replace(some(made), **changed))
    assert (refused.value.code, stored(made)) == (expected, before)


def test_every_line_that_is_wrong_is_told_of_at_once(made: Study, cast: factories.Cast) -> None:
    rows = (Row(1, "x", 1.0), Row(2, serials(made)[0], 1.0), Row(3, "y", 1.0))
    with pytest.raises(Refused) as refused:
        give(made, cast, replace(some(made), rows=rows))
    assert refused.value.extra["errors"] == [
        "Line 1: the part “x” is not in this study.",
        "Line 3: the part “y” is not in this study.",
    ]


def test_once_people_are_asked_nothing_is_measured_any_more(made: Study, cast: factories.Cast) -> None:
    new = some(made)
    walk.start_study(study=made, by=cast.manager)
    with pytest.raises(Refused, match="not_a_draft"):
        give(made, cast, new)
    assert stored(made)[4] == [None] * 6
