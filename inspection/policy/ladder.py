"""The ladder of automation levels as a declared graph; refuses to import when it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.sentences import Sentence
from inspection.vocabulary import Gate, Level, MemberRole


@dataclass(frozen=True)
class Rung:
    """One level as a place to climb to: who signs, and what has to be proven, said without a job's own figures.

    What is proven, and from which draws, is declared with the criteria in `promotion.CRITERIA`.
    """

    level: Level
    signatures: int
    criteria: tuple[Sentence, ...] = ()


RUNGS: tuple[Rung, ...] = (
    Rung(Level.HUMAN_ONLY, signatures=0),
    Rung(Level.SHADOW, signatures=0),
    Rung(
        Level.ASSISTANCE,
        signatures=1,
        criteria=(
            Sentence("AI error below its bar on blind evidence, with confidence"),
            Sentence("misses among defects below their bar, with confidence"),
            Sentence("enough parts and defects, from enough lots, shifts and inspectors"),
        ),
    ),
    Rung(
        Level.PARTIAL,
        signatures=1,
        criteria=(
            Sentence("escapes per inspected part below their bar at the locked threshold, on parts after the lock"),
            Sentence("the AI is sure of enough parts"),
            Sentence("enough parts on enough days"),
        ),
    ),
    Rung(
        Level.FULL,
        signatures=2,
        criteria=(
            Sentence("escapes below their bar in the blind share and in the random audit, each alone"),
            Sentence("misses and overkill below their bars, each critical class below its own"),
            Sentence("enough days in partial automation without an open alarm"),
        ),
    ),
)
"""The ladder, from below."""

LADDER: tuple[Level, ...] = tuple(rung.level for rung in RUNGS)
CRITERIA: dict[Level, tuple[Sentence, ...]] = {rung.level: rung.criteria for rung in RUNGS if rung.criteria}
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


def levels_above(level: Level) -> tuple[Level, ...]:
    return LADDER[LADDER.index(level) + 1 :]


def below(level: Level) -> Level:
    """The next level down; the lowest stays where it is."""
    return LADDER[max(0, LADDER.index(level) - 1)]


def signatures(level: Level) -> int:
    """How many people sign a climb to a level."""
    return RUNGS[LADDER.index(level)].signatures


def lower(one: Level, other: Level) -> Level:
    """The lower one of two levels."""
    return min(one, other, key=LADDER.index)


def needs_proof(level: Level) -> bool:
    return level in CRITERIA


def roles_that_may(*, old: Level, new: Level) -> frozenset[MemberRole]:
    """Who may switch: up only an admin, down also a manager; whoever stands at the line may stop automation."""
    if is_climb(old=old, new=new):
        return frozenset({MemberRole.ADMIN})
    if new == STOPPED and is_climb(old=STOPPED, new=old):
        return frozenset({MemberRole.ADMIN, MemberRole.MANAGER, MemberRole.INSPECTOR})
    return frozenset({MemberRole.ADMIN, MemberRole.MANAGER})


def check_switch(
    *, old: Level, new: Level, gate: Gate, signed: bool = False, criteria: tuple[str, ...] | None = None
) -> Step:
    """Whether a job may go from `old` to `new`. Down always, by any number of steps; up one step at a time, and where
    the gate is enforced with a proven and `signed` proposal.

    `criteria` are what stands against the climb in the job's own figures, where somebody has them at hand.
    """
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
    if gate == Gate.ENFORCED and needs_proof(new) and not signed:
        return Step(
            code="not_proven",
            detail=Sentence("{level} has to be proven and signed first.", level=new.label.capitalize()),
            criteria=CRITERIA[new] if criteria is None else criteria,
        )
    return ALLOWED


def may_start_at(*, level: Level, gate: Gate) -> bool:
    """A new job starts below everything that needs proof, unless its gate is advisory."""
    return gate == Gate.ADVISORY or not needs_proof(level)


def _label(level: Level | None) -> str:
    return str(level.label) if level is not None else "none"


def _refuse_a_wrong_graph() -> None:
    if tuple(Level) != LADDER:
        raise RuntimeError("the ladder does not run from human only to full over every level once")
    for old in LADDER[1:]:
        if not check_switch(old=old, new=LADDER[0], gate=Gate.ENFORCED).allowed:
            raise RuntimeError(f"nobody could leave {old} downwards")
    if needs_proof(Level.HUMAN_ONLY) or needs_proof(Level.SHADOW):
        raise RuntimeError("human only and shadow are where proof comes from; they cannot ask for it")
    for rung in RUNGS:
        if bool(rung.criteria) != bool(rung.signatures):
            raise RuntimeError(f"a climb to {rung.level} is proven and signed, or neither")


_refuse_a_wrong_graph()
