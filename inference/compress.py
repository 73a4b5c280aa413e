"""From the trained network to the form that serves: OpenVINO's, and the proof that both answer alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inference.contract import Pixels, Refused, Suggested
from inference.predictors.batches import Floats, Outputs, sigmoid
from inference.predictors.openvino_model import compiled, openvino
from inference.vision import Network, run

# Seen in f32: 1e-6. A broken export (padding, resize, a folded layer) is off by hundredths and more.
PARITY = 0.001


class ParityFailed(Refused):
    """The compiled form answers otherwise than the network it was made from."""


@dataclass(frozen=True)
class Parity:
    """How far the compiled form was from torch: the largest difference of a probability, over n pictures."""

    n: int
    largest: float
    same_decisions: int


def convert(network: Network, *, size: int) -> Any:
    """The network as an OpenVINO model for any number of pictures at once."""
    example = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    return openvino().convert_model(network, example_input=example, input=[-1, size, size, 3])


def save(model: Any, path: Path) -> None:
    """As .xml and .bin, in f32: halved weights (the default) would be another model than the one that was measured."""
    openvino().save_model(model, path, compress_to_fp16=False)


def runner(model: Any, *, threads: int | None = None) -> Callable[[Pixels], Outputs]:
    """A function from a batch to its outputs, on all cores unless told: for training, where nobody waits beside it."""
    request = compiled(model, threads=threads or os.cpu_count() or 1).create_infer_request()

    def forward(batch: Pixels) -> Outputs:
        found = request.infer([batch])
        return Outputs(*(found[at].copy() for at in range(3)))

    return forward


def check_parity(network: Network, path: Path, pictures: Pixels, *, suggested: Suggested) -> Parity:
    """Ask the file that will serve and the network it came from about the same pictures.

    Raises ParityFailed when a probability differs by more than PARITY or a decision differs at all.
    """
    served = np.concatenate([runner(str(path), threads=1)(part).logits for part in _parts(pictures)])
    trained = np.concatenate([run(network, part)[0] for part in _parts(pictures)])
    return compare(sigmoid(served), sigmoid(trained), suggested=suggested)


def compare(served: np.ndarray, trained: np.ndarray, *, suggested: Suggested) -> Parity:
    """Probabilities n x heads of both, the NG score first. Raises ParityFailed."""
    largest = float(np.abs(served - trained).max())
    same = int((_decisions(served[:, 0], suggested) == _decisions(trained[:, 0], suggested)).sum())
    if largest > PARITY or same < len(served):
        raise ParityFailed(
            "parity_failed",
            f"the compiled form differs from the trained network by up to {largest:.4f} "
            f"and decides {len(served) - same} of {len(served)} pictures otherwise",
        )
    return Parity(n=len(served), largest=largest, same_decisions=same)


def _decisions(scores: np.ndarray, suggested: Suggested) -> Floats:
    accept_at = 0.5 if suggested.accept_at is None else suggested.accept_at
    reject_at = 0.5 if suggested.reject_at is None else suggested.reject_at
    return (scores > accept_at).astype(np.float32) + (scores >= reject_at)


def _parts(pictures: Pixels) -> list[Pixels]:
    return [pictures[start : start + 8] for start in range(0, len(pictures), 8)]
