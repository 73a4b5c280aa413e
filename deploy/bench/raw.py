"""The bare model: decode, preprocess, forward in some processes. No Django and no database come near it."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from inference import contract, pictures, serving

LOADED_SECONDS = 60
"""A process that cannot load the model would otherwise be waited for for ever."""


def seconds(*, bundle: Path, digest: str, paths: Sequence[str], processes: int, batch: int) -> float:
    """How long the model needs for all pictures, from the moment when every process has it loaded and warm."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes + 1)
    hands = [
        context.Process(target=_judge_all, args=(bundle, digest, paths[n::processes], batch, barrier))
        for n in range(processes)
    ]
    for hand in hands:
        hand.start()
    barrier.wait(LOADED_SECONDS)
    begun = time.perf_counter()
    for hand in hands:
        hand.join()
    return time.perf_counter() - begun


def _judge_all(bundle: Path, digest: str, paths: Sequence[str], batch: int, barrier: Barrier) -> None:
    predictor = serving.load(bundle, digest=digest)
    barrier.wait()
    for start in range(0, len(paths), batch):
        some = paths[start : start + batch]
        predictor.judge([contract.Picture(key=p, pixels=pictures.open_upright(Path(p).read_bytes())) for p in some])
