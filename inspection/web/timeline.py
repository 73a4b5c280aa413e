"""The history of a part as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inspection.clock import clock_time
from inspection.queries.history import Event
from inspection.refused import spoken
from inspection.templatetags.figures import decimal, plain
from inspection.vocabulary import DecidedBy, Drawn, HandOutEnd, HintMode, Level, Look, Reason, Role, Source
from inspection.web.words import refusal_words


@dataclass(frozen=True)
class Moment:
    """One entry of the time line; `verdict` and `labels` are shown beside the sentence where there are any."""

    at: datetime
    kind: str
    words: str
    verdict: str = ""
    labels: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


def moments(events: Iterable[Event], *, zone: str) -> list[Moment]:
    """Oldest first, as they come; times in their words by the clock of `zone`."""
    return [_WORDS[event.kind](event, zone) for event in events]


def _at(moment: datetime | None, zone: str) -> str:
    return "" if moment is None else clock_time(moment, zone=zone, seconds=True)


def _moment(event: Event, words: str, **more: Any) -> Moment:
    details = tuple((name, text) for name, text in more.pop("details", ()) if text)
    return Moment(at=event.at, kind=event.kind, words=words, details=details, **more)


def _intake(event: Event, zone: str) -> Moment:
    facts = event.facts
    details = (
        (_("Captured"), _at(facts["captured_at"], zone)),
        (_("Size"), _("{width} × {height} pixels").format(width=facts["width"], height=facts["height"])),
        (_("Digest of the picture"), facts["picture"]),
        (_("Digest as received"), facts["received_digest"]),
        (_("Said by the sender"), ", ".join(f"{name}: {value}" for name, value in facts["metadata"].items())),
    )
    words = _("Taken in through {door} by {who}.") if event.by else _("Taken in through {door}.")
    return _moment(event, words.format(door=Source(facts["source"]).label, who=event.by), details=details)


def _prediction(event: Event, _zone: str) -> Moment:
    facts = event.facts
    details = (
        (_("Model"), f"{facts['model_name']} {facts['model'][:12]}"),
        (_("Labels"), ", ".join(f"{code} {decimal(share, 2)}" for code, share in facts["labels"].items())),
        (_("Thresholds"), _thresholds(facts["thresholds"])),
        (_("Times"), ", ".join(f"{step} {ms:.0f} ms" for step, ms in facts["steps_ms"].items())),
        (_("Fingerprint"), facts["fingerprint"][:16]),
    )
    who = _("The AI")
    if facts["role"] != Role.CHAMPION:
        who = _("The AI as {role}").format(role=Role(facts["role"]).label)
    if facts["score"] is None:
        return _moment(event, _("{ai} gave no answer: {fault}.").format(ai=who, fault=facts["fault"]), details=details)
    words = _("{ai} gave {score} for NG:").format(ai=who, score=decimal(facts["score"]))
    return _moment(event, words, verdict=facts["opinion"] or "", details=details)


def _route(event: Event, zone: str) -> Moment:
    facts = event.facts
    to = _("Left to the AI: {reason}.") if facts["to"] == DecidedBy.AI else _("Sent to a person: {reason}.")
    drawn = ""
    if facts["drawn"]:
        said = _("{way}, probability {share}")
        drawn = said.format(way=Drawn(facts["drawn"]).label, share=plain(facts["probability"]))
    details = (
        (_("Level"), Level(facts["level"]).label),
        (_("Level set by"), _level_set_by(facts["level_set_by"], zone)),
        (_("Thresholds"), _thresholds(facts["thresholds"])),
        (_("Drawn as"), drawn),
        (_("Hint"), HintMode(facts["hint"]).label),
    )
    words = to.format(reason=Reason(facts["reason"]).label)
    if facts["audited"]:
        words = f"{words} {_('A person looks at it again.')}"
    return _moment(event, words, details=details)


def _reopen(event: Event, _zone: str) -> Moment:
    return _moment(event, _("Opened again: {reason}.").format(reason=event.facts["reason"]))


def _review(event: Event, zone: str) -> Moment:
    facts = event.facts
    shown = _("no hint")
    if facts["shown"]:
        shown = _("{words} (at {time})").format(words=facts["shown"]["words"], time=_at(facts["shown_at"], zone))
    details = (
        (_("Own answer first"), facts["committed"]["verdict"] if facts["committed"] else ""),
        (_("Was shown"), shown),
        (_("Why passed on"), facts["reason"] or ""),
    )
    words = _("Handed to {who} ({look}); ended: {end}.").format(
        who=event.by, look=Look(facts["look"]).label, end=HandOutEnd(facts["end"]).label
    )
    return _moment(event, words, details=details)


def _verdict(event: Event, _zone: str) -> Moment:
    facts = event.facts
    first = facts["first"]
    details = (
        (_("First answer, before the hint"), first["verdict"] if first else ""),
        (_("Note"), facts["note"]),
        (_("Regions"), str(len(facts["regions"])) if facts["regions"] else ""),
    )
    timed = facts["seconds"] is not None
    words = _("{who} judged after {seconds} s:") if timed else _("{who} judged:")
    if event.kind == "late":
        late = _("{who} judged after {seconds} s, too late to decide anything:")
        words = late if timed else _("{who} judged, too late to decide anything:")
    said = words.format(who=event.by, seconds=decimal(facts["seconds"], 1))
    return _moment(event, said, verdict=facts["verdict"], labels=tuple(facts["labels"]), details=details)


def _decision(event: Event, zone: str) -> Moment:
    facts = event.facts
    details = (
        (_("Level"), Level(facts["level"]).label),
        (_("Level set by"), _level_set_by(facts["level_set_by"], zone)),
        (_("Model"), (facts["model"] or "")[:12]),
        (_("Thresholds"), _thresholds(facts["thresholds"])),
        (_("Code version"), facts["code_version"]),
    )
    by = _("the AI") if facts["decided_by"] == DecidedBy.AI else event.by
    words = _standing(facts).format(who=by)
    return _moment(event, words, verdict=facts["verdict"], labels=tuple(facts["labels"]), details=details)


def _standing(facts: dict[str, Any]) -> str:
    if facts["in_force"]:
        return _("Decided by {who}, in force:")
    return _("Decided by {who}, taken back since:") if facts["undone"] else _("Decided by {who}, superseded since:")


def _undo(event: Event, _zone: str) -> Moment:
    return _moment(event, _("{who} took the verdict back.").format(who=event.by))


def _refusal(event: Event, _zone: str) -> Moment:
    facts = event.facts
    words = _("Refused another picture from {who}: {why}") if event.by else _("Refused another picture: {why}")
    said = words.format(who=event.by, why=refusal_words(code=facts["code"], detail=facts["words"]))
    return _moment(event, said, details=((_("Code"), facts["code"]),))


def _thresholds(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    accept, reject = (plain(value) or _("unset") for value in (row["accept_at"], row["reject_at"]))
    said = _("version {n}: OK up to {accept}, NG from {reject}")
    return said.format(n=row["version"], accept=accept, reject=reject)


def _level_set_by(row: dict[str, Any] | None, zone: str) -> str:
    if not row:
        return ""
    said = _("{who} at {at}: {reason}")
    return said.format(who=row["by"] or _("nobody"), at=_at(row["at"], zone), reason=spoken(row["words"]))


_WORDS: dict[str, Callable[[Event, str], Moment]] = {
    "intake": _intake,
    "prediction": _prediction,
    "route": _route,
    "reopen": _reopen,
    "review": _review,
    "verdict": _verdict,
    "late": _verdict,
    "decision": _decision,
    "undo": _undo,
    "refusal": _refusal,
}
