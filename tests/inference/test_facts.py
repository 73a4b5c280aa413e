from __future__ import annotations

import numpy as np
import pytest

from inference.facts import Facts, measure


def test_a_flat_grey_picture_has_exactly_these_facts() -> None:
    pixels = np.full((40, 60, 3), 100, np.uint8)
    assert measure(pixels) == Facts(width=60, height=40, brightness=100.0, contrast=0.0, sharpness=0.0, clipped=0.0)


def test_a_chessboard_of_black_and_white_is_all_clipped_and_very_sharp() -> None:
    board = (np.indices((50, 50)).sum(axis=0) % 2 * 255).astype(np.uint8)
    facts = measure(np.repeat(board[:, :, None], 3, axis=2))
    assert (facts.clipped, facts.brightness, facts.contrast) == (1.0, 127.5, 127.5)
    assert facts.sharpness == pytest.approx(1020.0**2, rel=0.01)


def test_blur_lowers_sharpness() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (80, 80, 1), dtype=np.uint8).repeat(3, axis=2)
    blurred = ((noise[1:].astype(int) + noise[:-1]) // 2).astype(np.uint8)
    assert measure(blurred).sharpness < measure(noise).sharpness / 2


def test_a_large_picture_is_sampled_and_keeps_its_own_size() -> None:
    pixels = np.zeros((3000, 4000, 3), np.uint8)
    pixels[:, 2000:] = 200
    pixels[:, 1::4] = 77  # columns between those that are looked at
    facts = measure(pixels)
    assert (facts.width, facts.height, facts.brightness) == (4000, 3000, 100.0)


def test_a_single_pixel_can_be_measured() -> None:
    assert measure(np.full((1, 1, 3), 255, np.uint8)).sharpness == 0.0
