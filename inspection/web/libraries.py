"""The files that pages load: those of other people's libraries, each named in the settings, and how all are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Files under names that hold their digest, by which our modules import one another too.

    Under plain names a browser that had the page open before an upgrade ran old and new modules together.
    """

    support_js_module_import_aggregation = True


class OneFile(FileSystemStorage):
    """A storage with a single file under the name that pages use: a package folder holds much that is not for them."""

    def __init__(self, *, name: str, file: Path) -> None:
        super().__init__(location=file.parent)
        self.shown = name
        self.file = file

    def path(self, name: str) -> str:
        if name != self.shown:
            raise FileNotFoundError(name)
        return str(self.file)


class PageLibraryFinder(BaseFinder):
    """Finds the files of `settings.PAGE_LIBRARIES`: name below /static/ -> file of a package."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storages = {name: OneFile(name=name, file=Path(file)) for name, file in settings.PAGE_LIBRARIES.items()}
        super().__init__(*args, **kwargs)

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        missing = [storage.shown for storage in self.storages.values() if not storage.file.is_file()]
        return [
            Error(f"The page library {name} is not installed; run make setup.", id="sightline.E001") for name in missing
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str] | None:  # type: ignore[override]
        storage = self.storages.get(path)
        if storage is None or not storage.file.is_file():
            return []
        return [str(storage.file)] if find_all or kwargs.get("all") else str(storage.file)

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, OneFile]]:
        for name, storage in self.storages.items():
            if storage.file.is_file():
                yield name, storage
