from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspection.models import Item, Job, LevelChange, Prediction
from inspection.queries import watching
from inspection.vocabulary import Cause, Level, Reason, Role, Verdict
from tests.climbs import climbing_job
from tests.factories import Cast, take_in


def asked(made: Job, *, answered: int, faults: int, before: timedelta = timedelta()) -> None:
    """What the live model said of so many parts, the faults last."""
    item, now = take_in(made), timezone.now()
    assert made.champion is not None
    copies = Item.objects.filter(pk=item.pk).values()[0]
    for number in range(answered + faults):
        fault = number >= answered
        row = Item.objects.create(**copies | {"id": Item().pk, "serial": f"s{number}"})
        Prediction.objects.create(
            item=row,
            model=made.champion,
            role=Role.CHAMPION,
            score=None if fault else 0.1,
            opinion="" if fault else Verdict.OK,
            fault="it broke" if fault else "",
            reason=Reason.NO_ANSWER if fault else "",
            fingerprint="f",
            at=now - before + timedelta(microseconds=number),
        )


def found(cast: Cast, level: Level, *, answered: int, faults: int, before: timedelta = timedelta()) -> list[Cause]:
    made = climbing_job(cast, level=level)
    LevelChange.objects.update(at=timezone.now() - timedelta(hours=2))
    asked(made, answered=answered, faults=faults, before=before)
    return [cause for _, cause in watching.to_lower(timezone.now() + timedelta(seconds=1))]


@pytest.mark.parametrize(
    ("answered", "faults", "causes"),
    [(97, 3, [Cause.NO_ANSWERS]), (98, 2, []), (50, 49, []), (300, 4, []), (300, 5, [Cause.NO_ANSWERS])],
)
def test_more_than_two_in_a_hundred_of_the_latest_parts_without_an_answer(
    cast: Cast, answered: int, faults: int, causes: list[Cause]
) -> None:
    assert found(cast, Level.PARTIAL, answered=answered, faults=faults) == causes


@pytest.mark.parametrize("level", [Level.HUMAN_ONLY, Level.SHADOW, Level.ASSISTANCE])
def test_where_people_decide_nothing_has_to_stop(cast: Cast, level: Level) -> None:
    assert found(cast, level, answered=0, faults=150) == []


def test_what_failed_before_the_job_came_to_its_level_is_not_held_against_it(cast: Cast) -> None:
    assert found(cast, Level.PARTIAL, answered=0, faults=150, before=timedelta(hours=3)) == []
