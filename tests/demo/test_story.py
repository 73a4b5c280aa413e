"""The story of a demonstration: proven climbs, what happens without proof, and a fall by the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from inference import contract
from inspection.acts.change_bars import change_bars
from inspection.acts.simulate import begin_simulation
from inspection.demo import jobs
from inspection.demo.parts import Part
from inspection.demo.people import cast as demo_cast
from inspection.demo.story import Chapter, Story
from inspection.models import Item, Job, Proposal, Signature
from inspection.simulation.run import SimulatedAI, asking
from inspection.vocabulary import Cause, Level
from tests import factories

LEAST = {"items": 50, "defects": 5, "lots": 10, "miss": 0.5, "ai_error": 0.2}
LEAST |= {"escape": 0.05, "items_partial": 50, "days": 2}
CLIMB = (
    Chapter(Level.SHADOW, 240, "let it run hidden", enough_for=Level.PARTIAL),
    Chapter(Level.ASSISTANCE, 120, "fewer errors than the bar", proven=True, until_proposed=True),
    Chapter(Level.PARTIAL, 60, "hardly an escape", proven=True),
)


class Seeing(SimulatedAI):
    """Rejects what has a bright mark in its corner."""

    def judge(self, *, pictures: Sequence[contract.Picture], **_more: object) -> list[contract.Answer]:  # type: ignore[override]
        return [contract.Answer(key=one.key, score=0.9 if one.pixels[0, 0, 0] > 200 else 0.05) for one in pictures]


def parts(start: int, stop: int, *, marked: bool = True) -> Iterator[Part]:
    for number in range(start, stop):
        bad = number % 4 == 0
        data = factories.picture(number, first=(255, 0, 0) if bad and marked else (90, 90, 90))
        labels = ("scratch",) if bad else ()
        yield Part(name=f"p-{number:05d}.png", data=data, lot=f"L{number // 3}", target=float(bad), labels=labels)


def unmarked(start: int, stop: int) -> Iterator[Part]:
    return parts(start, stop, marked=False)


@pytest.fixture
def story(db: None, settings: Settings) -> Iterator[Story]:
    settings.DEMO_PASSWORD = "for the stage"
    people = demo_cast()
    demonstration = replace(jobs.SOLAR_CELLS, slug="told", labels=factories.LABELS, days=10)
    job = jobs._create(demonstration, by=people["admin"])
    jobs.change_job(job=job, by=people["admin"], policy={"accept_at": 0.2, "reject_at": 0.8})
    people["admin"].simulated = True  # in memory alone: the model of a simulation does for this story
    job.refresh_from_db()
    job.created_by = people["admin"]
    begin_simulation(job=job, salt="story")
    change_bars(job=job, changes=LEAST, reason="a short story", by=people["admin"], now=timezone.now())
    job.refresh_from_db()
    with asking(Seeing()):
        yield Story(
            slug="told",
            job=job,
            parts=parts,
            place=0,
            say=lambda *_told: None,
            admin=people["admin"],
            manager=people["manager"],
            begins=timezone.now() - timedelta(days=10),
            per_day=30,
        )


def test_a_climb_is_proposed_signed_by_the_manager_and_switched_by_the_admin(story: Story) -> None:
    story.tell(CLIMB)
    assert Job.objects.get().level == Level.PARTIAL
    assert list(Proposal.objects.order_by("id").values_list("new", "state")) == [
        (Level.ASSISTANCE, "switched"),
        (Level.PARTIAL, "switched"),
    ]
    assert set(Signature.objects.values_list("person__username", flat=True)) == {"manager"}


def test_a_chapter_ends_when_the_evidence_is_there(story: Story) -> None:
    story.tell(CLIMB[:1])
    assert 50 <= Item.objects.count() < 240


def test_parts_unlike_those_before_bring_the_job_down_by_the_rules(story: Story) -> None:
    story.tell((*CLIMB, Chapter(Level.PARTIAL, 600, proven=True, until_lowered=True, otherwise=unmarked)))
    last = story.job.level_changes.latest("pk")
    assert (last.old, last.by, last.cause) == (Level.PARTIAL, None, Cause.BAR)
    story.leave(Chapter(Level(last.new), 6))
    assert Item.objects.filter(state="waiting").count() == 6


def test_without_proof_a_proven_chapter_is_left_out(story: Story) -> None:
    story.tell((replace(CLIMB[0], parts=12), *CLIMB[1:]))
    assert (Job.objects.get().level, Item.objects.count()) == (Level.SHADOW, 12)


def test_nobody_signs_for_a_manager_with_another_password(story: Story) -> None:
    story.manager.set_password("my own")
    story.tell(CLIMB)
    assert (Job.objects.get().level, Signature.objects.count()) == (Level.SHADOW, 0)


def test_captures_lie_on_different_days_and_none_in_the_future(story: Story) -> None:
    story.tell((replace(CLIMB[0], parts=60, enough_for=None),))
    captured = [item.captured_at for item in Item.objects.order_by("serial") if item.captured_at is not None]
    assert len(captured) == 60
    assert captured == sorted(captured)
    assert (captured[-1] - captured[0]).days == 1
