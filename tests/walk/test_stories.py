"""Whatever people, workers, levels and silences do in whatever order: no item is lost and none is decided twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection import walk
from inspection.journey import predict, review
from inspection.models import Decision, Evidence, HandOut, Item, Job, Prediction, Review
from inspection.policy.ladder import LADDER
from inspection.vocabulary import DecidedBy, HandOutEnd, Level, ReviewState, Role, State, Verdict
from tests import first_pixel
from tests.factories import Cast, answer, claim, commit, job, people
from tests.stage import results, together

pytestmark = pytest.mark.usefixtures("first_pixel")
REDS = (3, 3, 3, 50, 97, first_pixel.SILENT, first_pixel.BREAKS)
PEOPLE = ("inspector", "inspector2", "manager")


class Story:
    """One job, and the things that happen to it; `now` is the sweeper's clock."""

    def __init__(self, covers: Job, cast: Cast, *, seed: int, names: Sequence[str] = PEOPLE) -> None:
        self.job, self.cast, self.name, self.names = covers, cast, f"story{seed}", names
        self.chance = random.Random(seed)
        self.posted = 0
        self.now: datetime = timezone.now()

    def happens(self) -> None:
        self.chance.choice([self.post, self.post, self.work, self.work, self.inspect, self.inspect, self.trouble])()

    def trouble(self) -> None:
        self.chance.choice([self.switch, self.worker_dies, self.sweep, self.lapse])()

    def post(self) -> None:
        self.posted += 1
        first_pixel.part(self.job, red=self.chance.choice(REDS), serial=f"{self.name}-{self.posted}")

    def work(self) -> None:
        waiting = Item.objects.filter(state=State.RECEIVED).order_by("?").first()
        if waiting is not None:
            first_pixel.judge(waiting)

    def worker_dies(self) -> None:
        waiting = [str(pk) for pk in Item.objects.filter(state=State.RECEIVED).values_list("pk", flat=True)]
        predict.claim(waiting, now=self.now)

    def inspect(self) -> None:
        for held in claim(self.job, getattr(self.cast, self.chance.choice(self.names)), hold=self.chance.randint(1, 3)):
            self.chance.choice([self.judge, self.judge, self.judge, self.skip, self.forget])(held)

    def judge(self, held: review.Held) -> None:
        if held.review.routing.commit_first and held.hand_out.committed is None:
            commit(held)
        verdict = self.chance.choice([*Verdict])
        key = str(held.review.pk)
        assert answer(held, verdict, key=key).created
        assert not answer(held, verdict, key=key).created

    def skip(self, held: review.Held) -> None:
        out = held.hand_out
        review.skip(review=held.review, person=out.person, lease=out.lease, reason="glare", now=timezone.now())

    def forget(self, held: review.Held) -> None:
        """The browser is closed."""

    def lapse(self) -> None:
        Review.objects.filter(holder__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))

    def switch(self) -> None:
        self.job.refresh_from_db()
        at = LADDER.index(Level(self.job.level))
        new = self.chance.choice([*LADDER[:at], *LADDER[at + 1 : at + 2]])
        walk.switch_level(job=self.job, new=new, reason="trial", by=self.cast.admin)

    def sweep(self) -> None:
        self.now += timedelta(seconds=self.chance.choice([1, 12, 25]))
        walk.sweep(self.now)

    def ends(self) -> None:
        """Everybody works on until nothing is left; the sweeper brings what the bell missed."""
        for _ in range(300):
            if not Item.objects.exclude(state__in=[State.DECIDED, State.HELD]).exists() and not _open():
                return
            self.now += timedelta(seconds=25)
            walk.sweep(self.now)
            for name in self.names:
                for held in claim(self.job, getattr(self.cast, name), hold=9):
                    answer(held, Verdict.OK)
        raise AssertionError(f"never ends: {[*Item.objects.values_list('state', 'attempts')]}")


def _open() -> bool:
    return Review.objects.filter(state=ReviewState.OPEN).exists()


def nothing_is_lost_or_doubled(story: Story) -> None:
    """Every item is in exactly one place, and every effect is there once."""
    assert Item.objects.count() == story.posted
    for part in Item.objects.select_related("decision"):
        asked = part.reviews.filter(audit=False, state=ReviewState.OPEN).count()
        if part.state in (State.DECIDED, State.HELD):
            assert asked == 0
            assert part.decision is not None
        elif part.state in (State.RECEIVED, State.PREDICTING):
            assert (asked, part.decision, part.routings.count()) == (0, None, 0)
        else:
            assert (asked, part.decision) == (1, None)
        chain = [*part.decisions.order_by("id").values_list("pk", "supersedes")]
        assert [named for _, named in chain] == [None, *[pk for pk, _ in chain[:-1]]][: len(chain)]
        assert part.predictions.filter(role=Role.CHAMPION).count() <= 1


def a_fault_is_never_ok() -> None:
    unsure = Prediction.objects.exclude(opinion__in=[Verdict.OK, Verdict.NG]).values("item")
    assert not Decision.objects.filter(by=DecidedBy.AI, item__in=unsure).exists()


@pytest.mark.parametrize("seed", range(len(LADDER)))
def test_in_no_story_is_an_item_lost_or_doubled(cast: Cast, seed: int) -> None:
    covers = job(cast, level=LADDER[seed])
    first_pixel.champion(covers)
    story = Story(covers, cast, seed=seed)
    for _ in range(10):
        for _ in range(6):
            story.happens()
        nothing_is_lost_or_doubled(story)
    story.ends()
    nothing_is_lost_or_doubled(story)
    a_fault_is_never_ok()
    assert HandOut.objects.filter(end=HandOutEnd.HELD).count() == 0
    assert Evidence.objects.filter(verdict_given__late=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_in_no_story_of_many_at_once_is_an_item_lost_or_doubled() -> None:
    cast = people()
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    # One name each: two windows of one person may well take a part out of one another's hands.
    names = ("inspector", "inspector2", "manager", "admin")
    stories = [Story(Job.objects.get(pk=covers.pk), cast, seed=at, names=[name]) for at, name in enumerate(names)]

    def live(story: Story) -> None:
        acts = [story.post, story.post, story.work, story.work, story.inspect, story.worker_dies]
        for _ in range(20):
            story.chance.choice(acts)()
        if story is stories[0]:
            story.switch()

    results(together([partial(live, story) for story in stories]))
    whole = Story(covers, cast, seed=9, names=names)
    whole.posted = sum(story.posted for story in stories)
    nothing_is_lost_or_doubled(whole)
    whole.ends()
    nothing_is_lost_or_doubled(whole)
    a_fault_is_never_ok()
