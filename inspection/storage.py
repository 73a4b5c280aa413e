"""The picture store: the door for pictures of every kind; files named by digest, on disk before their row is."""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from inference import facts, pictures
from inspection.refused import Kind, Refused
from inspection.sentences import Sentence

_TOO_LARGE = frozenset({"too_large", "too_many_pixels"})
_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp", "GIF": "gif"}


def admit(data: bytes, *, animations: bool) -> pictures.Admitted:
    """Check, clean and decode a picture under the limits of this site. Raises `Refused`; nothing is stored yet."""
    limits = pictures.Limits(
        max_bytes=settings.PICTURE_MAX_BYTES, max_pixels=settings.PICTURE_MAX_PIXELS, animations=animations
    )
    try:
        return pictures.admit(data, limits=limits)
    except pictures.PictureRefused as refused:
        kind = Kind.TOO_LARGE if refused.code in _TOO_LARGE else Kind.INVALID
        raise Refused(refused.code, Sentence(refused.text, **refused.values), kind=kind) from refused


def keep(admitted: pictures.Admitted) -> dict[str, Any]:
    """Put the bytes on disk and describe them as the columns of `Picture`; call it with no transaction open."""
    digest = admitted.digest
    name = default_storage.save(f"{digest[:2]}/{digest}.{_ENDINGS[admitted.format]}", ContentFile(admitted.stored))
    return {
        "name": name,
        "format": admitted.format,
        "size": len(admitted.stored),
        "width": admitted.width,
        "height": admitted.height,
        "facts": asdict(facts.measure(admitted.pixels)),
    }


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
