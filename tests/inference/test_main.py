from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from inference.__main__ import main
from inference.bundle import Bundle, read
from inference.contract import Suggested
from inference.predictors.constant import write_constant
from tests.inference.conftest import LABELS
from tests.inference.drawn import file_of, scratched, surface


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    parts = tmp_path / "parts"
    (parts / "sub").mkdir(parents=True)
    (parts / "a.png").write_bytes(file_of(surface(1)))
    (parts / "sub" / "b.jpg").write_bytes(file_of(scratched(2), "JPEG"))
    (parts / "notes.txt").write_text("no picture, and not named like one")
    return parts


def constant(tmp_path: Path, score: float = 0.3) -> str:
    suggested = Suggested(accept_at=0.2, reject_at=0.8)
    return str(write_constant(tmp_path / "bundle", labels=LABELS, score=score, suggested=suggested).folder)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ([], "UNSURE"),
        (["--accept-at", "0.3"], "OK"),
        (["--reject-at", "0.3"], "NG"),
        (["--accept-at", "0.31", "--reject-at", "0.9"], "OK"),
    ],
)
def test_thresholds_turn_scores_into_verdicts(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], verdict: str
) -> None:
    assert main(["judge", constant(tmp_path), str(folder), *options]) == 0
    found = rows(capsys.readouterr().out)
    assert [(row["path"], row["verdict"], row["score"]) for row in found] == [
        ("a.png", verdict, "0.3000"),
        ("sub/b.jpg", verdict, "0.3000"),
    ]


def test_a_bad_picture_is_a_row_with_a_fault_and_no_verdict_and_the_exit_code_says_so(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "broken.png").write_bytes(file_of(surface(1))[:500])
    (folder / "dark.png").write_bytes(file_of(surface(1, light=-200)))
    out = tmp_path / "answers.csv"
    assert main(["judge", constant(tmp_path), str(folder), "--out", str(out)]) == 1
    found = {row["path"]: (row["verdict"], row["fault"].split(":")[0]) for row in rows(out.read_text())}
    assert found == {
        "a.png": ("UNSURE", ""),
        "broken.png": ("", "truncated"),
        "dark.png": ("", "unfit"),
        "sub/b.jpg": ("UNSURE", ""),
    }


def test_a_file_named_like_a_formula_is_not_one_in_the_table(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "=1+1.png").write_bytes(file_of(surface(1)))
    main(["judge", constant(tmp_path), str(folder)])
    assert "'=1+1.png" in [row["path"] for row in rows(capsys.readouterr().out)]


def test_thresholds_in_the_wrong_order_are_refused(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", constant(tmp_path), str(folder), "--accept-at", "0.9"]) == 2
    assert capsys.readouterr().err.startswith("thresholds:")


def test_a_damaged_bundle_is_refused(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = constant(tmp_path)
    (Path(bundle) / "model.pkl").write_bytes(b"x")
    assert main(["judge", bundle, str(folder)]) == 2
    assert capsys.readouterr().err.startswith("pickle_inside:")


def test_check_names_the_digest(trained: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(trained.folder)]) == 0
    assert f"digest {trained.digest}; 8 files and 4 golden answers agree" in capsys.readouterr().out


def test_judging_at_the_line_needs_neither_django_nor_torch(trained: Bundle, folder: Path) -> None:
    code = (
        "import sys; from inference.__main__ import main; main(sys.argv[1:]); "
        "print(*{'django', 'torch', 'celery'} & set(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "judge", str(trained.folder), str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stderr.splitlines()[-1] == ""
    assert [row["path"] for row in rows(found.stdout)] == ["a.png", "sub/b.jpg"]


def test_the_child_process_trains_and_its_last_line_is_the_report(drawn_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "inference", "train", str(drawn_set), "--out", str(out), "--progress", "json"]
    found = subprocess.run([*command, "--labels", ",".join(LABELS)], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert {line["event"] for line in lines[:-1]} == {"progress"}
    assert lines[-1]["event"] == "done"
    assert lines[-1]["digest"] == read(out, labels=LABELS).digest
    assert lines[-1]["report"]["n"] == 18


@pytest.mark.parametrize(
    ("line", "code"),
    [("{}", "bad_manifest"), ('{"path": "a.png", "target": 1, "lot": "1"}', "too_few_pictures")],
)
def test_what_cannot_be_learnt_ends_with_a_refusal_and_code_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, code: str
) -> None:
    (tmp_path / "set.jsonl").write_text(line)
    arguments = ["train", str(tmp_path / "set.jsonl"), "--out", str(tmp_path / "out"), "--progress", "json"]
    assert main(arguments) == 2
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (event["event"], event["code"]) == ("refused", code)


def test_training_never_writes_over_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    assert main(["train", "absent.jsonl", "--out", str(tmp_path / "out"), "--progress", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == "out_exists"
