"""The model side without Django: judge a folder at the line, train in a child process, check a bundle.

Exit codes: 0 done; 1 judged, but some pictures have a fault; 2 refused.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tqdm import tqdm

from inference import serving
from inference.bundle import Bundle, BundleRefused, read
from inference.checks import fit
from inference.contract import Answer, Picture, Predictor, Refused
from inference.datasets import DatasetRefused, read_manifest
from inference.facts import measure
from inference.pictures import PictureRefused, admit

if TYPE_CHECKING:
    from inference.heads import Progress

COLUMNS = ("path", "verdict", "score", "labels", "fault", "ms")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")
AT_ONCE = 16
# A label is named in the CSV from this probability on.
NAMED_FROM = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BundleRefused as refused:
        print(f"{refused.code}: {refused.detail}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inference", description=__doc__)
    commands = parser.add_subparsers(required=True)
    judge = commands.add_parser("judge", help="judge every picture of a folder and write a CSV")
    judge.add_argument("bundle", type=Path)
    judge.add_argument("folder", type=Path)
    judge.add_argument("--accept-at", type=_chance, help="OK up to this score; the bundle's suggestion by default")
    judge.add_argument("--reject-at", type=_chance, help="NG from this score; the bundle's suggestion by default")
    judge.add_argument("--out", type=Path, help="a file instead of standard output")
    judge.set_defaults(run=_judge)
    check = commands.add_parser("check", help="verify a bundle and ask it for its golden answers")
    check.add_argument("bundle", type=Path)
    check.set_defaults(run=_check)
    _add_train(commands.add_parser("train", help="learn from a list of pictures and write a bundle"))
    return parser


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("dataset", type=Path, help="one JSON object a line: path, target, lot, labels")
    train.add_argument("--out", type=Path, required=True, help="the folder to write; it must not exist")
    train.add_argument("--labels", default="", help="the ordered label codes, with commas")
    train.add_argument("--name", default="model")
    train.add_argument("--backbone", help="a torchvision network instead of EfficientNet-Lite0")
    train.add_argument("--weights", type=Path, help="that network's state dict; without it, random numbers")
    train.add_argument("--salt", help="another split into training and hold-out lots")
    train.add_argument("--progress", choices=("json", "bar"), default="bar")
    train.set_defaults(run=_train)


def _chance(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError("a threshold is a number from 0 to 1")
    return value


# ---- judge ---------------------------------------------------------------------------------------------------------


def _judge(options: argparse.Namespace) -> int:
    bundle, predictor = _loaded(options.bundle)
    if not options.folder.is_dir():
        raise BundleRefused("missing_file", f"{options.folder} is no folder")
    suggested = bundle.manifest.suggested
    accept_at = suggested.accept_at if options.accept_at is None else options.accept_at
    reject_at = suggested.reject_at if options.reject_at is None else options.reject_at
    if accept_at is not None and reject_at is not None and accept_at >= reject_at:
        raise BundleRefused("thresholds", f"accept-at {accept_at:g} has to lie below reject-at {reject_at:g}")
    answers = judge_folder(predictor, options.folder)
    if options.out is None:
        return write_csv(answers, sys.stdout, accept_at=accept_at, reject_at=reject_at)
    with options.out.open("w", newline="", encoding="utf-8") as out:
        return write_csv(answers, out, accept_at=accept_at, reject_at=reject_at)


def _loaded(folder: Path) -> tuple[Bundle, Predictor]:
    bundle = read(folder)
    return bundle, serving.load(folder, digest=bundle.digest)


def judge_folder(predictor: Predictor, folder: Path) -> Iterator[Answer]:
    """An answer for each picture file below the folder, in order of name; keys are paths below the folder."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    with tqdm(total=len(paths), unit="picture", file=sys.stderr) as bar:
        for start in range(0, len(paths), AT_ONCE):
            part = [_opened(path, path.relative_to(folder).as_posix()) for path in paths[start : start + AT_ONCE]]
            judged = iter(predictor.judge([item for item in part if isinstance(item, Picture)]))
            yield from (next(judged) if isinstance(item, Picture) else item for item in part)
            bar.update(len(part))


