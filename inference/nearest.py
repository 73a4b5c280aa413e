"""What a part looks like: the most similar of a few hundred known training examples that a bundle keeps.

The trunk's pooled features are compared as they are, and not what the heads make of them. In the space of the heads
more neighbours bore the right label (0.98 against 0.92 on drawn covers), but they only repeat the opinion they stand
beside, and people would take one witness for two. Centred on their mean, features told labels a little better, and a
flat grey picture was then as near to the covers as a cover of another lot; as they are it is not (0.18, floor 0.945).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.bundle import EXAMPLES, Bundle, BundleRefused
from inference.contract import Neighbour, is_probability
from inference.datasets import Example

# On drawn covers 92 % of the neighbours bore the right label with 400 (half of them filled), 88 % with 200, 81 % with
# 100. 400 are 1 MB beside 27 MB of weights, and looked through in a hundredth of the time that the network takes.
MOST = 400
NAMED = 3
# Experts may doubt; what they doubted is no known example. This far from 0 or 1 they did not.
UNDOUBTED = 0.2
# So many of the examples are themselves less like any example of another lot than what still counts as near.
FAR_SHARE = 0.05
LONGEST_KEY = 500

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Known:
    """One example: the caller's key of its picture, how bad people called it, its label (None: OK, or bad without)."""

    key: str
    target: float
    label: str | None


@dataclass(frozen=True, eq=False)
class Index:
    """Examples with their features, each row of length 1, and the similarity below which nothing is near."""

    known: tuple[Known, ...]
    vectors: npt.NDArray[np.float32]
    floor: float

    def like(self, features: Array) -> tuple[tuple[Neighbour, ...], float]:
        """The examples most like one part, best first, none below the floor; and its novelty, 1 - the best cosine."""
        alike = np.clip(self.vectors @ unit(features), 0.0, 1.0)
        best = np.argsort(-alike, kind="stable")[:NAMED]
        near = tuple(self._neighbour(int(at), float(alike[at])) for at in best if alike[at] >= self.floor)
        return near, 1 - float(alike[best[0]])

    def _neighbour(self, at: int, similarity: float) -> Neighbour:
        known = self.known[at]
        return Neighbour(key=known.key, similarity=round(similarity, 4), target=known.target, label=known.label)


def unit(features: Array) -> npt.NDArray[np.float32]:
    """Each row with length 1; a row of zeros stays one, and is like nothing."""
    length = np.linalg.norm(features, axis=-1, keepdims=True)
    return np.asarray(features / np.maximum(length, 1e-12), dtype=np.float32)


def build(features: Array, examples: Sequence[Example], *, labels: Sequence[str]) -> Index | None:
    """The index over training examples with these features; None where there is nothing to compare with honestly."""
    chosen = choose(examples, labels=labels)
    vectors = unit(features[chosen])
    floor = floor_of(vectors, [examples[at].lot for at in chosen])
    if floor is None:
        return None
    known = tuple(Known(examples[at].key, examples[at].target, _label(examples[at], labels)) for at in chosen)
    return Index(known=known, vectors=vectors, floor=floor)


def choose(examples: Sequence[Example], *, labels: Sequence[str]) -> list[int]:
    """Places of the examples to keep: as many good ones as of each label, up to MOST in all, by hash.

    Good parts are the rule; drawn as they come they would crowd out the rare defect that people ask about. A picture
    with a scratch and a dent is left out: it is a known case of neither alone.
    """
    groups: dict[tuple[bool, str | None], list[int]] = {}
    for at, example in enumerate(examples):
        doubted = min(example.target, 1 - example.target) > UNDOUBTED
        if not doubted and _is_key(example.key) and not (example.bad and len(_known_labels(example, labels)) > 1):
            groups.setdefault((example.bad, _label(example, labels)), []).append(at)
    share = MOST // max(1, len(groups))
    return sorted(at for members in groups.values() for at in _by_hash(members, examples)[:share])


def floor_of(vectors: Array, lots: Sequence[str]) -> float | None:
    """The similarity that all but a few examples reach with their nearest one of another lot.

    Of another lot, since parts to judge come from lots of their own: within its lot every example has a near twin. None
    where there is no other lot.
    """
    names = np.array(lots)
    other = names[:, None] != names[None, :]
    if not other.any():
        return None
    alike = np.where(other, vectors @ vectors.T, -1.0).max(axis=1)
    return float(np.clip(np.quantile(alike[other.any(axis=1)], FAR_SHARE), 0.0, 1.0))


def _by_hash(places: Sequence[int], examples: Sequence[Example]) -> list[int]:
    return sorted(places, key=lambda at: hashlib.sha256(examples[at].key.encode()).digest())


def _known_labels(example: Example, labels: Sequence[str]) -> list[str]:
    return [label for label in labels if label in example.labels]


def _label(example: Example, labels: Sequence[str]) -> str | None:
    return next(iter(_known_labels(example, labels)), None) if example.bad else None


def _is_key(key: str) -> bool:
    """Keys end up in a database; PostgreSQL takes neither NUL nor half a surrogate pair."""
    return 0 < len(key) <= LONGEST_KEY and key.isprintable()


# ---- in the bundle: one JSON file, the vectors in it as base64 of little-endian float16, row by row ------------------


def save(index: Index, folder: Path) -> None:
    vectors = base64.b64encode(index.vectors.astype("<f2").tobytes()).decode()
    content = {"floor": index.floor, "known": [asdict(known) for known in index.known], "vectors": vectors}
    (folder / EXAMPLES).write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def load(bundle: Bundle) -> Index | None:
    """The bundle's index, None where it was made without one. Raises BundleRefused `malformed`."""
    if EXAMPLES not in bundle.manifest.files:
        return None
    try:
        return _parsed(json.loads(bundle.path(EXAMPLES).read_bytes()), labels=bundle.manifest.labels)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleRefused("malformed", f"{EXAMPLES} cannot be compared with: {error}") from error


def _parsed(content: dict[str, Any], *, labels: Sequence[str]) -> Index:
    known = tuple(Known(**one) for one in content["known"])
    for one in known:
        if not _is_key(one.key) or not is_probability(one.target) or one.label not in (None, *labels):
            raise ValueError(f"{one!r:.200} is no example")
    if not is_probability(content["floor"]):
        raise ValueError(f"floor is {content['floor']!r}, not a number from 0 to 1")
    stored = np.frombuffer(base64.b64decode(content["vectors"], validate=True), dtype="<f2")
    vectors = stored.reshape(len(known), -1).astype(np.float32)
    if not vectors.size or not np.isfinite(vectors).all():
        raise ValueError("the vectors are no numbers")
    return Index(known=known, vectors=vectors, floor=float(content["floor"]))
