from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inference.datasets import (
    DatasetRefused,
    Example,
    folds_by_lot,
    read_manifest,
    refuse_unreadable,
    split_by_lot,
)


def examples(*, lots: int = 8, each: int = 10, bad_every: int = 5) -> list[Example]:
    return [
        Example(path=Path(f"{lot}-{at}.png"), target=float(at % bad_every == 0), lot=f"lot-{lot}")
        for lot in range(lots)
        for at in range(each)
    ]


def refusal(given: list[Example], salt: str = "holdout-1") -> str:
    with pytest.raises(DatasetRefused) as caught:
        split_by_lot(given, salt=salt)
    return caught.value.code


def test_no_lot_lies_on_both_sides_of_the_split() -> None:
    split = split_by_lot(examples())
    training, holdout = ({example.lot for example in part} for part in (split.training, split.holdout))
    assert (len(training), len(holdout), training & holdout) == (6, 2, set())


def test_the_split_does_not_depend_on_the_order_of_the_pictures() -> None:
    given = examples()
    assert {e.path for e in split_by_lot(given).holdout} == {e.path for e in split_by_lot(given[::-1]).holdout}


def test_another_salt_gives_another_split() -> None:
    found = {tuple(sorted({e.lot for e in split_by_lot(examples(), salt=str(at)).holdout})) for at in range(8)}
    assert len(found) > 2


def test_no_lot_lies_in_two_folds() -> None:
    given = examples(lots=10)
    folds = folds_by_lot(given, count=5)
    assert len({(example.lot, fold) for example, fold in zip(given, folds, strict=True)}) == 10
    assert set(folds) == set(range(5))


def test_what_cannot_be_learnt_from_is_refused_with_its_code() -> None:
    assert refusal(examples(lots=3, each=5)) == "too_few_pictures"
    assert refusal(examples(lots=2, each=50)) == "too_few_lots"
    assert refusal([replace(example, target=0.0) for example in examples()]) == "one_class"
    assert refusal([replace(example, target=1.0) for example in examples()]) == "one_class"


@pytest.mark.parametrize(
    ("kept_in", "target", "code"),
    [
        ("training", 0.0, "no_bad_in_holdout"),
        ("training", 1.0, "no_good_in_holdout"),
        ("holdout", 0.0, "no_bad_in_training"),
        ("holdout", 1.0, "no_good_in_training"),
    ],
)
def test_a_side_of_the_split_without_a_class_is_refused(kept_in: str, target: float, code: str) -> None:
    mixed = {example.lot for example in getattr(split_by_lot(examples()), kept_in)}
    assert refusal([e if e.lot in mixed else replace(e, target=target) for e in examples()]) == code


def test_unreadable_pictures_are_listed_by_name() -> None:
    with pytest.raises(DatasetRefused, match=r"25 pictures cannot be read: 0\.png: broken.* and 5 more"):
        refuse_unreadable([(f"{at}.png", "broken") for at in range(25)])


def test_a_manifest_is_read_with_paths_beside_it(tmp_path: Path) -> None:
    line = {"path": "a/b.png", "target": 0.33, "lot": "7", "labels": ["crack"], "key": "item-1"}
    (tmp_path / "set.jsonl").write_text(json.dumps(line) + "\n\n")
    found = read_manifest(tmp_path / "set.jsonl")
    assert found == (Example(path=tmp_path / "a/b.png", target=0.33, lot="7", labels=("crack",), key="item-1"),)
    assert not found[0].bad


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"path": "a", "lot": "1"}',
        '{"path": "a", "target": 1.5, "lot": "1"}',
        '{"path": "a", "target": true, "lot": "1"}',
        '{"path": "a", "target": NaN, "lot": "1"}',
        '{"path": "a", "target": 1}',
        '{"path": "a", "target": 1, "lot": ""}',
        '{"path": "a", "target": 1, "lot": "1", "labels": "crack"}',
    ],
)
def test_a_line_that_is_no_example_is_refused_by_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "set.jsonl").write_text('{"path": "a", "target": 1, "lot": "1"}\n' + line)
    with pytest.raises(DatasetRefused, match="line 2 is no example") as caught:
        read_manifest(tmp_path / "set.jsonl")
    assert caught.value.code == "bad_manifest"
