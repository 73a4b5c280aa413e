"""Removes what a picture file says about people and places, byte by byte, without touching its pixels.

Each format is a list of segments. Known, harmless ones are kept and everything else is left out, so that a segment
nobody thought of (a maker note, a preview of the uncropped scene, a file glued to the end) does not slip through.
The orientation survives, alone in an EXIF block of its own.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

ORIENTATION = 0x0112
# A file of 12-byte chunks would keep a worker busy for seconds; no camera writes as many segments as this.
MAX_SEGMENTS = 100_000


class Malformed(ValueError):
    """The file breaks off (`truncated`) or is not built as its first bytes promise (`not_a_picture`)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Cleaned:
    data: bytes
    orientation: int
    frames: int


def cleaned(data: bytes, *, format: str) -> Cleaned:
    """The same picture without metadata. Raises Malformed for a file that cannot be followed to its end."""
    try:
        return CLEANERS[format](data)
    except (struct.error, IndexError) as error:
        raise Malformed("truncated", "the file breaks off before its end") from error


# ---- orientation ---------------------------------------------------------------------------------------------------


def minimal_exif(orientation: int) -> bytes:
    """A TIFF header with one directory of one entry: the orientation (EXIF 2.32, 4.6.2)."""
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIHHI", 1, ORIENTATION, 3, 1, orientation, 0, 0)


def _exif_orientation(payload: bytes) -> int | None:
    exif = Image.Exif()
    try:
        with warnings.catch_warnings(action="ignore"):
            exif.load(payload.removeprefix(b"Exif\x00\x00"))
            value = exif.get(ORIENTATION)
    except Exception:  # Pillow raises half a dozen kinds for broken EXIF; then the picture simply stands as it is
        return None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _xmp_orientation(payload: bytes) -> int | None:
    found = re.search(rb"tiff:Orientation(?:=[\"']|>)\s*([1-8])", payload)
    return int(found[1]) if found else None


class _Orientation:
    """Collects what EXIF and XMP say; EXIF wins, as it does in Pillow and in browsers."""

    def __init__(self) -> None:
        self.exif: int | None = None
        self.xmp: int | None = None

    def see_exif(self, payload: bytes) -> None:
        self.exif = self.exif or _exif_orientation(payload)

    def see_xmp(self, payload: bytes) -> None:
        self.xmp = self.xmp or _xmp_orientation(payload)

    @property
    def value(self) -> int:
        return self.exif or self.xmp or 1


def _too_many_segments() -> Malformed:
    return Malformed("not_a_picture", f"the file has more than {MAX_SEGMENTS} segments")


