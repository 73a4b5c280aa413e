"""The parts and their supervisord configuration."""

from __future__ import annotations

import configparser
from pathlib import Path

from deploy import place, programs
from deploy.place import Place


def at(folder: Path, **more: str) -> Place:
    return place.read({"SIGHTLINE_DATA": str(folder), "SIGHTLINE_WORKERS": "2", **more})


def names(there: Place) -> list[str]:
    return [program.name for program in programs.programs(there)]


def test_the_broker_starts_first_and_the_web_last(tmp_path: Path) -> None:
    assert names(at(tmp_path)) == ["redis", "worker", "sweeper", "beat", "web"]


def test_a_site_with_its_own_broker_gets_none_of_ours(tmp_path: Path) -> None:
    assert names(at(tmp_path, REDIS_URL="redis://broker:6379/0")) == ["worker", "sweeper", "beat", "web"]


def test_every_part_is_restarted_for_weeks_and_logged_below_the_data(tmp_path: Path) -> None:
    read = configparser.RawConfigParser()
    read.read_string(programs.configuration(at(tmp_path), parent=1))
    parts = [read[section] for section in read.sections() if section.startswith("program:")]
    assert len(parts) == 5
    assert {part["autorestart"] for part in parts} == {"true"}
    assert {Path(part["stdout_logfile"]).parent for part in parts} == {tmp_path / "logs"}


def test_an_odd_folder_name_does_not_break_the_configuration(tmp_path: Path) -> None:
    odd = tmp_path / "50% of; the line"
    read = configparser.RawConfigParser()
    read.read_string(programs.configuration(at(odd), parent=1))
    assert "50%% of; the line" in read["supervisord"]["logfile"]
