"""From a list of pictures to a sealed bundle: frozen trunk, heads, compiled form, parity, golden answers, report.

Training happens in a child process only (`python -m inference train`), so that its memory and its engines end with it.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from inference import compress, nearest, serving
from inference.bundle import COMPILED, WEIGHTS, Bundle, Golden, Heat, Manifest, seal
from inference.contract import Picture, Pixels, Suggested
from inference.datasets import SALT, Example, Split, refuse_unreadable, split_by_lot
from inference.evaluate import Array, suggest
from inference.heads import Heads, Progress, fit_heads
from inference.holdout import report
from inference.pictures import PictureRefused, open_upright
from inference.predictors.batches import BATCH, Outputs, sigmoid
from inference.predictors.openvino_model import OpenVinoModel
from inference.preprocessing import Preprocessing, prepared
from inference.vision import DEFAULT_BACKBONE, Backbone, Network, backbone, network_for

KIND = "openvino_model"
CHECKED_FOR_PARITY = 64
HEAT_PICTURES = 100  # of each class
GOLDEN_PICTURES = 4
GOLDEN_SIDE = 512


@dataclass(frozen=True)
class Plan:
    """What to learn and with what. `labels` is the job's ordered catalogue; `weights` a torchvision state dict."""

    labels: tuple[str, ...]
    name: str = "model"
    backbone: str = DEFAULT_BACKBONE
    weights: Path | None = None
    salt: str = SALT
    provenance: dict[str, Any] = field(default_factory=dict)


def train(examples: Sequence[Example], plan: Plan, *, out: Path, progress: Progress) -> Bundle:
    """Write the bundle folder `out`, which must not exist, and return it verified.

    Raises DatasetRefused, BackboneRefused, ParityFailed; then `out` is not there.
    """
    split = split_by_lot(examples, salt=plan.salt)
    trunk = backbone(plan.backbone, weights=plan.weights)
    features = extract(trunk, [*split.training, *split.holdout], progress=progress)
    known, held = features[: len(split.training)], features[len(split.training) :]
    heads = fit_heads(known, split.training, labels=plan.labels, progress=progress)
    index = nearest.build(known, split.training, labels=plan.labels)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=out.parent) as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        if index is not None:
            nearest.save(index, folder)
        plan = replace(plan, provenance=plan.provenance | {"compares_with": _comparison(index)})
        bundle = _write(folder, plan=plan, split=split, trunk=trunk, heads=heads, held=held, progress=progress)
        if out.exists():
            raise FileExistsError(out)
        shutil.move(folder, out)
    return replace(bundle, folder=out)


def extract(trunk: Backbone, examples: Sequence[Example], *, progress: Progress) -> Array:
    """Pooled features of every picture, n x d. Raises DatasetRefused with the list of those that cannot be read."""
    network = network_for(trunk, heads=1)
    forward = compress.runner(compress.convert(network, size=trunk.preprocessing.size))
    unreadable: list[tuple[str, str]] = []
    found: list[Array] = []
    for start in range(0, len(examples), BATCH):
        part = [_read(example, trunk.preprocessing, unreadable) for example in examples[start : start + BATCH]]
        pictures = [pixels for pixels in part if pixels is not None]
        if pictures:
            found.append(forward(np.stack(pictures)).features.astype(np.float64))
        progress("pictures", min(start + BATCH, len(examples)), len(examples))
    refuse_unreadable(unreadable)
    return np.concatenate(found)


def _read(example: Example, preprocessing: Preprocessing, unreadable: list[tuple[str, str]]) -> Pixels | None:
    try:
        return prepared(open_upright(example.path.read_bytes()), preprocessing)
    except (PictureRefused, OSError) as error:
        unreadable.append((example.path.name, str(error)))
        return None


def _write(
    folder: Path, *, plan: Plan, split: Split, trunk: Backbone, heads: Heads, held: Array, progress: Progress
) -> Bundle:
    progress("export", 0, 2)
    bad = np.array([example.bad for example in split.training])
    suggested = suggest(bad, heads.unseen)
    network = with_heads(trunk, heads)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, folder / WEIGHTS)
    compress.save(compress.convert(network, size=trunk.preprocessing.size), folder / COMPILED)
    progress("export", 1, 2)
    parity = _parity(network, folder, split.holdout, trunk.preprocessing, suggested)
    figures = _figures(split.holdout, heads, held, suggested)
    manifest = Manifest(
        kind=KIND,
        name=plan.name,
        labels=plan.labels,
        learnt=tuple(heads.labels),
        preprocessing=trunk.preprocessing,
        backbone=trunk.name,
        suggested=suggested,
        heat=heat_scale(compress.runner(str(folder / COMPILED)), split.training, trunk.preprocessing),
        provenance=_provenance(plan, split, trunk, heads) | {"parity": asdict(parity)},
        holdout=figures,
    )
    bundle = _with_golden(folder, manifest, split.holdout, held @ heads.ng.weights)
    progress("export", 2, 2)
    return bundle


