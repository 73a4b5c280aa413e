"""The picture store: files named by their digest, on disk before their row is."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class PictureStorage(FileSystemStorage):
    """A file system storage whose files are complete and on disk when `save` returns.

    Content decides the name, so a name that exists already holds the same bytes and is left as it is.
    """

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with fresh.open("wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                # Without these two a power cut after the answer 201 leaves an empty file under a committed row.
                os.fsync(out.fileno())
            fresh.replace(path)
            _fsync_folder(path.parent)
        finally:
            fresh.unlink(missing_ok=True)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002  Django's signature
        return name


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
