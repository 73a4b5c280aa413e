from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

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
