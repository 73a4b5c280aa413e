"""The list of pictures to learn from, its split by lot, and what cannot work, said before anything is computed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.contract import Refused, is_probability

SALT = "holdout-1"
HOLDOUT_SHARE = 0.25
FEWEST_PICTURES = 40
FEWEST_LOTS = 4
LISTED = 20
# Experts may doubt: a target of 0.33 or 0.67 is learnt as such, and counted as good or bad by this line.
BAD_FROM = 0.5


class DatasetRefused(Refused):
    """A set that cannot be learnt from.

    Codes: `bad_manifest`, `unreadable_pictures`, `too_few_pictures`, `too_few_lots`, `one_class`, `no_bad_in_holdout`,
    `no_good_in_holdout`, `no_bad_in_training`, `no_good_in_training`.
    """


@dataclass(frozen=True)
class Example:
    """One picture with how bad people called it (0 to 1), its lot (or what stands for it), and labels where given."""

    path: Path
    target: float
    lot: str
    labels: tuple[str, ...] = ()
    key: str = ""

    @property
    def bad(self) -> bool:
        return self.target >= BAD_FROM


@dataclass(frozen=True)
class Split:
    training: tuple[Example, ...]
    holdout: tuple[Example, ...]


def read_manifest(path: Path | str) -> tuple[Example, ...]:
    """One JSON object a line: {"path", "target", "lot", "labels"?, "key"?}; paths are relative to the file.

    Raises DatasetRefused `bad_manifest`, with the number of the line.
    """
    path = Path(path)
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            examples.append(_example(line, number=number, root=path.parent))
    return tuple(examples)


def _example(line: str, *, number: int, root: Path) -> Example:
    try:
        return _parsed(json.loads(line), root=root)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DatasetRefused("bad_manifest", f"line {number} is no example: {error}") from error


def _parsed(content: dict[str, Any], *, root: Path) -> Example:
    target, lot, labels = content["target"], content["lot"], content.get("labels", [])
    if isinstance(target, bool) or not isinstance(target, int | float) or not is_probability(target):
        raise ValueError(f"target is {target!r}, not a number from 0 to 1")
    if not isinstance(lot, str) or not lot:
        raise ValueError("lot is missing; without it good and bad neighbours would leak into the hold-out")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ValueError("labels are a list of words")
    key = str(content.get("key") or content["path"])
    return Example(path=root / content["path"], target=float(target), lot=lot, labels=tuple(labels), key=key)


def split_by_lot(examples: Sequence[Example], *, salt: str = SALT, share: float = HOLDOUT_SHARE) -> Split:
    """Whole lots go to the hold-out, in the order of a salted hash, until it has its share of the pictures.

    Split by picture instead, the neighbours of each hold-out picture are learnt, and every number flatters.
    Raises DatasetRefused for a set that is too small or lacks a class.
    """
    _check_enough(examples)
    lots = by_hash({example.lot for example in examples}, salt=salt)
    held: set[str] = set()
    for lot in lots[:-2]:  # at least two lots remain to learn from
        if sum(example.lot in held for example in examples) >= share * len(examples):
            break
        held.add(lot)
    split = Split(
        training=tuple(example for example in examples if example.lot not in held),
        holdout=tuple(example for example in examples if example.lot in held),
    )
    _check_classes(split)
    return split


def folds_by_lot(examples: Sequence[Example], *, count: int, salt: str = SALT) -> list[int]:
    """A fold number for each example; a lot lies in one fold as a whole."""
    lots = by_hash({example.lot for example in examples}, salt=f"folds-{salt}")
    fold = {lot: at % count for at, lot in enumerate(lots)}
    return [fold[example.lot] for example in examples]


def by_hash(lots: set[str], *, salt: str) -> list[str]:
    return sorted(lots, key=lambda lot: hashlib.sha256(f"{salt}:{lot}".encode()).digest())


def refuse_unreadable(unreadable: Sequence[tuple[str, str]]) -> None:
    """Raises DatasetRefused with the first twenty of them by name."""
    if unreadable:
        listed = "; ".join(f"{name}: {reason}" for name, reason in unreadable[:LISTED])
        more = f"; and {len(unreadable) - LISTED} more" if len(unreadable) > LISTED else ""
        raise DatasetRefused("unreadable_pictures", f"{len(unreadable)} pictures cannot be read: {listed}{more}")


def _check_enough(examples: Sequence[Example]) -> None:
    if len(examples) < FEWEST_PICTURES:
        raise DatasetRefused(
            "too_few_pictures", f"{len(examples)} pictures are too few; at least {FEWEST_PICTURES} are needed"
        )
    lots = {example.lot for example in examples}
    if len(lots) < FEWEST_LOTS:
        raise DatasetRefused(
            "too_few_lots",
            f"{len(lots)} lots cannot be split into some to learn from and some to check with; "
            f"at least {FEWEST_LOTS} are needed",
        )
    bad = sum(example.bad for example in examples)
    if bad in (0, len(examples)):
        word = "bad" if bad else "good"
        raise DatasetRefused("one_class", f"all {len(examples)} pictures are {word}; a model needs both to learn")


def _check_classes(split: Split) -> None:
    for part, name in ((split.holdout, "holdout"), (split.training, "training")):
        bad = sum(example.bad for example in part)
        lots = len({example.lot for example in part})
        for word, count in (("bad", bad), ("good", len(part) - bad)):
            if not count:
                raise DatasetRefused(
                    f"no_{word}_in_{name}",
                    f"the {lots} lots of the {name.replace('holdout', 'hold-out')} hold no {word} picture; "
                    "add pictures of more lots, or choose another salt",
                )
