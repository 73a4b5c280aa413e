"""The sites on which the stories play: every part of them real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories import plant
from tests.stories.plant import Plant


@pytest.fixture(scope="session")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """One site for the stories in which nothing is broken: a start takes ten seconds. Each opens a job of its own."""
    with plant.running(tmp_path_factory.mktemp("factory")) as one:
        yield one
