"""Who judges an item: one pure function over the table of levels."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.policy import sampling
from inspection.vocabulary import DecidedBy, Drawn, HintMode, Level, Reason, Verdict


@dataclass(frozen=True)
class LevelRow:
    """One row of the table of levels."""

    runs_model: bool
    ai_decides: frozenset[Verdict]
    draws_blind: bool
    drawn: Drawn | None
    """How a review that was neither blind nor audit counts as evidence."""
    hint: HintMode | None
    """None: the setting of the job."""


LEVELS: dict[Level, LevelRow] = {
    Level.HUMAN_ONLY: LevelRow(
        runs_model=False, ai_decides=frozenset(), draws_blind=False, drawn=None, hint=HintMode.NONE
    ),
    Level.SHADOW: LevelRow(
        runs_model=True, ai_decides=frozenset(), draws_blind=False, drawn=Drawn.SHADOW, hint=HintMode.NONE
    ),
    Level.ASSISTANCE: LevelRow(
        runs_model=True, ai_decides=frozenset(), draws_blind=True, drawn=Drawn.ASSISTED, hint=None
    ),
    Level.PARTIAL: LevelRow(
        runs_model=True,
        ai_decides=frozenset({Verdict.OK}),
        draws_blind=True,
        drawn=Drawn.ROUTED,
        hint=HintMode.COMMIT_FIRST,
    ),
    Level.FULL: LevelRow(
        runs_model=True,
        ai_decides=frozenset({Verdict.OK, Verdict.NG}),
        draws_blind=True,
        drawn=Drawn.ROUTED,
        hint=HintMode.COMMIT_FIRST,
    ),
}


@dataclass(frozen=True)
class Thresholds:
    """`score <= accept_at` is OK, `score >= reject_at` is NG; unset means never."""

    accept_at: float | None
    reject_at: float | None

    @property
    def unset(self) -> bool:
        return self.accept_at is None and self.reject_at is None


@dataclass(frozen=True)
class Salts:
    """One salt a purpose, so that the blind share and the audits do not pick the same items."""

    blind: str
    audit: str
    risk: str


@dataclass(frozen=True)
class Shares:
    """Share of items judged blind, share of AI decisions audited at random; both 0..1."""

    blind: float
    audit: float


@dataclass(frozen=True)
class Said:
    """What the AI said of an item: an opinion, or the fault that kept it from having one."""

    opinion: Verdict | None
    fault: Reason | None = None

    def __post_init__(self) -> None:
        if (self.opinion is None) == (self.fault is None):
            raise ValueError("the AI either has an opinion or a fault")


@dataclass(frozen=True)
class Route:
    """Who judges the item and why, what the person may see, and how the answer counts as evidence."""

    by: DecidedBy
    verdict: Verdict | None
    """The AI's verdict where the AI decides."""
    reason: Reason
    drawn: Drawn | None
    probability: float
    """With which probability the item came to be drawn so, 0..1."""
    hint: HintMode
    commit_first: bool
    """Whether the page asks for an answer before it can show anything; the same for all reviews of a level,
    since it would otherwise tell the blind ones apart."""
    audited: bool


def opinion(*, score: float, thresholds: Thresholds) -> Verdict:
    """The AI's verdict by score and thresholds.

    A score that meets both thresholds (they may be equal) is NG: in doubt a part is not passed.
    """
    if thresholds.reject_at is not None and score >= thresholds.reject_at:
        return Verdict.NG
    if thresholds.accept_at is not None and score <= thresholds.accept_at:
        return Verdict.OK
    return Verdict.UNSURE


def commits_first(*, level: Level, job_hint: HintMode) -> bool:
    """Whether people at this level answer before anything is shown."""
    return (LEVELS[level].hint or job_hint) == HintMode.COMMIT_FIRST


def effective(*, level: Level, shares: Shares) -> Shares:
    """The shares that are really drawn at a level: never 0 where a level draws at all. Without a blind share assistance
    would prove nothing and could not be seen to fail either."""
    row = LEVELS[level]
    return Shares(
        blind=max(shares.blind, sampling.LEAST_SHARE) if row.draws_blind else shares.blind,
        audit=max(shares.audit, sampling.LEAST_SHARE) if row.ai_decides else shares.audit,
    )


def route(
    *, level: Level, said: Said, job_hint: HintMode, shares: Shares, salts: Salts, key: str, risk: float = 0.0
) -> Route:
    """Decide who judges one item.

    The blind share is drawn before the AI's answer is looked at, so that it is a fair sample of everything. `risk`
    says where the score of an accepted item lies between 0 and its threshold, as 0 to 1.
    """
    row = LEVELS[level]
    shares = effective(level=level, shares=shares)
    first = commits_first(level=level, job_hint=job_hint)
    if not row.runs_model:
        return _person(reason=Reason.HUMAN_ONLY, drawn=None, hint=HintMode.NONE, commit_first=False)
    if row.draws_blind:
        blind = sampling.draw(salt=salts.blind, key=key, share=shares.blind)
        if blind.hit:
            return _person(
                reason=Reason.BLIND,
                drawn=Drawn.BLIND,
                hint=HintMode.NONE,
                commit_first=first,
                probability=blind.probability,
            )
    if said.opinion in row.ai_decides:
        audit = sampling.draw(salt=salts.audit, key=key, share=shares.audit)
        by_risk = _drawn_by_risk(risk, shares=shares, salts=salts, key=key)
        if said.opinion == Verdict.OK and by_risk.hit and not audit.hit:
            return _ai(said.opinion, audit=by_risk, drawn=Drawn.AUDIT_RISK, commit_first=first)
        return _ai(said.opinion, audit=audit, drawn=Drawn.AUDIT_RANDOM, commit_first=first)
    return _person(reason=_why_a_person(level, said), drawn=row.drawn, hint=row.hint or job_hint, commit_first=first)


def _person(
    *, reason: Reason, drawn: Drawn | None, hint: HintMode, commit_first: bool, probability: float = 1.0
) -> Route:
    return Route(
        by=DecidedBy.PERSON,
        verdict=None,
        reason=reason,
        drawn=drawn,
        probability=probability,
        hint=hint,
        commit_first=commit_first,
        audited=False,
    )


def _drawn_by_risk(risk: float, *, shares: Shares, salts: Salts, key: str) -> sampling.Draw:
    """On top of the random audit about as many again, the more likely the nearer their scores lie to the threshold:
    with scores spread evenly their mean share is that of the random audit. They find errors and prove nothing."""
    return sampling.draw(salt=salts.risk, key=key, share=min(1.0, 2 * shares.audit * min(1.0, max(0.0, risk))))


def _ai(verdict: Verdict | None, *, audit: sampling.Draw, drawn: Drawn, commit_first: bool) -> Route:
    return Route(
        by=DecidedBy.AI,
        verdict=verdict,
        reason=Reason.AI_SURE,
        drawn=drawn if audit.hit else None,
        probability=audit.probability,
        hint=HintMode.NONE,
        commit_first=commit_first,
        audited=audit.hit,
    )


def _why_a_person(level: Level, said: Said) -> Reason:
    if said.fault is not None:
        return said.fault
    if level == Level.SHADOW:
        return Reason.SHADOW
    if level == Level.ASSISTANCE:
        return Reason.ASSISTED
    return Reason.AI_REJECTS if said.opinion == Verdict.NG else Reason.AI_UNSURE