def with_heads(trunk: Backbone, heads: Heads) -> Network:
    """The trunk with all heads as one linear layer, the NG head first."""
    rows = [heads.ng, *heads.labels.values()]
    network = network_for(trunk, heads=len(rows))
    with torch.no_grad():
        network.head.weight.copy_(torch.from_numpy(np.stack([row.weights for row in rows])))
        network.head.bias.copy_(torch.tensor([row.bias for row in rows]))
    return network


def _parity(
    network: Network, folder: Path, examples: Sequence[Example], preprocessing: Preprocessing, suggested: Suggested
) -> compress.Parity:
    step = max(1, len(examples) // CHECKED_FOR_PARITY)
    pictures = _pictures(examples[::step][:CHECKED_FOR_PARITY], preprocessing)
    return compress.check_parity(network, folder / COMPILED, pictures, suggested=suggested)


def _pictures(examples: Sequence[Example], preprocessing: Preprocessing) -> Pixels:
    return np.stack([prepared(open_upright(example.path.read_bytes()), preprocessing) for example in examples])


def _figures(examples: Sequence[Example], heads: Heads, held: Array, suggested: Suggested) -> dict[str, Any]:
    labels = {label: sigmoid(head.logits(held)) for label, head in heads.labels.items()}
    return report(examples, scores=sigmoid(heads.ng.logits(held)), labels=labels, suggested=suggested)


def heat_scale(forward: Callable[[Pixels], Outputs], examples: Sequence[Example], preprocessing: Preprocessing) -> Heat:
    """One scale for every heatmap: 0 is what 95 % of the cells of good pictures stay below, 1 what 1 % of the cells of
    bad pictures exceed. Learnt on training pictures."""
    low = float(np.quantile(_cells(forward, [example for example in examples if not example.bad], preprocessing), 0.95))
    high = float(np.quantile(_cells(forward, [example for example in examples if example.bad], preprocessing), 0.99))
    return Heat(low=low, high=max(high, low + 0.1))


def _cells(forward: Callable[[Pixels], Outputs], examples: Sequence[Example], preprocessing: Preprocessing) -> Array:
    chosen = examples[:: max(1, len(examples) // HEAT_PICTURES)][:HEAT_PICTURES]
    parts = (chosen[start : start + BATCH] for start in range(0, len(chosen), BATCH))
    return np.concatenate([forward(_pictures(part, preprocessing)).cells.ravel() for part in parts]).astype(np.float64)


def _with_golden(folder: Path, manifest: Manifest, examples: Sequence[Example], order: Array) -> Bundle:
    """Keep pictures from the lowest to the highest score, with what the deployed form says of each, and seal."""
    places = np.linspace(0, len(order) - 1, GOLDEN_PICTURES).astype(int)
    chosen = [examples[at] for at in np.argsort(order, kind="stable")[places]]
    (folder / "golden").mkdir()
    pictures = [_golden(folder, f"golden/{number}.png", example) for number, example in enumerate(chosen, start=1)]
    answers = OpenVinoModel(seal(folder, manifest)).judge(pictures)
    golden = tuple(Golden(file=each.key, score=float(each.score or 0.0), labels=dict(each.labels)) for each in answers)
    bundle = seal(folder, replace(manifest, golden=golden))
    serving.load(folder, digest=bundle.digest)
    return bundle


def _golden(folder: Path, name: str, example: Example) -> Picture:
    picture = Image.fromarray(open_upright(example.path.read_bytes()))
    picture.thumbnail((GOLDEN_SIDE, GOLDEN_SIDE))
    picture.save(folder / name)
    return Picture(key=name, pixels=np.asarray(picture, dtype=np.uint8))


def _comparison(index: nearest.Index | None) -> dict[str, Any] | None:
    return None if index is None else {"n": len(index.known), "floor": round(index.floor, 4)}


def _provenance(plan: Plan, split: Split, trunk: Backbone, heads: Heads) -> dict[str, Any]:
    return {
        **plan.provenance,
        "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "trunk_weights": trunk.origin,
        "training": {"n": len(split.training), "lots": len({example.lot for example in split.training})},
        "split": f"whole lots by salted hash, salt {plan.salt}",
        "penalty": heads.penalty,
        "calibration": heads.calibration,
        "label_calibration": "none: probabilities of labels are as the penalised heads give them",
        "engine": {"name": "openvino", "version": version("openvino"), "precision": "f32"},
        "torch": version("torch"),
    }
