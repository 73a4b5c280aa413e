"""Which known parts a part is most like, in words of the shop floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspection.vocabulary import Verdict

Say = Callable[[str], str]
"""Says an English sentence in the language of whoever reads it; `str` leaves it as it is."""
Nearest = Sequence[Mapping[str, Any]]
"""Rows `{key, label, target, similarity}` as they are kept with a prediction, the most similar first. Empty where the
model compares with nothing."""

NOTHING_NEAR = "nothing_near"
"""The field of the one row that is kept where a model compared and nothing was near."""


def compared(
    nearest: Nearest, *, names: Mapping[str, str], pictures: Mapping[str, str], say: Say = str
) -> list[dict[str, Any]]:
    """The examples as a hint shows them: `{verdict, label, words, similarity, picture, example}`.

    `pictures` maps the keys of those that may be looked at to where; of the others nothing leads to their part.
    """
    return [
        {
            "verdict": str(Verdict.NG if _bad(row) else Verdict.OK),
            "label": row["label"],
            "words": _counted(1, row, names, say),
            "similarity": row["similarity"],
            "picture": pictures.get(row["key"]),
            "example": row["key"] if row["key"] in pictures else None,
        }
        for row in _rows(nearest)
    ]


def likeness(nearest: Nearest, *, names: Mapping[str, str], say: Say = str) -> str:
    """A sentence on what the part is most like; blank where the model compares with nothing."""
    alike: dict[tuple[bool, str | None], list[Mapping[str, Any]]] = {}
    for row in _rows(nearest):
        alike.setdefault((_bad(row), row["label"]), []).append(row)
    said = [_counted(len(rows), rows[0], names, say) for rows in alike.values()]
    if len(said) == 3:
        return say("Most like {first}, {second} and {third}.").format(first=said[0], second=said[1], third=said[2])
    if len(said) == 2:
        return say("Most like {first} and {second}.").format(first=said[0], second=said[1])
    if said:
        return say("Most like {examples}.").format(examples=said[0])
    return say("It knows no part that looks like this one.") if nearest else ""


def _rows(nearest: Nearest) -> list[Mapping[str, Any]]:
    return [row for row in nearest if NOTHING_NEAR not in row]


def _bad(row: Mapping[str, Any]) -> bool:
    return bool(row["target"] >= 0.5)


def _counted(count: int, row: Mapping[str, Any], names: Mapping[str, str], say: Say) -> str:
    """Whole phrases for one to three: names of labels are free text, which nobody can put into the plural."""
    if not _bad(row):
        found = (say("a known good part"), say("two known good parts"), say("three known good parts"))
    elif row["label"] is None:
        found = (say("a known bad part"), say("two known bad parts"), say("three known bad parts"))
    else:
        found = (
            say("a known case of {label}"),
            say("two known cases of {label}"),
            say("three known cases of {label}"),
        )
    label = row["label"] or ""
    return found[count - 1].format(label=names.get(label, label))
