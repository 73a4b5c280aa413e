"""The ladder of automation levels as a declared graph; refuses to import when it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.sentences import Sentence
from inspection.vocabulary import Gate, Level, MemberRole

LADDER: tuple[Level, ...] = tuple(Level)

CRITERIA: dict[Level, tuple[str, ...]] = {
    Level.ASSISTANCE: (
        Sentence("AI error below 5 % on blind evidence, with 95 % confidence"),
        Sentence("misses among defects below 20 %, with 95 % confidence"),
        Sentence("at least 200 items with 20 defects from 67 lots or slots, 3 shifts and 2 inspectors"),
    ),
    Level.PARTIAL: (
        Sentence("escapes per inspected part below 0.5 % at the locked threshold, on parts after the lock"),
        Sentence("the AI is sure of at least 20 % of the parts"),
        Sentence("at least 901 items on 5 days"),
    ),
    Level.FULL: (
        Sentence("escapes below 0.5 % in the blind share and in the random audit, each alone"),
        Sentence("misses below 10 %, overkill below 3 %, each critical class below its own bar"),
        Sentence("14 days in partial automation without an open alarm"),
    ),
}
"""What has to be proven before an enforced job may climb to a level."""


@dataclass(frozen=True)
class Step:
    """Whether a switch is allowed: `code` is empty when it is, else it names what stands against it."""

    code: str
    detail: str
    criteria: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.code


STOPPED = Level.ASSISTANCE
"""Where a job stands when its automation has been stopped: people decide again, and still see what the AI thinks."""

ALLOWED = Step(code="", detail="")


def is_climb(*, old: Level, new: Level) -> bool:
    return LADDER.index(new) > LADDER.index(old)


def above(level: Level) -> Level | None:
    """The next level up, or None at the top."""
    place = LADDER.index(level) + 1
    return LADDER[place] if place < len(LADDER) else None


def needs_proof(level: Level) -> bool:
    return level in CRITERIA


def roles_that_may(*, old: Level, new: Level) -> frozenset[MemberRole]:
    """Who may switch: up only an admin, down also a manager; whoever stands at the line may stop automation."""
    if is_climb(old=old, new=new):
        return frozenset({MemberRole.ADMIN})
    if new == STOPPED and is_climb(old=STOPPED, new=old):
        return frozenset({MemberRole.ADMIN, MemberRole.MANAGER, MemberRole.INSPECTOR})
    return frozenset({MemberRole.ADMIN, MemberRole.MANAGER})


def check_switch(*, old: Level, new: Level, gate: Gate) -> Step:
    """Whether a job may go from `old` to `new`. Down always, by any number of steps; up one step at a time."""
    if new == old:
        return Step(code="same_level", detail=Sentence("The job already stands on {level}.", level=old.label))
    if not is_climb(old=old, new=new):
        return ALLOWED
    if new != above(old):
        return Step(
            code="one_step_at_a_time",
            detail=Sentence(
                "From {level} the next level is {next}; levels are not skipped on the way up.",
                level=old.label,
                next=_label(above(old)),
            ),
        )
    if gate == Gate.ENFORCED and needs_proof(new):
        return Step(
            code="not_proven",
            detail=Sentence("{level} has to be proven first.", level=new.label.capitalize()),
            criteria=CRITERIA[new],
        )
    return ALLOWED


def may_start_at(*, level: Level, gate: Gate) -> bool:
    """A new job starts below everything that needs proof, unless its gate is advisory."""
    return gate == Gate.ADVISORY or not needs_proof(level)


def _label(level: Level | None) -> str:
    return str(level.label) if level is not None else "none"


def _refuse_a_wrong_graph() -> None:
    if LADDER[0] != Level.HUMAN_ONLY or LADDER[-1] != Level.FULL or len(set(LADDER)) != len(Level):
        raise RuntimeError("the ladder does not run from human only to full over every level once")
    for old in LADDER[1:]:
        if not check_switch(old=old, new=LADDER[0], gate=Gate.ENFORCED).allowed:
            raise RuntimeError(f"nobody could leave {old} downwards")
    if needs_proof(Level.HUMAN_ONLY) or needs_proof(Level.SHADOW):
        raise RuntimeError("human only and shadow are where proof comes from; they cannot ask for it")


_refuse_a_wrong_graph()
