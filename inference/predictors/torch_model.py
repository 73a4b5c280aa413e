"""A bundle by torch eager: the reference that the compiled form is held against, and the way out without OpenVINO."""

from __future__ import annotations

import torch
from safetensors.torch import load_file

from inference.bundle import WEIGHTS, Bundle, BundleRefused
from inference.contract import Pixels
from inference.predictors.batches import BatchPredictor, Outputs
from inference.vision import BackboneRefused, Network, backbone, network_for, run


class TorchModel(BatchPredictor):
    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        torch.set_num_threads(1)  # OMP_NUM_THREADS alone came too late where torch had been imported before
        self._network = _network(bundle)

    def forward(self, batch: Pixels) -> Outputs:
        return Outputs(*run(self._network, batch))


def _network(bundle: Bundle) -> Network:
    manifest = bundle.manifest
    try:
        found = backbone(manifest.backbone, pretrained=False)
        network = network_for(found, heads=1 + len(manifest.learnt), preprocessing=manifest.preprocessing)
        network.load_state_dict(load_file(bundle.path(WEIGHTS)))
    except (BackboneRefused, RuntimeError) as error:
        raise BundleRefused("malformed", f"the weights do not fit {manifest.backbone!r}: {error}") from error
    return network
