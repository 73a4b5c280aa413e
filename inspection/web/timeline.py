"""The history of a part as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inspection.queries.history import Event
from inspection.vocabulary import DecidedBy, Drawn, HandOutEnd, HintMode, Level, Look, Reason, Role, Source


@dataclass(frozen=True)
class Moment:
    """One entry of the time line; `verdict` and `labels` are shown beside the sentence where there are any."""

    at: datetime
    kind: str
    words: str
    verdict: str = ""
    labels: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


def moments(events: Iterable[Event]) -> list[Moment]:
    """Oldest first, as they come."""
    return [_WORDS[event.kind](event) for event in events]


def _moment(event: Event, words: str, **more: Any) -> Moment:
    details = tuple((name, text) for name, text in more.pop("details", ()) if text)
    return Moment(at=event.at, kind=event.kind, words=words, details=details, **more)


def _intake(event: Event) -> Moment:
    facts = event.facts
    by = f" by {event.by}" if event.by else ""
    details = (
        ("Captured", str(facts["captured_at"] or "")),
        ("Size", f"{facts['width']} × {facts['height']} pixels"),
        ("Digest of the picture", facts["picture"]),
        ("Digest as received", facts["received_digest"]),
        ("Said by the sender", ", ".join(f"{name}: {value}" for name, value in facts["metadata"].items())),
    )
    return _moment(event, f"Taken in through {Source(facts['source']).label}{by}.", details=details)


def _prediction(event: Event) -> Moment:
    facts = event.facts
    role = "" if facts["role"] == Role.CHAMPION else f" as {Role(facts['role']).label}"
    details = (
        ("Model", f"{facts['model_name']} {facts['model'][:12]}"),
        ("Labels", ", ".join(f"{code} {share:.2f}" for code, share in facts["labels"].items())),
        ("Thresholds", _thresholds(facts["thresholds"])),
        ("Times", ", ".join(f"{step} {ms:.0f} ms" for step, ms in facts["steps_ms"].items())),
        ("Fingerprint", facts["fingerprint"][:16]),
    )
    if facts["score"] is None:
        return _moment(event, f"The AI{role} gave no answer: {facts['fault']}.", details=details)
    return _moment(
        event, f"The AI{role} gave {facts['score']:.3f} for NG:", verdict=facts["opinion"] or "", details=details
    )


def _route(event: Event) -> Moment:
    facts = event.facts
    to = "Left to the AI" if facts["to"] == DecidedBy.AI else "Sent to a person"
    audit = " A person looks at it again." if facts["audited"] else ""
    details = (
        ("Level", Level(facts["level"]).label),
        ("Level set by", _level_set_by(facts["level_set_by"])),
        ("Thresholds", _thresholds(facts["thresholds"])),
        ("Drawn as", f"{Drawn(facts['drawn']).label}, probability {facts['probability']:g}" if facts["drawn"] else ""),
        ("Hint", HintMode(facts["hint"]).label),
    )
    return _moment(event, f"{to}: {Reason(facts['reason']).label}.{audit}", details=details)


def _review(event: Event) -> Moment:
    facts = event.facts
    shown = facts["shown"]
    details = (
        ("Own answer first", facts["committed"]["verdict"] if facts["committed"] else ""),
        ("Was shown", f"{shown['words']} (at {facts['shown_at']:%H:%M:%S} UTC)" if shown else "no hint"),
        ("Why passed on", facts["reason"] or ""),
    )
    look = Look(facts["look"]).label
    return _moment(event, f"Handed to {event.by} ({look}); ended: {HandOutEnd(facts['end']).label}.", details=details)


def _verdict(event: Event) -> Moment:
    facts = event.facts
    first = facts["first"]
    seconds = f" after {facts['seconds']:.1f} s" if facts["seconds"] is not None else ""
    late = ", too late to decide anything" if event.kind == "late" else ""
    details = (
        ("First answer, before the hint", first["verdict"] if first else ""),
        ("Note", facts["note"]),
        ("Regions", str(len(facts["regions"])) if facts["regions"] else ""),
    )
    words = f"{event.by} judged{seconds}{late}:"
    return _moment(event, words, verdict=facts["verdict"], labels=tuple(facts["labels"]), details=details)


def _decision(event: Event) -> Moment:
    facts = event.facts
    since = "taken back since" if facts["undone"] else "superseded since"
    standing = "in force" if facts["in_force"] else since
    details = (
        ("Level", Level(facts["level"]).label),
        ("Level set by", _level_set_by(facts["level_set_by"])),
        ("Model", (facts["model"] or "")[:12]),
        ("Thresholds", _thresholds(facts["thresholds"])),
        ("Code version", facts["code_version"]),
    )
    by = "the AI" if facts["decided_by"] == DecidedBy.AI else event.by
    words = f"Decided by {by}, {standing}:"
    return _moment(event, words, verdict=facts["verdict"], labels=tuple(facts["labels"]), details=details)


def _undo(event: Event) -> Moment:
    return _moment(event, f"{event.by} took the verdict back.")


def _refusal(event: Event) -> Moment:
    facts = event.facts
    by = f" from {event.by}" if event.by else ""
    return _moment(event, f"Refused another picture{by}: {facts['detail']}", details=(("Code", facts["code"]),))


def _thresholds(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    accept, reject = (f"{value:g}" if value is not None else "unset" for value in (row["accept_at"], row["reject_at"]))
    return f"version {row['version']}: OK up to {accept}, NG from {reject}"


def _level_set_by(row: dict[str, Any] | None) -> str:
    return f"{row['by'] or 'nobody'} at {row['at']:%Y-%m-%d %H:%M} UTC: {row['reason']}" if row else ""


_WORDS: dict[str, Callable[[Event], Moment]] = {
    "intake": _intake,
    "prediction": _prediction,
    "route": _route,
    "review": _review,
    "verdict": _verdict,
    "late": _verdict,
    "decision": _decision,
    "undo": _undo,
    "refusal": _refusal,
}
