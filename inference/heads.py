"""Linear heads on frozen features, by logistic regression with soft targets.

What is chosen (the penalty, the calibration, the suggested thresholds) is chosen on answers that a model gave about
training lots it had not seen, fold by fold. The hold-out lots are looked at once, at the end, for the report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from inference.datasets import Example, folds_by_lot
from inference.evaluate import Array

# Strength of the penalty on a mean log loss over standardised features, from hardly any to a lot.
# Weaker ones than 0.1 took most of the time and ranked no better on a lot that the head had not seen.
PENALTIES = (0.1, 0.3, 1.0, 3.0)
# Losses closer than this are a tie, and of those that tie the strongest penalty is the least sure of itself.
TIE = 0.01
FOLDS = 5
FEWEST_FOR_A_LABEL = 8
# Calibration may tame a head but not turn it round or blow it up.
STEEPEST, FLATTEST = 10.0, 0.05

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Linear:
    """logit = features @ weights + bias."""

    weights: Array
    bias: float

    def logits(self, features: Array) -> Array:
        return features @ self.weights + self.bias


@dataclass(frozen=True, eq=False)
class Heads:
    """The calibrated NG head, one head for each learnt label, and how they were found."""

    ng: Linear
    labels: dict[str, Linear]
    penalty: float
    calibration: str
    # Calibrated answers about training pictures by heads that had not seen their lot.
    unseen: Array


def fit(features: Array, targets: Array, *, penalty: float) -> Linear:
    """Logistic regression with soft targets: mean log loss + penalty / 2 x |weights|^2, by L-BFGS, from zero.

    Features are standardised inside and the result is folded back, so that it applies to features as they come.
    """
    return next(iter(fit_path(features, targets, penalties=(penalty,)).values()))


def fit_path(features: Array, targets: Array, *, penalties: Sequence[float]) -> dict[float, Linear]:
    """One fit for each penalty, from the strongest to the weakest, each starting where the last one ended."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    # A feature that is nearly always 0 has nearly no spread; divided by it, one lit cell of a new lot outweighed all
    # the others together (AUROC 0.83 fell to 0.77 on solar cells).
    spread = np.maximum(spread, np.median(spread)) + 1e-9
    x = ((features - mean) / spread).astype(np.float32)  # half the memory to walk through, twice as fast
    found, at = {}, np.zeros(x.shape[1] + 1)
    for penalty in sorted(penalties, reverse=True):
        at = _lowest(at, x=x, targets=targets, penalty=penalty)
        weights = at[:-1] / spread
        found[penalty] = Linear(weights=weights, bias=float(at[-1] - mean @ weights))
    return found


def _lowest(start: Array, **known: Any) -> Array:
    def loss(variables: Array) -> tuple[float, Array]:
        return _loss(variables, **known)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300, "gtol": 1e-4})
    return np.asarray(found.x, dtype=np.float64)


def _loss(variables: Array, x: Array, targets: Array, penalty: float) -> tuple[float, Array]:
    """Value and gradient; the last variable is the bias, which is not penalised."""
    weights = variables[:-1]
    logits = (x @ weights.astype(np.float32)).astype(np.float64) + variables[-1]
    gap = (expit(logits) - targets) / len(targets)
    value = _log_loss(logits, targets) + penalty / 2 * float(weights @ weights)
    return value, np.append(gap.astype(np.float32) @ x + penalty * weights, gap.sum())


def fit_heads(features: Array, examples: Sequence[Example], *, labels: Sequence[str], progress: Progress) -> Heads:
    """All heads from the features of the training pictures."""
    targets = np.array([example.target for example in examples])
    folds = np.array(folds_by_lot(examples, count=min(FOLDS, len({example.lot for example in examples}))))
    answers = _unseen_logits(features, targets, folds, progress=progress)
    # Compared after calibration: before it, the strongest penalty won by being least sure of itself, and ranked worst.
    lines = {each: _platt(answers[each], targets) for each in PENALTIES}
    losses = {each: _log_loss(lines[each].logits(answers[each][:, None]), targets) for each in PENALTIES}
    penalty = max(each for each in PENALTIES if losses[each] <= min(losses.values()) + TIE)
    steep, shift = float(lines[penalty].weights[0]), lines[penalty].bias
    raw = fit(features, targets, penalty=penalty)
    found = {label: head for label in labels if (head := _label_head(features, examples, label, penalty)) is not None}
    progress("head", FOLDS + 1, FOLDS + 1)
    return Heads(
        ng=Linear(raw.weights * steep, raw.bias * steep + shift),
        labels=found,
        penalty=penalty,
        calibration=f"Platt on out-of-fold answers about training lots: slope {steep:.3f}, shift {shift:.3f}",
        unseen=expit(answers[penalty] * steep + shift),
    )


def _unseen_logits(features: Array, targets: Array, folds: Array, *, progress: Progress) -> dict[float, Array]:
    """For each penalty and picture, the answer of a head that was fitted without the picture's lot."""
    logits = {penalty: np.zeros(len(targets)) for penalty in PENALTIES}
    for number, fold in enumerate(np.unique(folds)):
        progress("head", number, FOLDS + 1)
        inside = folds == fold
        for penalty, head in fit_path(features[~inside], targets[~inside], penalties=PENALTIES).items():
            logits[penalty][inside] = head.logits(features[inside])
    return logits


def _log_loss(logits: Array, targets: Array) -> float:
    return float(np.mean(np.logaddexp(0, logits) - targets * logits))


def _platt(logits: Array, targets: Array) -> Linear:
    """Slope and shift by Platt's method (1999), on answers about lots that the head had not seen."""
    line = fit(logits[:, None], targets, penalty=1e-6)
    return Linear(weights=np.clip(line.weights, FLATTEST, STEEPEST), bias=line.bias)


def _label_head(features: Array, examples: Sequence[Example], label: str, penalty: float) -> Linear | None:
    """One against the rest. A bad picture that nobody labelled may have any defect, so it teaches none."""
    known = np.array([bool(example.labels) or not example.bad for example in examples])
    has = np.array([label in example.labels for example in examples])
    if has.sum() < FEWEST_FOR_A_LABEL or not (known & ~has).any():
        return None
    return fit(features[known], has[known].astype(np.float64), penalty=penalty)
