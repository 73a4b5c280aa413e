"""A bundle by OpenVINO, from its compiled form: five times torch eager on one core, without torch."""

from __future__ import annotations

import importlib
import sys
import threading
from types import ModuleType
from typing import Any

from inference.bundle import COMPILED, COMPILED_WEIGHTS, Bundle, BundleRefused
from inference.contract import Pixels
from inference.predictors.batches import BatchPredictor, Outputs

# f32 answers as torch does. bf16 is 1.8 times as fast where the CPU has it and changes one decision in a hundred: an
# artefact in bf16 would be another model version. Pinning is off, for it puts all processes on the same core.
ONE_THREAD = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_CPU_PINNING": False,
}


def openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which reports by default. Nothing leaves the site.

    Its converter uses a stand-in that does nothing where the package `openvino-telemetry` cannot be imported; a None
    in `sys.modules` makes it so.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    return importlib.import_module("openvino")


def compiled(model: Any, *, threads: int = 1) -> Any:
    """A model (or the path of one) compiled for this CPU."""
    settings = ONE_THREAD | {"INFERENCE_NUM_THREADS": threads}
    return openvino().Core().compile_model(model, "CPU", settings)


class OpenVinoModel(BatchPredictor):
    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        bundle.path(COMPILED_WEIGHTS)
        try:
            self._request = compiled(str(bundle.path(COMPILED))).create_infer_request()
        except RuntimeError as error:
            raise BundleRefused("malformed", f"OpenVINO cannot load the compiled form: {error}") from error
        # A request holds the tensors of one inference; two threads in it would read each other's answers.
        self._one_at_a_time = threading.Lock()

    def forward(self, batch: Pixels) -> Outputs:
        with self._one_at_a_time:
            found = self._request.infer([batch])
            return Outputs(*(found[at].copy() for at in range(3)))
