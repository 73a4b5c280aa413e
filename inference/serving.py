"""From a bundle on disk to answers: load, verify, warm, compare with the golden answers, and only then take work."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from inference.bundle import WEIGHTS, Bundle, BundleRefused, Golden, check_labels, read
from inference.contract import Answer, Picture, Predictor
from inference.pictures import PictureRefused, open_upright
from inference.predictors import kind_of

# How far a score may lie from its golden answer. Two CPUs add the same numbers in another order (1e-5 was seen);
# other weights, another order of labels or another preprocessing move scores by hundredths. (A few flipped bits may
# move them by nothing at all: those the digests find.)
GOLDEN_TOLERANCE = 0.001
# The champion, one beside it, and the one to go back to.
KEPT_LOADED = 3


def load(folder: Path | str, *, digest: str, labels: Sequence[str] | None = None, kind: str | None = None) -> Predictor:
    """A verified, warm predictor that has given its golden answers again. Raises BundleRefused.

    `kind` serves the bundle by another kind than its own, for example by torch as the reference.
    """
    pin_threads()
    bundle = read(folder, digest=digest, labels=labels)
    predictor = kind_of(kind or bundle.manifest.kind)(bundle)
    predictor.warm()
    check_golden(predictor, bundle)
    return predictor


def pin_threads() -> None:
    """One thread for each process: two processes of two threads on two cores ran eleven times slower than of one.

    Before the engine is imported, since it reads this only then; the predictors also tell their engine.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def check_golden(predictor: Predictor, bundle: Bundle) -> None:
    """Judge the golden pictures and compare. Raises BundleRefused `golden_mismatch`, `malformed` where there are none.

    Weights without a known answer could be anybody's: they would go live unseen.
    """
    goldens = bundle.manifest.golden
    if not goldens and WEIGHTS in bundle.manifest.files:
        raise BundleRefused("malformed", f"{bundle.manifest.name} has weights and no golden answers to check them by")
    pictures = [_golden_picture(bundle, golden) for golden in goldens]
    for golden, answer in zip(goldens, predictor.judge(pictures), strict=True):
        if not _agrees(golden, answer):
            said = answer.fault if answer.score is None else f"{answer.score:.4f} {dict(answer.labels)}"
            raise BundleRefused(
                "golden_mismatch",
                f"{golden.file} was {golden.score:.4f} {dict(golden.labels)} when the bundle was made, is now {said}",
            )


def _golden_picture(bundle: Bundle, golden: Golden) -> Picture:
    try:
        return Picture(key=golden.file, pixels=open_upright(bundle.path(golden.file).read_bytes()))
    except PictureRefused as error:
        raise BundleRefused("malformed", f"{golden.file} is no picture: {error.detail}") from error


def _agrees(golden: Golden, answer: Answer) -> bool:
    if answer.score is None or answer.labels.keys() != golden.labels.keys():
        return False
    far = [abs(answer.labels[label] - value) for label, value in golden.labels.items()]
    return max([abs(answer.score - golden.score), *far]) <= GOLDEN_TOLERANCE


class Desk:
    """The predictors that a process holds, by bundle digest, the latest used last.

    A new model is loaded beside the one that serves and taken into use by replacing one reference; loading weights
    into the model that was serving once gave answers of neither version.
    """

    def __init__(self, *, keep: int = KEPT_LOADED) -> None:
        self._keep = keep
        self._loaded: dict[str, Predictor] = {}
        self._loading = threading.Lock()

    def judge(
        self, *, folder: Path | str, digest: str, labels: Sequence[str] | None, pictures: Sequence[Picture]
    ) -> list[Answer]:
        """Answers of the bundle with this digest, loaded if it is not. Raises BundleRefused."""
        return self.predictor(folder=folder, digest=digest, labels=labels).judge(pictures)

    def predictor(self, *, folder: Path | str, digest: str, labels: Sequence[str] | None = None) -> Predictor:
        found = self._loaded.get(digest)
        if found is None or next(reversed(self._loaded)) != digest:
            found = self._latest(folder=folder, digest=digest)
        # At each call: one bundle may serve two jobs, and one of them may have changed its labels since it was loaded.
        check_labels(found.labels, expected=labels)
        return found

    def holds(self) -> tuple[str, ...]:
        """The digests of what is loaded, the latest used last."""
        return tuple(self._loaded)

    def _latest(self, *, folder: Path | str, digest: str) -> Predictor:
        with self._loading:
            predictor = self._loaded.get(digest) or load(folder, digest=digest)
            others = [(key, value) for key, value in self._loaded.items() if key != digest]
            self._loaded = dict([*others, (digest, predictor)][-self._keep :])
            return predictor
