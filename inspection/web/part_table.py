"""Parts as lines of a CSV file, for whoever opens it in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from inspection.models import Item, Prediction

COLUMNS = (
    "serial", "pass", "lot", "station", "shift", "captured_at", "received_at", "state", "level", "verdict", "labels",
    "decided_by", "person", "model", "accept_at", "reject_at", "decided_at", "item",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
OPINION_COLUMNS = ("ai_opinion", "ai_score")


class _Echo:
    def write(self, text: str) -> str:
        return text


def lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file line by line, so that it goes out as it is read. The mark at its head tells spreadsheets that it is
    UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_guarded(value) for value in row])


def _guarded(value: str) -> str:
    """A serial like "=HYPERLINK(...)" must stay text when the file is opened in a spreadsheet."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def row(item: Item) -> list[str]:
    """The part and its decision in force, column by column."""
    decision = item.decision
    part = [
        item.serial, str(item.pass_number), item.lot, item.station, item.shift,
        item.captured_at.isoformat() if item.captured_at else "", item.received_at.isoformat(), item.state,
    ]  # fmt: skip
    if decision is None:
        return [*part, item.level, *[""] * 8, str(item.pk)]
    thresholds = decision.thresholds
    return [
        *part,
        decision.level,
        decision.verdict,
        " ".join(decision.labels),
        decision.by,
        decision.person.shown_name if decision.person else "",
        decision.model.digest if decision.model else "",
        str(thresholds.accept_at) if thresholds and thresholds.accept_at is not None else "",
        str(thresholds.reject_at) if thresholds and thresholds.reject_at is not None else "",
        decision.at.isoformat(),
        str(item.pk),
    ]


def opinion(said: Prediction | None) -> list[str]:
    """What the AI said; blank where it gave no answer."""
    if said is None or said.score is None:
        return ["", ""]
    return [said.opinion, str(said.score)]
