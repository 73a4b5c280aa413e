from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command

from inspection import settings as product
from inspection.web.libraries import PageLibraryFinder


def test_a_library_is_found_by_the_name_that_pages_use() -> None:
    found = finders.find("vendor/htmx.min.js")
    assert found is not None
    assert "htmx" in Path(str(found)).read_text()[:200]


def test_the_rest_of_a_package_is_not_served() -> None:
    assert finders.find("vendor/htmx.js") is None
    assert finders.find("vendor/package.json") is None


def test_a_missing_library_is_a_clear_error(settings: object, tmp_path: Path) -> None:
    settings.PAGE_LIBRARIES = {"vendor/gone.js": tmp_path / "gone.js"}  # type: ignore[attr-defined]
    [error] = PageLibraryFinder().check()
    assert error.msg == "The page library vendor/gone.js is not installed; run make setup."


def test_modules_import_one_another_under_the_names_that_hold_their_digest(settings: object, tmp_path: Path) -> None:
    settings.STORAGES = product.STORAGES  # type: ignore[attr-defined]
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]
    call_command("collectstatic", verbosity=0, interactive=False)
    hashed = [path for path in (tmp_path / "js").iterdir() if re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", path.name)]
    imported = {name for path in hashed for name in re.findall(r'from "\./([^"]+)"', path.read_text())}
    assert {name.split(".")[0] for name in imported} >= {"api", "hands", "heat", "hint", "outbox"}
    assert imported <= {path.name for path in hashed}