# ---- JPEG: ITU T.81 annex B ----------------------------------------------------------------------------------------

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SOS, _EOI, _COM = 0xDA, 0xD9, 0xFE


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yields (marker, payload, entropy-coded data after it) up to the end marker; what follows that is not read."""
    at = 2
    for _ in range(MAX_SEGMENTS + 1):
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            raise Malformed("truncated", "the JPEG has no end marker")
        if data[found.end() - 1] == _EOI:
            return
        body = found.end()
        (length,) = struct.unpack_from(">H", data, body)
        end = body + length
        if length < 2 or end > len(data):
            raise Malformed("truncated", "a JPEG segment is longer than the file")
        at = end
        following = _NEXT_MARKER.search(data, end) if data[found.end() - 1] == _SOS else None
        if following is not None:
            at = following.start()
        yield data[found.end() - 1], data[body + 2 : end], data[end:at]
    raise _too_many_segments()


def _kept_jpeg_payload(marker: int, payload: bytes) -> bytes | None:
    if marker == 0xE0:  # the JFIF header may carry a thumbnail of the uncropped scene
        return payload[:12] + b"\x00\x00" if payload.startswith(b"JFIF\x00") and len(payload) >= 14 else None
    if marker == 0xE2:
        return payload if payload.startswith(b"ICC_PROFILE\x00") else None
    if marker == 0xEE:  # without Adobe's segment the colours of a CMYK or RGB JPEG are guessed wrong
        return payload if payload.startswith(b"Adobe") else None
    return None if 0xE0 <= marker <= 0xEF or marker == _COM else payload


def _clean_jpeg(data: bytes) -> Cleaned:
    orientation, head = _Orientation(), [b"\xff\xd8"]
    rest: list[bytes] = []
    for marker, payload, coded in _jpeg_segments(data):
        if marker == 0xE1 and payload.startswith(b"Exif\x00\x00"):
            orientation.see_exif(payload)
        elif marker == 0xE1:
            orientation.see_xmp(payload)
        kept = _kept_jpeg_payload(marker, payload)
        if kept is not None:
            part = head if marker == 0xE0 else rest
            part += [b"\xff", bytes([marker]), struct.pack(">H", len(kept) + 2), kept, coded]
    if orientation.value != 1:
        exif = b"Exif\x00\x00" + minimal_exif(orientation.value)
        head += [b"\xff\xe1", struct.pack(">H", len(exif) + 2), exif]
    return Cleaned(b"".join([*head, *rest, b"\xff\xd9"]), orientation.value, frames=1)


# ---- PNG: W3C PNG, third edition -----------------------------------------------------------------------------------

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split()
)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yields (type, payload, the chunk as it stands) up to, not including, IEND."""
    at = len(_PNG_SIGNATURE)
    for _ in range(MAX_SEGMENTS + 1):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise Malformed("truncated", "a PNG chunk is longer than the file")
        if kind == b"IEND":
            return
        yield kind, data[at + 8 : end - 4], data[at:end]
        at = end
    raise _too_many_segments()


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    """One chunk with its length and CRC."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def _clean_png(data: bytes) -> Cleaned:
    orientation, kept, frames = _Orientation(), [], 1
    for kind, payload, chunk in _png_chunks(data):
        if kind == b"eXIf":
            orientation.see_exif(payload)
        elif kind == b"iTXt" and payload.startswith(b"XML:com.adobe.xmp\x00"):
            orientation.see_xmp(payload)
        elif kind == b"acTL":
            (frames,) = struct.unpack_from(">I", payload)
        if kind in _PNG_KEPT:
            kept.append(chunk)
    if orientation.value != 1:  # directly after IHDR: eXIf has to stand before the pixels
        kept.insert(1, png_chunk(b"eXIf", minimal_exif(orientation.value)))
    return Cleaned(b"".join([_PNG_SIGNATURE, *kept, png_chunk(b"IEND", b"")]), orientation.value, max(frames, 1))


# ---- WebP: RFC 9649 ------------------------------------------------------------------------------------------------

_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4)
    end, at = 8 + size, 12
    if end > len(data):
        raise Malformed("truncated", "the WebP is shorter than it says")
    for _ in range(MAX_SEGMENTS + 1):
        if at + 8 > end:
            return
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > end:
            raise Malformed("truncated", "a WebP chunk is longer than the file")
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise _too_many_segments()


def _riff(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + b"\x00" * (len(payload) % 2)


def _clean_webp(data: bytes) -> Cleaned:
    orientation, kept = _Orientation(), []
    for kind, payload in _riff_chunks(data):
        if kind == b"EXIF":
            orientation.see_exif(payload)
        elif kind == b"XMP ":
            orientation.see_xmp(payload)
        if kind in _WEBP_KEPT:
            kept.append((kind, payload))
    frames = sum(kind == b"ANMF" for kind, _ in kept)
    turned = orientation.value != 1
    parts = [_riff(kind, _webp_flags(payload, exif=turned) if kind == b"VP8X" else payload) for kind, payload in kept]
    if turned:
        parts.append(_riff(b"EXIF", minimal_exif(orientation.value)))
    body = b"WEBP" + b"".join(parts)
    return Cleaned(b"RIFF" + struct.pack("<I", len(body)) + body, orientation.value, max(frames, 1))


def _webp_flags(payload: bytes, *, exif: bool) -> bytes:
    flags = payload[0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
    return bytes([flags]) + payload[1:]


# ---- GIF: version 89a ----------------------------------------------------------------------------------------------


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _gif_blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields (what it is: 0x2C for a frame, else the extension's label, the block as it stands) up to the trailer."""
    at = 13 + _colour_table(data[10])
    for _ in range(MAX_SEGMENTS + 1):
        start, kind = at, data[at]
        if kind == 0x3B:
            return
        if kind == 0x21:
            kind, at = data[at + 1], _after_sub_blocks(data, at + 2)
        elif kind == 0x2C:
            at = _after_sub_blocks(data, at + 11 + _colour_table(data[at + 9]))
        else:
            raise Malformed("not_a_picture", "the GIF has a block of an unknown kind")
        yield kind, data[start:at]
    raise _too_many_segments()


def _keep_gif(kind: int, block: bytes) -> bool:
    return kind in (0x2C, 0xF9) or (kind == 0xFF and block[3:14] == b"NETSCAPE2.0")


def _clean_gif(data: bytes) -> Cleaned:
    blocks = list(_gif_blocks(data))
    head = data[: 13 + _colour_table(data[10])]
    kept = [block for kind, block in blocks if _keep_gif(kind, block)]
    frames = sum(kind == 0x2C for kind, _ in blocks)
    return Cleaned(b"".join([head, *kept, b"\x3b"]), 1, max(frames, 1))


def _clean_bmp(data: bytes) -> Cleaned:
    return Cleaned(data, 1, 1)  # the format has no place for metadata


CLEANERS: dict[str, Callable[[bytes], Cleaned]] = {
    "JPEG": _clean_jpeg,
    "PNG": _clean_png,
    "WEBP": _clean_webp,
    "GIF": _clean_gif,
    "BMP": _clean_bmp,
}
