"""What `bundle.json` says of a model, read with distrust: any field may be missing, wrong or of another version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from inference.contract import Refused, Suggested, is_probability
from inference.preprocessing import Preprocessing

MANIFEST = "bundle.json"
# One line for each version of the format.
FORMATS = {
    1: "one trunk, one calibrated NG head, one head a label; normalisation inside the network",
    2: "the same, and perhaps known examples to compare with",
}
FORMAT_VERSION = max(FORMATS)

T = TypeVar("T")


class BundleRefused(Refused):
    """A bundle that is not loaded.

    Codes: `missing_file`, `unknown_file`, `pickle_inside`, `malformed`, `unknown_format`, `unknown_kind`,
    `digest_mismatch`, `label_order`, `label_set`, `golden_mismatch`; from a zip also `not_a_zip`, `too_large`.
    """


@dataclass(frozen=True)
class Golden:
    """A picture whose answer is known: what the deployed form said of it when the bundle was made."""

    file: str
    score: float
    labels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Heat:
    """One fixed scale for all heatmaps of a model: the cell logits that become 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Manifest:
    """What `bundle.json` says. `labels` is the ordered catalogue; `learnt` those of them that have a head."""

    kind: str
    name: str
    labels: tuple[str, ...]
    learnt: tuple[str, ...] = ()
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    backbone: str = ""
    suggested: Suggested = field(default_factory=Suggested)
    golden: tuple[Golden, ...] = ()
    heat: Heat | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    holdout: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        if len(set(self.labels)) != len(self.labels) or not set(self.learnt) <= set(self.labels):
            raise ValueError("labels are named once, and learnt labels are among them")
        for golden in self.golden:
            if not is_probability(golden.score):
                raise ValueError(f"the golden score of {golden.file} is no probability")

    @property
    def core(self) -> str:
        """SHA-256 in hex over what its answers come from: the same for a bundle that is only told of otherwise."""
        files = {name: digest for name, digest in self.files.items() if not name.startswith(("golden/", "examples"))}
        told = {
            "kind": self.kind,
            "labels": self.labels,
            "learnt": self.learnt,
            "preprocessing": asdict(self.preprocessing),
            "backbone": self.backbone,
            "settings": dict(self.settings),
            "files": files,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def parse(raw: bytes) -> Manifest:
    """The manifest from its bytes. Raises BundleRefused `unknown_format` or `malformed`."""
    try:
        content = json.loads(raw)
        version = content["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleRefused("malformed", f"{MANIFEST} cannot be read: {error}") from error
    # By its type first: a list is no key, and true is 1 to Python.
    if type(version) is not int or version not in FORMATS:
        raise BundleRefused("unknown_format", f"format version {version!r} is not known here; known: {sorted(FORMATS)}")
    try:
        return _manifest(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleRefused("malformed", f"{MANIFEST} does not say what a bundle has to say: {error}") from error


def _manifest(content: dict[str, Any]) -> Manifest:
    heat = content.get("heat")
    return Manifest(
        kind=_typed(str, content, "kind"),
        name=_typed(str, content, "name"),
        backbone=_typed(str, content, "backbone"),
        settings=_typed(dict, content, "settings"),
        provenance=_typed(dict, content, "provenance"),
        holdout=_typed(dict, content, "holdout"),
        files=_typed(dict, content, "files"),
        labels=_words(content["labels"]),
        learnt=_words(content["learnt"]),
        preprocessing=_preprocessing(content["preprocessing"]),
        suggested=Suggested(**content["suggested"]),
        golden=tuple(Golden(**golden) for golden in content["golden"]),
        heat=None if heat is None else Heat(**heat),
        format_version=content["format_version"],
    )


def _typed(kind: type[T], content: Mapping[str, Any], name: str) -> T:
    """What stands in the database or is iterated over later; with anything else there the upload ended in a 500."""
    value = content[name]
    if not isinstance(value, kind):
        raise ValueError(f"{name} is no {kind.__name__}")
    return value


def _preprocessing(content: dict[str, Any]) -> Preprocessing:
    return Preprocessing(**content | {"mean": tuple(content["mean"]), "scale": tuple(content["scale"])})


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError("labels are a list of words")
    return tuple(value)


def check_labels(labels: Sequence[str], *, expected: Sequence[str] | None) -> None:
    """The same number of labels in another order cannot be seen by shape, so the words are compared."""
    if expected is None or list(labels) == list(expected):
        return
    if sorted(labels) == sorted(expected):
        raise BundleRefused("label_order", f"the bundle's labels are {list(labels)}, the job's are {list(expected)}")
    raise BundleRefused("label_set", f"the bundle knows {sorted(labels)}, the job has {sorted(expected)}")
