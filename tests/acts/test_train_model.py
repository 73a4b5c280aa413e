from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from inspection.acts import train_model as act
from inspection.acts.train_model import Imported, train_model
from inspection.models import Picture
from inspection.vocabulary import Verdict
from tests.factories import Cast, answer, bundle, champion, claim_one, item, job, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines that the child process would have learnt from."""
    lines: list[dict[str, Any]] = []

    def read(command: list[str], _on_progress: object) -> None:
        written = Path(command[command.index("train") + 1]).read_text()
        lines.extend(json.loads(line) for line in written.splitlines())

    monkeypatch.setattr(act, "_run", read)
    return lines


def test_what_people_judged_is_learnt_under_the_digest_of_its_picture(cast: Cast, learnt: list[dict[str, Any]]) -> None:
    covers = job(cast)
    item(covers, lot="L1")
    answer(claim_one(covers, cast.inspector), Verdict.NG)
    with train_model(job=covers):
        pass
    [line] = learnt
    assert line == {"key": Picture.objects.get().digest, "path": line["path"], "target": 1.0, "lot": "L1", "labels": []}
    assert hashlib.sha256(Path(line["path"]).read_bytes()).hexdigest() == line["key"]


def test_an_imported_picture_bears_the_digest_it_would_have_as_a_part(
    cast: Cast, learnt: list[dict[str, Any]], tmp_path: Path
) -> None:
    covers = job(cast)
    (tmp_path / "known.png").write_bytes(picture(7))
    with train_model(job=covers, imported=[Imported(tmp_path / "known.png", 1.0, "L1", ("dent",))]):
        pass
    assert [(line["key"], line["labels"]) for line in learnt] == [
        (item(covers, data=picture(7)).picture.digest, ["dent"])
    ]


def test_models_are_named_by_their_job_and_numbered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(act, "_run", lambda command, _: names.append(command[command.index("--name") + 1]))
    covers = job(cast)
    for _ in range(2):
        with train_model(job=covers):
            champion(covers, bundle(covers))
    assert names == ["covers-1", "covers-2"]


def test_a_picture_that_is_gone_is_left_to_training_to_name(
    cast: Cast, learnt: list[dict[str, Any]], tmp_path: Path
) -> None:
    with train_model(job=job(cast), imported=[Imported(tmp_path / "gone.png", 1.0, "L1")]):
        pass
    assert [line["key"] for line in learnt] == ["gone.png"]
