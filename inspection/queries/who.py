"""Who let it pass? Everything that stands behind the verdict in force for an item, in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery

from inspection.models import Decision, HandOut, Item
from inspection.vocabulary import DecidedBy, Drawn, HandOutEnd, HintMode, Level, Reason, Verdict


@dataclass(frozen=True)
class ModelInForce:
    """The model version that had looked at the item."""

    name: str
    digest: str
    score: float | None
    opinion: Verdict | None
    """None when the model gave no answer; `fault` says why then."""
    fault: str
    said_at: datetime


@dataclass(frozen=True)
class ThresholdsInForce:
    version: int
    accept_at: float | None
    reject_at: float | None


@dataclass(frozen=True)
class PolicyInForce:
    """By which rule of the job's level the item went where it went."""

    reason: Reason
    drawn: Drawn | None
    probability: float
    """Inclusion probability of the draw, 0..1."""
    hint: HintMode
    commit_first: bool
    routed_at: datetime


@dataclass(frozen=True)
class Approval:
    """Who put the job on the level under which the item was decided."""

    by: str
    """Blank where nobody's name is on record."""
    at: datetime
    reason: str
    gate: str


@dataclass(frozen=True)
class Seen:
    """What the inspector had before the eyes when giving the verdict."""

    picture: str
    """SHA-256 of the stored picture."""
    handed_out_at: datetime
    hint: Mapping[str, Any] | None
    """The AI's opinion as it was shown; None when none was."""
    hint_at: datetime | None
    own_answer_first: Mapping[str, Any] | None
    answered_at: datetime


@dataclass(frozen=True)
class Behind:
    """All that stands behind one verdict in force."""

    verdict: Verdict
    by: DecidedBy
    person: str
    """Name of the person who decided; blank where the AI did."""
    at: datetime
    code_version: str
    level: Level
    model: ModelInForce | None
    thresholds: ThresholdsInForce | None
    policy: PolicyInForce
    approval: Approval | None
    seen: Seen | None
    """None where no person decided."""


def who_let_it_pass(item: Item) -> Behind | None:
    """Everything behind the verdict in force for an item; None while there is none. One query."""
    row = (
        Decision.objects.filter(item=item.pk, pk=F("item__decision_id"))
        .select_related("model", "thresholds", "person", "verdict_given", "item__picture", "routing__prediction")
        .select_related("routing__level_change__by")
        .annotate(handed_out_at=_of_hand_out("at"), hint_at=_of_hand_out("shown_at"))
        .first()
    )
    if row is None:
        return None
    return Behind(
        verdict=Verdict(row.verdict),
        by=DecidedBy(row.by),
        person=row.person.shown_name if row.person else "",
        at=row.at,
        code_version=row.code_version,
        level=Level(row.level),
        model=_model(row),
        thresholds=_thresholds(row),
        policy=_policy(row),
        approval=_approval(row),
        seen=_seen(row, handed_out_at=row.handed_out_at, hint_at=row.hint_at),
    )


def _of_hand_out(column: str) -> Subquery:
    outs = HandOut.objects.filter(
        review=OuterRef("verdict_given__review"), person=OuterRef("person"), end=HandOutEnd.ANSWERED
    )
    # Who took a verdict back and gave another was handed the part twice; the last time counts.
    return Subquery(outs.order_by("-id").values(column)[:1])


def _model(row: Decision) -> ModelInForce | None:
    said = row.routing.prediction
    if row.model is None or said is None:
        return None
    return ModelInForce(
        name=row.model.name,
        digest=row.model.digest,
        score=said.score,
        opinion=Verdict(said.opinion) if said.opinion else None,
        fault=said.fault,
        said_at=said.at,
    )


def _thresholds(row: Decision) -> ThresholdsInForce | None:
    found = row.thresholds
    if found is None:
        return None
    return ThresholdsInForce(version=found.version, accept_at=found.accept_at, reject_at=found.reject_at)


def _policy(row: Decision) -> PolicyInForce:
    routing = row.routing
    return PolicyInForce(
        reason=Reason(routing.reason),
        drawn=Drawn(routing.drawn) if routing.drawn else None,
        probability=routing.probability,
        hint=HintMode(routing.hint),
        commit_first=routing.commit_first,
        routed_at=routing.at,
    )


def _approval(row: Decision) -> Approval | None:
    change = row.routing.level_change
    if change is None:
        return None
    return Approval(
        by=change.by.shown_name if change.by else "", at=change.at, reason=change.words, gate=str(change.gate)
    )


def _seen(row: Decision, *, handed_out_at: datetime, hint_at: datetime | None) -> Seen | None:
    given = row.verdict_given
    if given is None:
        return None
    return Seen(
        picture=row.item.picture.digest,
        handed_out_at=handed_out_at,
        hint=given.shown,
        hint_at=hint_at,
        own_answer_first=given.first,
        answered_at=given.at,
    )
