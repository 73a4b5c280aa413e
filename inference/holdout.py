"""The hold-out report: what a model did on lots that it never saw, as one plain structure that goes into the bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from inference.contract import Suggested
from inference.datasets import Example
from inference.evaluate import (
    Array,
    Mask,
    Share,
    at_thresholds,
    auroc,
    auroc_interval,
    calibration_error,
    exact_share,
    reliability,
    wilson,
)

# Without thresholds of a job, one cut in the middle says how often a forced answer would be right.
CUT = 0.5


def report(
    examples: Sequence[Example], *, scores: Array, labels: Mapping[str, Array], suggested: Suggested
) -> dict[str, Any]:
    """Figures of the hold-out. `labels` holds the probabilities of each learnt label. An undefined figure is None."""
    bad = np.array([example.bad for example in examples])
    targets = np.array([example.target for example in examples])
    lots = np.array([example.lot for example in examples])
    right = int(((scores >= CUT) == bad).sum())
    return {
        "n": len(examples),
        "lots": len(set(lots)),
        "bad": int(bad.sum()),
        "auroc": auroc(bad, scores),
        "auroc_interval": auroc_interval(bad, scores, lots),
        "accuracy": asdict(Share(right, len(bad), wilson(right, len(bad)))),
        "misses": asdict(exact_share((bad & (scores < CUT)).sum(), bad.sum())),
        "overkill": asdict(exact_share((~bad & (scores >= CUT)).sum(), (~bad).sum())),
        "cut": CUT,
        "calibration": {
            "error": calibration_error(targets, scores),
            "bins": [asdict(bin) for bin in reliability(targets, scores)],
        },
        "suggested": asdict(suggested),
        "at_suggested": _at_suggested(bad, scores, suggested),
        "labels": {label: _label(examples, label, values) for label, values in labels.items()},
    }


def _at_suggested(bad: Mask, scores: Array, suggested: Suggested) -> dict[str, Any] | None:
    """A threshold that could not be suggested decides nothing: it stands beyond every score."""
    if suggested.accept_at is None and suggested.reject_at is None:
        return None
    accept_at = -1.0 if suggested.accept_at is None else suggested.accept_at
    reject_at = 2.0 if suggested.reject_at is None else suggested.reject_at
    return asdict(at_thresholds(bad, scores, accept_at=accept_at, reject_at=reject_at))


def _label(examples: Sequence[Example], label: str, values: Array) -> dict[str, Any]:
    has = np.array([label in example.labels for example in examples])
    return {"n": int(has.sum()), "auroc": auroc(has, values)}
