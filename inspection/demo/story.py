"""The story of a demonstration job, told by replaying parts: chapter by chapter, each on one level of the ladder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone

from inspection import walk
from inspection.acts.sign_proposal import sign_proposal
from inspection.demo.parts import Part
from inspection.demo.people import SIMULATED, SIMULATED_MANAGER, password, somebody
from inspection.demo.simulated import Habits, Simulated
from inspection.journey.intake import Incoming
from inspection.models import Item, Job, LevelChange, Person
from inspection.policy import ladder
from inspection.queries import epochs, proposals
from inspection.vocabulary import Level, Source, State

AT_ONCE = 60
"""Parts that are taken in, judged by the AI and answered by people before the next ones come."""
CAREFUL = Habits(misses=0.0, overkill=0.0, unsure_where_experts_doubt=0.0, follows_a_hint=0.0)
"""An adjudicator has time, a second picture and the part in hand."""

Say = Callable[[str, int, int], None]
"""Gets (what is being done, done, total)."""
Parts = Callable[[int, int], Iterator[Part]]
"""Gives the parts from one number to before another."""


@dataclass(frozen=True)
class Chapter:
    """A stretch of the replay at one level; `why` is the reason that stands in the history of levels.

    A `proven` one is reached by the proposal that the evidence has brought about, signed by the manager; without it the
    job stays where it is. A chapter ends after its parts, or earlier: `enough_for` as soon as the evidence would do for
    a climb to that level, `until_proposed` as soon as a climb is proposed, `until_lowered` as soon as the rules have
    lowered the job. `otherwise` are parts unlike those before.
    """

    level: Level
    parts: int
    why: str = ""
    proven: bool = False
    enough_for: Level | None = None
    until_proposed: bool = False
    until_lowered: bool = False
    otherwise: Parts | None = None


@dataclass
class Story:
    """One replay: what is told of it, where it has come to, and what is true of its parts."""

    slug: str
    job: Job
    parts: Parts
    place: int
    say: Say
    admin: Person
    manager: Person
    begins: datetime | None = None
    """When the first part was captured, where captures are spread over `per_day`; else they have no time."""
    per_day: int = 150
    told: int = 0
    truth: dict[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._inspectors = [
            Simulated(person=somebody(name, simulated=True), habits=Habits(), seed=number)
            for number, name in enumerate(SIMULATED)
        ]
        self._adjudicator = Simulated(person=somebody(SIMULATED_MANAGER, simulated=True), habits=CAREFUL, seed=99)

    def tell(self, chapters: Sequence[Chapter]) -> None:
        for chapter in chapters:
            if self._go_to(chapter):
                self._play(chapter, answered=True)

    def leave(self, chapter: Chapter) -> None:
        """Leave parts that wait for whoever comes, on the level of the chapter."""
        self._go_to(chapter)
        self._play(chapter, answered=False)

    def _go_to(self, chapter: Chapter) -> bool:
        """Whether the job has come to the level of a chapter."""
        self.job.refresh_from_db()
        if self.job.level == chapter.level:
            return True
        if chapter.proven and not self._sign(chapter):
            return False
        if ladder.is_climb(old=Level(self.job.level), new=chapter.level) and not self._is_next(chapter):
            # The rules have lowered the job meanwhile: it stays where the evidence has brought it.
            return False
        walk.switch_level(job=self.job, new=chapter.level, reason=chapter.why, by=self.admin)
        self.job.refresh_from_db()
        return True

    def _is_next(self, chapter: Chapter) -> bool:
        return ladder.above(Level(self.job.level)) == chapter.level

    def _sign(self, chapter: Chapter) -> bool:
        """The manager signs what has been proposed. Nothing is signed that is not proven, nor by a manager who has
        chosen another password since."""
        found = proposals.standing(self.job)
        if found is None or found.new != chapter.level or not self.manager.check_password(password()):
            return False
        sign_proposal(proposal=found, by=self.manager, password=password(), reason=chapter.why, now=timezone.now())
        return not ladder.signatures(chapter.level) > 1

    def _play(self, chapter: Chapter, *, answered: bool) -> None:
        end = self.place + chapter.parts
        begun = self.place
        source = chapter.otherwise or self.parts
        lowered = self._lowered()
        while self.place < end:
            parts = list(source(self.place, min(self.place + AT_ONCE, end)))
            self.say(f"{self.slug}: {chapter.level.label}", self.place - begun, chapter.parts)
            self._take_in(parts)
            self.place += len(parts)
            if answered:
                self._answer(len(parts))
            if answered and self._is_over(chapter, lowered):
                break

    def _is_over(self, chapter: Chapter, lowered: int) -> bool:
        """Whether what the chapter waits for has come."""
        if chapter.enough_for is not None and self._enough_for(chapter.enough_for):
            return True
        if chapter.until_proposed and proposals.standing(self.job) is not None:
            return True
        return chapter.until_lowered and self._lowered() > lowered

    def _enough_for(self, level: Level) -> bool:
        now = timezone.now()
        epoch = epochs.current(self.job, now)
        return epoch is not None and epochs.ready(self.job, epoch, to=level, now=now).proven

    def _lowered(self) -> int:
        return LevelChange.objects.filter(job=self.job, by=None).count()

    def _answer(self, parts: int) -> None:
        """Everybody works off the queue: the first leaves half of the parts to the second one, and what the two see
        differently is settled."""
        for turn, inspector in enumerate(self._inspectors):
            most = parts // 2 if turn == 0 else None
            inspector.work(job=self.job, truth=self.truth, now=timezone.now(), most=most)
        self._adjudicator.work(job=self.job, truth=self.truth, now=timezone.now(), adjudication=True)

    def _take_in(self, parts: list[Part]) -> None:
        """Take parts in and let the AI look at them here and now; their truth is kept, by serial, without pictures.

        Somebody may be asked for a second look at a part of any chapter before.
        """
        for part in parts:
            incoming = self._incoming(part)
            walk.take_in(job=self.job, incoming=incoming, source=Source.DEMONSTRATION, by=None)
            self.truth[incoming.serial] = replace(part, data=b"")
            self.told += 1
        received = Item.objects.filter(job=self.job, state=State.RECEIVED)
        while ids := list(received.values_list("id", flat=True)[:16]):
            if not walk.predict_and_advance([str(pk) for pk in ids]):
                break

    def _incoming(self, part: Part) -> Incoming:
        captured = None
        if self.begins is not None:
            captured = min(self.begins + timedelta(days=self.told / self.per_day), timezone.now())
        return Incoming(
            data=part.data,
            name=part.name,
            serial=part.name.rsplit(".", 1)[0],
            lot=part.lot,
            station="demonstration",
            captured_at=captured,
            metadata={"expert probability of a defect": part.target} if part.doubted else {},
        )
