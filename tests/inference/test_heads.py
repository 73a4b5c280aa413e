from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from inference.datasets import Example
from inference.evaluate import auroc
from inference.heads import fit, fit_heads, fit_path

RNG = np.random.default_rng(5)
X = RNG.normal(size=(300, 6)) * np.array([1, 5, 0.5, 1, 2, 1])
TRUTH = 1 / (1 + np.exp(-(X @ np.array([1, 0.2, -1, 0, 0, 0.5]) - 0.5)))
BAD = (RNG.random(300) < TRUTH).astype(float)


def quiet(stage: str, done: int, total: int) -> None:
    pass


def examples(labels: list[tuple[str, ...]] | None = None) -> list[Example]:
    given = labels or [()] * len(BAD)
    return [
        Example(path=Path(f"{at}"), target=float(BAD[at]), lot=f"lot-{at % 12}", labels=given[at])
        for at in range(len(BAD))
    ]


def test_the_fit_agrees_with_scikit_learn() -> None:
    spread = np.maximum(X.std(axis=0), np.median(X.std(axis=0)))
    standard = (X - X.mean(axis=0)) / spread
    theirs = LogisticRegression(C=1 / (0.1 * len(X)), tol=1e-8).fit(standard, BAD).decision_function(standard)
    assert fit(X, BAD, penalty=0.1).logits(X) == pytest.approx(theirs, abs=2e-3)


def test_a_soft_target_is_the_same_as_people_who_disagree() -> None:
    doubled = np.concatenate([X, X])
    soft = fit(X, np.full(300, 0.25) + BAD * 0.5, penalty=0.1)
    votes = [np.concatenate([np.where(BAD, 1, 0), np.where(BAD, 1, 0), np.where(BAD, 1, 0), np.where(BAD, 0, 1)])]
    split = fit(np.concatenate([doubled, doubled]), votes[0].astype(float), penalty=0.1)
    assert soft.weights == pytest.approx(split.weights, abs=1e-3)


def test_a_feature_that_never_moves_does_no_harm() -> None:
    still = np.concatenate([X, np.zeros((300, 1))], axis=1)
    lit = still.copy()
    lit[:, -1] = 3.0
    head = fit(still, BAD, penalty=0.1)
    assert head.logits(lit) == pytest.approx(head.logits(still), abs=1e-6)


def test_a_path_of_penalties_ends_where_each_fit_alone_would() -> None:
    path = fit_path(X, BAD, penalties=(0.03, 1.0))
    assert path[0.03].weights == pytest.approx(fit(X, BAD, penalty=0.03).weights, abs=2e-3)


def test_calibrated_answers_say_what_is_seen() -> None:
    heads = fit_heads(X, examples(), labels=(), progress=quiet)
    assert heads.unseen.mean() == pytest.approx(BAD.mean(), abs=0.01)
    assert heads.calibration.startswith("Platt on out-of-fold answers")


def test_noise_is_answered_with_the_base_rate_and_not_with_confidence() -> None:
    noise = np.random.default_rng(1).normal(size=(300, 200))
    heads = fit_heads(noise, examples(), labels=(), progress=quiet)
    assert np.abs(heads.unseen - BAD.mean()).max() < 0.25


def test_a_label_is_learnt_from_eight_examples_on() -> None:
    steep = np.argsort(-X[:, 0] * BAD)
    few, many = set(steep[:7].tolist()), set(steep[7:40].tolist())
    named: list[tuple[str, ...]] = [("few",) if at in few else ("many",) if at in many else () for at in range(300)]
    heads = fit_heads(X, examples(named), labels=("few", "many", "none"), progress=quiet)
    assert list(heads.labels) == ["many"]
    has = np.array([label == ("many",) for label in named])
    assert (auroc(has, heads.labels["many"].logits(X)) or 0) > 0.6
