"""Where a Sightline lives, read from the environment and refused in one sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import place


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_told_in_one_sentence(taken: int) -> None:
    with pytest.raises(place.CannotStart, match=f"Port {taken} is taken by another program"):
        place.read({"PORT": str(taken)})


def test_without_a_wish_the_next_free_port_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "FIRST_PORT", taken)
    assert taken < place.read({}).port < taken + place.PORTS_TRIED


@pytest.mark.parametrize("wish", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(wish: str) -> None:
    with pytest.raises(place.CannotStart, match="PORT must be a number"):
        place.read({"PORT": wish})


@pytest.mark.parametrize("wish", ["0", "two"])
def test_a_number_of_workers_that_is_none_is_refused(wish: str) -> None:
    with pytest.raises(place.CannotStart, match="SIGHTLINE_WORKERS must be a whole number"):
        place.read({"SIGHTLINE_WORKERS": wish})


def test_a_broker_of_the_site_is_used_as_named(tmp_path: Path) -> None:
    there = place.read({"SIGHTLINE_DATA": str(tmp_path), "REDIS_URL": "redis://broker:6379/1"})
    assert (there.data, there.broker_url) == (tmp_path, "redis://broker:6379/1")


def test_a_socket_lies_in_the_data_folder() -> None:
    assert place.short_socket(Path("/srv/sightline"), "redis.sock") == Path("/srv/sightline/redis.sock")


def test_a_socket_of_a_deep_data_folder_gets_a_path_that_the_kernel_takes(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20)
    path = place.short_socket(deep, "redis.sock")
    with socket.socket(socket.AF_UNIX) as door:
        path.unlink(missing_ok=True)
        door.bind(str(path))
    path.unlink()
    path.parent.rmdir()
    assert path != deep / "redis.sock"