def _opened(path: Path, key: str) -> Picture | Answer:
    try:
        pixels = admit(path.read_bytes()).pixels
    except PictureRefused as refused:
        return Answer(key=key, fault=f"{refused.code}: {refused.detail}")
    except OSError as error:
        return Answer(key=key, fault=f"unreadable: {error.strerror}")
    unfit = fit(measure(pixels))
    return Answer(key=key, fault=f"unfit: {'; '.join(unfit)}") if unfit else Picture(key=key, pixels=pixels)


def write_csv(answers: Iterator[Answer], out: TextIO, *, accept_at: float | None, reject_at: float | None) -> int:
    """One row a picture; returns 1 when one of them has a fault. A fault has no verdict: a person looks at it."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    faults = 0
    for answer in answers:
        faults += bool(answer.fault)
        rows.writerow(_row(answer, accept_at=accept_at, reject_at=reject_at))
    return 1 if faults else 0


def _row(answer: Answer, *, accept_at: float | None, reject_at: float | None) -> list[str]:
    named = sorted(label for label, chance in answer.labels.items() if chance >= NAMED_FROM)
    score = "" if answer.score is None else f"{answer.score:.4f}"
    verdict = "" if answer.score is None else _verdict(answer.score, accept_at=accept_at, reject_at=reject_at)
    ms = f"{sum(answer.steps_ms.values()):.1f}"
    return [_safe_cell(answer.key), verdict, score, " ".join(named), _safe_cell(answer.fault), ms]


def _verdict(score: float, *, accept_at: float | None, reject_at: float | None) -> str:
    if accept_at is not None and score <= accept_at:
        return "OK"
    return "NG" if reject_at is not None and score >= reject_at else "UNSURE"


def _safe_cell(text: str) -> str:
    """A spreadsheet runs a cell that begins with one of these as a formula; a file may be called so."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


# ---- check ---------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    bundle, _ = _loaded(options.bundle)
    manifest = bundle.manifest
    print(f"{manifest.name}: {manifest.kind}, labels {', '.join(manifest.labels) or 'none'}")
    print(f"digest {bundle.digest}; {len(manifest.files)} files and {len(manifest.golden)} golden answers agree")
    return 0


# ---- train ---------------------------------------------------------------------------------------------------------


def _train(options: argparse.Namespace) -> int:
    progress = JsonProgress() if options.progress == "json" else BarProgress()
    try:
        bundle = _trained(options, progress)
    except Refused as refused:
        progress.last({"event": "refused", "code": refused.code, "detail": refused.detail})
        return 2
    done = {"event": "done", "digest": bundle.digest, "labels": list(bundle.manifest.learnt)}
    progress.last(done | {"report": dict(bundle.manifest.holdout)})
    return 0


def _trained(options: argparse.Namespace, progress: Progress) -> Bundle:
    if options.out.exists():
        raise DatasetRefused("out_exists", f"{options.out} exists already")
    if not options.dataset.is_file():
        raise DatasetRefused("bad_manifest", f"{options.dataset} is no file")
    examples = read_manifest(options.dataset)
    # torch and OpenVINO are loaded here, and only in the process that trains: judging needs no torch.
    from inference.training import Plan, train

    given = {name: value for name in ("backbone", "weights", "salt") if (value := getattr(options, name)) is not None}
    labels = tuple(label for label in options.labels.split(",") if label)
    origin = {"dataset_sha256": hashlib.sha256(options.dataset.read_bytes()).hexdigest()}
    plan = Plan(labels=labels, name=options.name, provenance=origin, **given)
    return train(examples, plan, out=options.out, progress=progress)


class JsonProgress:
    """One JSON object a line on standard output, for the program that started this one."""

    def __init__(self) -> None:
        self._stage, self._began = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began = stage, now
        left = (now - self._began) / done * (total - done) if done else None
        seconds = None if left is None else round(left, 1)
        self.last({"event": "progress", "stage": stage, "done": done, "total": total, "seconds_left": seconds})

    def last(self, event: dict[str, object]) -> None:
        print(json.dumps(event, allow_nan=False), flush=True)


class BarProgress:
    """A bar for each stage on standard error, and the report as JSON on standard output."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = tqdm(disable=True)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._bar.close()
            self._stage, self._bar = stage, tqdm(total=total, desc=stage, file=sys.stderr)
        self._bar.update(done - self._bar.n)

    def last(self, event: dict[str, object]) -> None:
        self._bar.close()
        print(json.dumps(event, indent=2, allow_nan=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
