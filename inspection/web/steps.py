"""The five levels as steps, with where a job stands and what would happen on the way to each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from inspection.models import Job
from inspection.policy import ladder
from inspection.refused import spoken
from inspection.vocabulary import Gate, Level, MemberRole
from inspection.web.words import level_words


@dataclass(frozen=True)
class Step:
    """One level of the ladder as seen from where the job stands."""

    level: Level
    number: int
    words: str
    here: bool
    reached: bool
    climb: bool
    next: bool
    """Whether it is the one next step up."""
    signatures: str
    """Who signs a climb to it, empty where nobody has to."""
    against: str
    """What stands against going there, empty where nothing does."""

    @property
    def button(self) -> str:
        said = gettext("Raise to {level}") if self.climb else gettext("Lower to {level}")
        return said.format(level=self.level.label)


def steps(job: Job, *, signed: Level | None = None) -> list[Step]:
    """The ladder from human only to full. `signed` is the level for which a proposal has all its signatures."""
    return [_step(job, level, number, signed) for number, level in enumerate(ladder.LADDER, start=1)]


def _step(job: Job, level: Level, number: int, signed: Level | None) -> Step:
    now = Level(job.level)
    checked = ladder.check_switch(old=now, new=level, gate=Gate(job.gate), signed=level == signed)
    return Step(
        level=level,
        number=number,
        words=level_words(level),
        here=level == now,
        reached=not ladder.is_climb(old=now, new=level),
        climb=ladder.is_climb(old=now, new=level),
        next=level == ladder.above(now),
        signatures=_signatures(level),
        against="" if level == now else spoken(checked.detail),
    )


def _signatures(level: Level) -> str:
    if not ladder.signatures(level):
        return ""
    if ladder.signatures(level) == 1:
        return gettext("Proven, signed by a quality manager, switched by an admin.")
    return gettext("Proven, signed by a quality manager and a second person, switched by an admin.")


def may_go(step: Step, *, old: Level, role: MemberRole) -> bool:
    """Whether a member with this role gets a button for a step."""
    return not step.here and not step.against and role in ladder.roles_that_may(old=old, new=step.level)
