"""The drawn covers: the same each time, and different from a good one only where they say."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspection.demo import covers


def pixels(cover: covers.Drawn) -> np.ndarray:
    return np.asarray(cover.image, np.int16)


def test_the_same_seed_draws_the_same_cover() -> None:
    first, again = (covers.draw(5, 2, defects=("scratch",)) for _ in range(2))
    assert first.image.tobytes() == again.image.tobytes()
    assert first.regions == again.regions


def test_another_seed_or_lot_draws_another_cover() -> None:
    pictures = {covers.draw(seed, lot).image.tobytes() for seed in (1, 2) for lot in (1, 2)}
    assert len(pictures) == 4


def test_a_cover_is_a_colour_picture_of_384_pixels() -> None:
    image = covers.draw(1, 0).image
    assert (image.mode, image.size) == ("RGB", (384, 384))


def test_a_good_cover_has_neither_label_nor_region() -> None:
    good = covers.draw(8, 0)
    assert (good.labels, good.regions) == ((), ())


@pytest.mark.parametrize("defect", covers.DEFECTS)
@pytest.mark.parametrize("seed", range(12))
def test_a_defect_shows_inside_its_region_and_nowhere_else(defect: str, seed: int) -> None:
    lot = seed // 4
    bad, good = covers.draw(seed, lot, defects=(defect,)), covers.draw(seed, lot)
    changed = np.abs(pixels(bad) - pixels(good)).max(axis=2)
    (region,) = bad.regions
    left, top, right, bottom = (round(edge * covers.SIDE) for edge in region.box)
    inside = changed[top:bottom, left:right].copy()
    changed[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = 0
    assert (region.label, bad.labels) == (defect, (defect,))
    assert np.percentile(inside, 99) > 12
    assert changed.max() == 0


@pytest.mark.parametrize("defect", ["scratch", "dent", "stain"])
def test_a_fainter_defect_lies_in_the_same_place_and_changes_less(defect: str) -> None:
    good = pixels(covers.draw(4, 1))
    full, faint = (covers.draw(4, 1, defects=(defect,), strength=strength) for strength in (1.0, 0.3))
    changed = [np.abs(pixels(cover) - good).sum() for cover in (full, faint)]
    assert full.regions == faint.regions
    assert 0 < changed[1] < 0.5 * changed[0]


def test_two_missing_screws_are_two_regions_and_one_label() -> None:
    cover = covers.draw(3, 0, defects=("missing_screw", "missing_screw"))
    assert cover.labels == ("missing_screw",)
    assert len({region.box for region in cover.regions}) == 2


def test_a_defect_that_nobody_can_draw_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no such defect: rust"):
        covers.draw(1, 0, defects=("rust",))


def test_the_share_of_bad_parts_is_the_one_asked_for() -> None:
    bad = sum(bool(covers.choose(seed, defect_rate=0.3)) for seed in range(2000))
    assert 0.27 < bad / 2000 < 0.33


def test_a_written_folder_lists_every_picture_with_its_truth(tmp_path: Path) -> None:
    table = covers.write(tmp_path, n=4, seed=40, defect_rate=1.0)
    rows = list(csv.DictReader(table.open()))
    assert [row["name"] for row in rows] == sorted(path.name for path in tmp_path.glob("*.png"))
    assert {row["verdict"] for row in rows} == {"NG"}
    assert (
        Image.open(tmp_path / rows[2]["name"]).tobytes()
        == covers.draw(42, 0, defects=covers.choose(42, defect_rate=1.0)).image.tobytes()
    )
