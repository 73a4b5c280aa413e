"""The kinds of predictor: kind -> dotted path, loaded on first use, so that no process pays for an engine it lacks.

A new kind is one file beside its neighbours and one line here; it has to pass test_every_predictor.py.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from inference.bundle import Bundle, BundleRefused
from inference.contract import Predictor

KINDS = {
    "constant": "inference.predictors.constant.Constant",
    "torch_model": "inference.predictors.torch_model.TorchModel",
    "openvino_model": "inference.predictors.openvino_model.OpenVinoModel",
}


class Kind(Protocol):
    def __call__(self, bundle: Bundle) -> Predictor: ...


def kind_of(name: str) -> Kind:
    """The class for a kind, by name. Raises BundleRefused `unknown_kind`."""
    if name not in KINDS:
        raise BundleRefused("unknown_kind", f"no predictor of kind {name!r}; there are {', '.join(sorted(KINDS))}")
    module, _, attribute = KINDS[name].rpartition(".")
    return cast(Kind, getattr(import_module(module), attribute))
