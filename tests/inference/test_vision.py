from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data
import torch
from torch import nn

from inference.contract import Pixels
from inference.preprocessing import Preprocessing, batch
from inference.vision import BackboneRefused, backbone, lite0_classifier, network_for, run, torchvision

CAT: Pixels = skimage.data.chelsea()  # type: ignore[no-untyped-call]
COFFEE: Pixels = skimage.data.coffee()  # type: ignore[no-untyped-call]


def test_the_default_network_knows_a_cat_and_a_cup_of_coffee() -> None:
    pixels = batch([CAT, COFFEE], Preprocessing())
    normal = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() - 127) / 128
    with torch.inference_mode():
        assert lite0_classifier()(normal).argmax(dim=1).tolist() == [285, 967]


def test_torchvision_can_be_imported_again_and_again() -> None:
    assert torchvision().models.resnet18 is torchvision().models.resnet18


def test_the_mean_of_the_heatmap_is_the_logit_of_the_score() -> None:
    network = network_for(backbone(), heads=3)
    logits, cells, features = run(network, batch([CAT], Preprocessing()))
    assert (logits.shape, cells.shape, features.shape) == ((1, 3), (1, 7, 7), (1, 1280))
    assert cells.mean() == pytest.approx(logits[0, 0], abs=1e-5)


@pytest.mark.parametrize(("name", "features"), [("resnet18", 512), ("mobilenet_v3_small", 576)])
def test_a_torchvision_network_can_be_named_and_starts_from_random_numbers(name: str, features: int) -> None:
    found = backbone(name)
    assert (found.features, found.origin) == (features, "random numbers")
    assert found.preprocessing.mean[0] == pytest.approx(123.675)


def test_a_torchvision_network_takes_weights_from_a_file(tmp_path: Path) -> None:
    network: nn.Module = torchvision().models.resnet18(weights=None)
    torch.save(network.state_dict(), tmp_path / "resnet18.pth")
    found = backbone("resnet18", weights=tmp_path / "resnet18.pth")
    assert found.origin == "resnet18.pth"
    assert torch.equal(next(found.trunk.parameters()), next(network.parameters()))


@pytest.mark.parametrize("name", ["no_such_network", "vit_b_16"])
def test_a_network_without_a_feature_map_is_refused_by_name(name: str) -> None:
    with pytest.raises(BackboneRefused, match=name) as caught:
        backbone(name)
    assert caught.value.code == "unknown_backbone"


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(BackboneRefused) as caught:
        backbone("resnet18", weights=tmp_path / "other.pth")
    assert caught.value.code == "wrong_weights"


def test_a_wide_picture_is_squeezed_and_loses_no_edge() -> None:
    wide = np.zeros((100, 400, 3), np.uint8)
    wide[:, :8] = 255
    (small,) = batch([wide], Preprocessing())
    assert small.shape == (224, 224, 3)
    assert small[112, 1].tolist() == [255, 255, 255]
