"""Whatever people, workers, levels and silences do in whatever order: no item is lost and none is decided twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.add_member import add_member
from inspection.journey import predict, review
from inspection.journey.decide import Recorded
from inspection.models import Decision, Evidence, HandOut, Item, Job, Prediction, Review, VerdictGiven
from inspection.policy.ladder import LADDER
from inspection.refused import Refused
from inspection.vocabulary import DecidedBy, HandOutEnd, Level, Look, MemberRole, ReviewState, Role, State, Verdict
from tests import first_pixel
from tests.factories import Cast, answer, claim, commit, job, people, person, undo
from tests.stage import results, together

pytestmark = pytest.mark.usefixtures("first_pixel")
REDS = (3, 3, 3, 50, 97, first_pixel.SILENT, first_pixel.BREAKS)
PEOPLE = ("inspector", "inspector2", "manager")
"""Whoever judges; the admin adjudicates."""
FIRST_ASKED = (Look.FIRST, Look.ADJUDICATION)
"""What an undecided part waits for."""


class Story:
    """One job, and the things that happen to it; `now` is the sweeper's clock."""

    def __init__(self, covers: Job, cast: Cast, *, seed: int, names: Sequence[str] = PEOPLE) -> None:
        self.job, self.cast, self.name, self.names = covers, cast, f"story{seed}", names
        self.chance = random.Random(seed)
        self.posted = 0
        self.now: datetime = timezone.now()

    def happens(self) -> None:
        often = [self.post, self.work, self.inspect]
        self.chance.choice([*often, *often, self.undo, self.adjudicate, self.trouble])()

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
            self.chance.choice([self.judge, self.judge, self.judge, self.skip, self.escalate, self.forget])(held)

    def adjudicate(self) -> None:
        for held in claim(self.job, self.cast.admin, adjudication=True):
            answer(held, self.chance.choice([*Verdict]))

    def undo(self) -> None:
        """Somebody takes the newest verdict back, unless something has been built on it."""
        given = VerdictGiven.objects.filter(late=False, undone_at=None).order_by("-id").first()
        if given is None:
            return
        try:
            undo(Recorded(given=given, created=True))
        except Refused as refused:
            # The second: another thread has just taken the same one back.
            if refused.code not in {"built_upon", "lease_lost"}:
                raise

    def judge(self, held: review.Held) -> None:
        if review.asks_first(held.review, self.job) and held.hand_out.committed is None:
            commit(held)
        verdict = self.chance.choice([*Verdict])
        key = str(held.hand_out.lease)
        assert answer(held, verdict, key=key).created
        assert not answer(held, verdict, key=key).created

    def skip(self, held: review.Held) -> None:
        out = held.hand_out
        review.skip(review=held.review, person=out.person, lease=out.lease, reason="glare", now=timezone.now())

    def escalate(self, held: review.Held) -> None:
        out = held.hand_out
        review.escalate(review=held.review, person=out.person, lease=out.lease, reason="odd", now=timezone.now())

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
        """Everybody works on until nothing is left; the sweeper brings what the bell missed. Two come to help: a part
        that all others have judged or passed on waits for somebody new."""
        relief, referee = person(f"{self.name}-relief"), person(f"{self.name}-referee")
        add_member(job=self.job, username=relief.username, role=MemberRole.INSPECTOR)
        add_member(job=self.job, username=referee.username, role=MemberRole.MANAGER)
        for _ in range(300):
            if not Item.objects.exclude(state__in=[State.DECIDED, State.HELD]).exists() and not _open():
                return
            self.now += timedelta(seconds=25)
            walk.sweep(self.now)
            for somebody in (*(getattr(self.cast, name) for name in self.names), relief):
                for held in claim(self.job, somebody, hold=9):
                    answer(held, Verdict.OK)
            self.adjudicate()
            for held in claim(self.job, referee, adjudication=True):
                answer(held, Verdict.OK)
        raise AssertionError(f"never ends: {[*Item.objects.values_list('state', 'attempts')]}")


def _open() -> bool:
    return Review.objects.filter(state=ReviewState.OPEN).exists()


def nothing_is_lost_or_doubled(story: Story) -> None:
    """Every item is in exactly one place, and every effect is there once."""
    assert Item.objects.count() == story.posted
    for part in Item.objects.select_related("decision"):
        asked = part.reviews.filter(look__in=FIRST_ASKED, state=ReviewState.OPEN).count()
        if part.state in (State.DECIDED, State.HELD):
            assert part.reviews.filter(look=Look.FIRST, state=ReviewState.OPEN).count() == 0
            assert part.decision is not None
        elif part.state in (State.RECEIVED, State.PREDICTING):
            assert (asked, part.decision, part.routings.count()) == (0, None, 0)
        else:
            assert (asked, part.decision) == (1, None)
        chain = [*part.decisions.filter(undone=False).order_by("id").values_list("pk", "supersedes")]
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
    assert Evidence.objects.filter(undone=False, verdict_given__undone_at__isnull=False).count() == 0
    assert Evidence.objects.filter(verdict_given__late=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_in_no_story_of_many_at_once_is_an_item_lost_or_doubled() -> None:
    cast = people()
    covers = job(cast, level=Level.FULL)
    first_pixel.champion(covers)
    # One name each: two windows of one person may well take a part out of one another's hands.
    names = PEOPLE
    stories = [Story(Job.objects.get(pk=covers.pk), cast, seed=at, names=[name]) for at, name in enumerate(names)]

    def live(story: Story) -> None:
        acts = [story.post, story.post, story.work, story.work, story.inspect, story.worker_dies, story.undo]
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
