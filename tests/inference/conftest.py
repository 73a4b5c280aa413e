from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from inference.bundle import Bundle
from inference.datasets import Example, read_manifest
from inference.training import Plan, train
from tests.inference.drawn import file_of, scratched, stained, surface

LABELS = ("scratch", "dent", "stain")
LOTS, PER_LOT = 8, 9


def draw_set(folder: Path) -> Path:
    """Seventy-two small parts in lots with their own light: two in three good, the others scratched or stained."""
    lines = []
    for number in range(LOTS * PER_LOT):
        lot, kind = number // PER_LOT, ("", "", "scratch", "", "", "stain", "", "", "")[number % PER_LOT]
        draw = {"scratch": scratched, "stain": stained, "": surface}[kind]
        name = f"{number:03d}.png"
        (folder / name).write_bytes(file_of(draw(number, light=105 + 4 * lot)))
        labels = [kind] if kind else []
        lines.append({"path": name, "target": float(bool(kind)), "lot": f"lot-{lot}", "labels": labels})
    (folder / "set.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return folder / "set.jsonl"


class Steps(list[tuple[str, int, int]]):
    """A progress listener that remembers."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.append((stage, done, total))


@pytest.fixture(scope="session")
def drawn_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_set(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="session")
def drawn_examples(drawn_set: Path) -> Sequence[Example]:
    return read_manifest(drawn_set)


@pytest.fixture(scope="session")
def steps() -> Steps:
    return Steps()


@pytest.fixture(scope="session")
def trained(drawn_examples: Sequence[Example], steps: Steps, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A real bundle: EfficientNet-Lite0 with heads learnt from the drawn parts. Read it, never write to it."""
    out = tmp_path_factory.mktemp("trained") / "bundle"
    return train(drawn_examples, Plan(labels=LABELS, name="drawn parts"), out=out, progress=steps)
