"""What is written down when a part dies and comes back."""

from __future__ import annotations

from pathlib import Path

from deploy import restarts, watch


def told(run: Path) -> list[tuple[str, bool]]:
    return [(row.part, row.back_at is not None) for row in restarts.read(run)]


def test_nothing_ever_died_where_nothing_was_written(tmp_path: Path) -> None:
    assert restarts.read(tmp_path) == ()


def test_a_part_that_dies_is_away_until_it_runs_again(tmp_path: Path) -> None:
    watch.note(tmp_path, "PROCESS_STATE_EXITED", "worker")
    assert told(tmp_path) == [("worker", False)]
    watch.note(tmp_path, "PROCESS_STATE_RUNNING", "worker")
    assert told(tmp_path) == [("worker", True)]


def test_tries_that_fail_are_the_same_death(tmp_path: Path) -> None:
    for event in ("PROCESS_STATE_EXITED", "PROCESS_STATE_BACKOFF", "PROCESS_STATE_BACKOFF"):
        watch.note(tmp_path, event, "web")
    assert told(tmp_path) == [("web", False)]


def test_a_part_that_is_stopped_on_purpose_did_not_die(tmp_path: Path) -> None:
    for event in ("PROCESS_STATE_STARTING", "PROCESS_STATE_STOPPING", "PROCESS_STATE_STOPPED"):
        watch.note(tmp_path, event, "web")
    assert told(tmp_path) == []


def test_only_the_latest_deaths_are_kept(tmp_path: Path) -> None:
    for _ in range(restarts.KEPT + 5):
        restarts.died(tmp_path, "web")
        restarts.returned(tmp_path, "web")
    assert len(restarts.read(tmp_path)) == restarts.KEPT


def test_a_new_start_begins_with_a_clean_sheet(tmp_path: Path) -> None:
    restarts.died(tmp_path, "web")
    restarts.forget(tmp_path)
    restarts.forget(tmp_path)
    assert told(tmp_path) == []
