"""What a well-formed answer of a person looks like."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from inspection.sentences import Sentence
from inspection.vocabulary import Verdict

MOST_REGIONS = 200
MOST_POINTS = 5_000
MOST_NOTE = 2_000
FINAL_AFTER = timedelta(minutes=15)
"""How long an answer can be taken back. After that the part has left the station: what was said of it is corrected by
asking again, with a reason."""
LEAST_POINTS = {"box": 2, "polygon": 3}


@dataclass(frozen=True)
class Answer:
    """A verdict with its labels and regions.

    A region is `{"label": code, "kind": "box" | "polygon", "points": [[x, y], ...]}` with points in 0..1 of the
    upright picture; a box has two opposite corners.
    """

    verdict: Verdict
    labels: tuple[str, ...] = ()
    regions: tuple[Mapping[str, Any], ...] = field(default=())
    note: str = ""

    def digest(self, *, review: str) -> str:
        """SHA-256 in hex that two deliveries of the same answer share."""
        body = [review, self.verdict, sorted(self.labels), list(self.regions), self.note]
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {"verdict": str(self.verdict), "labels": list(self.labels), "regions": list(self.regions)}


@dataclass(frozen=True)
class Flaw:
    """What is wrong with an answer, with a stable code."""

    code: str
    detail: str


def check(answer: Answer, *, catalogue: Collection[str]) -> Flaw | None:
    """The first flaw of an answer against a job's label codes, or None."""
    unknown = sorted(set(answer.labels) - set(catalogue))
    if unknown:
        return Flaw("unknown_label", Sentence("This job has no label {label}.", label=", ".join(unknown)))
    if answer.verdict == Verdict.OK and (answer.labels or answer.regions):
        return Flaw("labels_without_defect", "A part that is OK carries no defect labels or regions.")
    if len(answer.note) > MOST_NOTE:
        return Flaw("note_too_long", Sentence("A note has at most {n} characters.", n=MOST_NOTE))
    if len(answer.regions) > MOST_REGIONS:
        return Flaw("too_many_regions", Sentence("At most {n} regions.", n=MOST_REGIONS))
    return next((flaw for region in answer.regions if (flaw := _check_region(region, catalogue))), None)


def _check_region(region: Any, catalogue: Collection[str]) -> Flaw | None:
    """Regions come as JSON: at every place there may be something of another type."""
    if not isinstance(region, Mapping) or set(region) != {"label", "kind", "points"}:
        return Flaw("bad_region", "A region has a label, a kind (box or polygon) and points.")
    kind, points = region["kind"], region["points"]
    if not isinstance(kind, str) or kind not in LEAST_POINTS:
        return Flaw("bad_region", "The kind of a region is box or polygon.")
    if not isinstance(region["label"], str) or region["label"] not in catalogue:
        return Flaw("unknown_label", Sentence("This job has no label {label}.", label=region["label"]))
    if not isinstance(points, Sequence) or not LEAST_POINTS[kind] <= len(points) <= MOST_POINTS:
        return Flaw("bad_region", _points(kind))
    if kind == "box" and len(points) != LEAST_POINTS["box"]:
        return Flaw("bad_region", "A box has two opposite corners.")
    if not all(_is_point(point) for point in points):
        return Flaw("bad_region", "A point is [x, y], both between 0 and 1 of the upright picture.")
    return None


def _points(kind: str) -> Sentence:
    return Sentence(
        "A {kind} has at least {least} and at most {most} points.",
        kind=kind,
        least=LEAST_POINTS[kind],
        most=MOST_POINTS,
    )


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, Sequence)
        and not isinstance(point, str)
        and len(point) == 2
        and all(isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1 for value in point)
    )
