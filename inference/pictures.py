"""The door for pictures: limits before decoding, a real decode, no metadata kept, and one way to open them upright."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageChops, ImageOps

from inference.contract import Pixels, Refused
from inference.metadata import Cleaned, Malformed, cleaned

# Pillow's own bomb limit warns at 89 and raises at 179 million pixels, whatever a job allows; the limits below are
# applied before anything is decoded, in `admit` and in `open_upright`, and are the only ones.
Image.MAX_IMAGE_PIXELS = None
# What is opened without a job's limits at hand (a stored picture, a golden picture) still has a ceiling.
OPEN_AT_MOST = 400_000_000

_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "JPEG"),
    (b"\x89PNG\r\n\x1a\n", 0, "PNG"),
    (b"WEBP", 8, "WEBP"),
    (b"GIF87a", 0, "GIF"),
    (b"GIF89a", 0, "GIF"),
    (b"BM", 0, "BMP"),
    (b"II*\x00", 0, "TIFF"),
    (b"MM\x00*", 0, "TIFF"),
    (b"ftypavif", 4, "AVIF"),
    (b"ftyphei", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIC"),
    (b"\x00\x00\x00\x0cjP  ", 0, "JPEG 2000"),
    (b"8BPS", 0, "PSD"),
)


@dataclass(frozen=True)
class Limits:
    max_bytes: int = 40_000_000
    max_pixels: int = 64_000_000
    formats: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
    # With animations allowed the first frame is the picture; the others are neither decoded nor judged.
    animations: bool = False


class PictureRefused(Refused):
    """A picture turned away at the door; the codes stand at `admit`."""


@dataclass(frozen=True)
class Admitted:
    """A picture let in: the bytes to store, their sha256, that of the bytes received, and its upright size.

    `pixels` is the decoded upright picture, so that whoever measures it need not decode it again.
    """

    stored: bytes = field(repr=False)
    digest: str
    received_digest: str
    format: str
    width: int
    height: int
    pixels: Pixels = field(repr=False, compare=False)


def admit(data: bytes, *, limits: Limits = Limits()) -> Admitted:
    """Check, clean and decode a picture. Raises PictureRefused.

    Codes: `empty_file`, `too_large`, `not_a_picture`, `format_not_allowed`, `animated`, `too_many_pixels`,
    `truncated`.
    """
    format = _allowed_format(data, limits=limits)
    clean = _cleaned(data, format=format)
    if clean.frames > 1 and not limits.animations:
        raise PictureRefused("animated", "the picture is an animation of {n} frames", n=clean.frames or 0)
    _check_size(clean.data, max_pixels=limits.max_pixels)
    pixels = open_upright(clean.data, max_pixels=limits.max_pixels)
    return Admitted(
        stored=clean.data,
        digest=hashlib.sha256(clean.data).hexdigest(),
        received_digest=hashlib.sha256(data).hexdigest(),
        format=format,
        width=pixels.shape[1],
        height=pixels.shape[0],
        pixels=pixels,
    )


def stored_digest(data: bytes) -> str:
    """The digest a picture has once it is stored; of what no door lets in, that of its bytes. Nothing is decoded."""
    try:
        kept = _cleaned(data, format=_allowed_format(data, limits=Limits())).data
    except PictureRefused:
        kept = data
    return hashlib.sha256(kept).hexdigest()


def open_upright(data: bytes, *, max_pixels: int = OPEN_AT_MOST) -> Pixels:
    """Decode a picture and turn it as its EXIF says: height x width x 3, RGB. Raises PictureRefused.

    The one place where orientation is applied; every coordinate in the product refers to what this returns.
    """
    return np.asarray(_upright(data, max_pixels=max_pixels), dtype=np.uint8)


def thumbnail(data: bytes, size: int) -> bytes:
    """A small upright JPEG, at most `size` pixels on its longer side, for lists. Raises PictureRefused."""
    picture = _upright(data, max_pixels=OPEN_AT_MOST, at_least=size)
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def sniff(data: bytes) -> str:
    """The format by its first bytes, "" when they belong to no picture we know; names and extensions say nothing."""
    return next((name for magic, at, name in _MAGIC if data[at : at + len(magic)] == magic), "")


def _allowed_format(data: bytes, *, limits: Limits) -> str:
    if not data:
        raise PictureRefused("empty_file", "the file is empty")
    if len(data) > limits.max_bytes:
        raise PictureRefused(
            "too_large",
            "the file has {n} bytes; at most {most} are taken",
            n=f"{len(data):,}",
            most=f"{limits.max_bytes:,}",
        )
    format = sniff(data)
    if not format:
        raise PictureRefused("not_a_picture", "the file is not a picture of a known format")
    if format not in limits.formats:
        raise PictureRefused(
            "format_not_allowed",
            "{format} is not taken here; taken are {formats}",
            format=format,
            formats=", ".join(limits.formats),
        )
    return format


def _cleaned(data: bytes, *, format: str) -> Cleaned:
    try:
        return cleaned(data, format=format)
    except Malformed as error:
        raise PictureRefused(error.code, str(error)) from error


def _check_size(data: bytes, *, max_pixels: int) -> None:
    width, height = _header(data).size
    if width < 1 or height < 1:
        raise PictureRefused("not_a_picture", "the picture has no pixels")
    if width * height > max_pixels:
        raise PictureRefused(
            "too_many_pixels",
            "the picture is {width} x {height} pixels; at most {most} are taken",
            width=f"{width:,}",
            height=f"{height:,}",
            most=f"{max_pixels:,}",
        )


def _header(data: bytes) -> Image.Image:
    """Pillow reads the header here and decodes nothing until `load`."""
    try:
        return Image.open(io.BytesIO(data), formats=Limits.formats)
    except Exception as error:  # the parsers raise OSError, SyntaxError, ValueError, struct.error, KeyError ...
        raise PictureRefused("not_a_picture", "the file cannot be read as a picture") from error


def _upright(data: bytes, *, max_pixels: int, at_least: int | None = None) -> Image.Image:
    picture = _header(data)
    _check_size(data, max_pixels=max_pixels)
    if at_least is not None:  # a JPEG can be decoded at an eighth of its size, which makes thumbnails cheap
        picture.draft(None, (at_least * 2, at_least * 2))
    try:
        picture.load()
        return _rgb(ImageOps.exif_transpose(picture))
    except PictureRefused:
        raise
    except Exception as error:
        code = "truncated" if "truncated" in str(error) else "not_a_picture"
        raise PictureRefused(code, "the picture cannot be decoded: {error}", error=str(error)) from error


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return _from_16_bit(picture)
    if picture.mode == "CMYK":
        # Pillow assumes Adobe's inverted inks for every CMYK JPEG; one without Adobe's segment means what it says.
        return (picture if "adobe" in picture.info else ImageChops.invert(picture)).convert("RGB")
    if picture.has_transparency_data:
        return _over_black(picture.convert("RGBA"))
    return picture.convert("RGB")


def _from_16_bit(picture: Image.Image) -> Image.Image:
    """Scale 0..65535 to 0..255. Pillow's own conversion clips at 255, which turns nearly everything white."""
    wide = np.asarray(picture).astype(np.float32)
    grey = np.clip(np.rint(wide / 257.0), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _over_black(picture: Image.Image) -> Image.Image:
    """Black is what cameras and cutting tools write where nothing is; white would read as glare. Hidden colours go."""
    ground = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")
