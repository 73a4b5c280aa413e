"""Installers: shown while they run, told in words when they fail."""

from __future__ import annotations

import sys

import pytest

from deploy.progress import SetupFailed, watch


def test_a_finished_installer_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    watch("packages", [sys.executable, "-c", "print('Collecting django'); print('Downloading django')"])
    assert capsys.readouterr().out == "setup: packages done in 0 s\n"


def test_a_failed_installer_is_told_with_its_last_words() -> None:
    with pytest.raises(SetupFailed, match=r"packages could not be installed:\nno space left"):
        watch("packages", [sys.executable, "-c", "print('no space left'); raise SystemExit(1)"])
