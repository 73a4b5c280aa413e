from __future__ import annotations

import hashlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from inference.metadata import png_chunk
from inference.pictures import Limits, PictureRefused, admit, open_upright, stored_digest, thumbnail
from tests.inference.drawn import file_of, surface

DEFAULT = Limits()
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
# A header that promises 900 million pixels, in a file of a hundred bytes.
VAST_PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    + png_chunk(b"IEND", b"")
)


def animation(format: str) -> bytes:
    frames = [surface(seed, size=40) for seed in range(3)]
    return file_of(frames[0], format, save_all=True, append_images=frames[1:], duration=50)


def refusal(data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(PictureRefused) as caught:
        admit(data, limits=limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"nothing of a picture", "not_a_picture"),
        (SVG, "not_a_picture"),
        (b"<html><body>hello</body></html>", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n<svg>", "truncated"),
        (VAST_PNG, "too_many_pixels"),
        (file_of(surface(1), "TIFF"), "format_not_allowed"),
        (animation("GIF"), "animated"),
        (animation("PNG"), "animated"),
        (animation("WEBP"), "animated"),
        (b"BM" + b"\x00" * 100, "not_a_picture"),
        (b"\xff\xd8\xff\xd9", "not_a_picture"),
    ],
    ids=["empty", "text", "svg", "html", "half png", "vast", "tiff", "gif", "apng", "webp", "bmp", "bare jpeg"],
)
def test_what_is_no_fit_picture_is_refused_with_its_code(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_picture_that_breaks_off_is_truncated(format: str, share: float) -> None:
    whole = file_of(surface(1), format)
    assert refusal(whole[: int(len(whole) * share)]) == "truncated"


def test_a_bmp_that_breaks_off_is_truncated() -> None:
    assert refusal(file_of(surface(1), "BMP")[:-2000]) == "truncated"


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    assert refusal(b"x" * 1001, Limits(max_bytes=1000)) == "too_large"


def test_a_job_that_allows_more_pixels_than_pillow_likes_gets_them_checked_by_its_own_limit() -> None:
    # 200 million pixels is beyond Pillow's own limit; the short data below it shows that decoding was begun.
    header = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
    data = VAST_PNG[:8] + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"")) + png_chunk(b"IEND", b"")
    assert refusal(data) == "too_many_pixels"
    assert refusal(data, Limits(max_pixels=300_000_000)) == "truncated"


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_where_animations_are_allowed_the_first_frame_is_the_picture(format: str) -> None:
    admitted = admit(animation(format), limits=Limits(animations=True))
    first = np.asarray(surface(0, size=40)).astype(int)
    assert np.abs(admitted.pixels.astype(int) - first).mean() < 6


def test_a_whole_picture_is_admitted_with_digests_and_size() -> None:
    data = file_of(surface(1).resize((96, 50)), "PNG")
    admitted = admit(data)
    assert (admitted.format, admitted.width, admitted.height) == ("PNG", 96, 50)
    assert admitted.digest == hashlib.sha256(admitted.stored).hexdigest()
    assert admitted.received_digest == hashlib.sha256(data).hexdigest()


def test_what_was_stored_can_be_admitted_again_unchanged() -> None:
    once = admit(file_of(surface(1), "JPEG", comment=b"hello"))
    assert admit(once.stored).stored == once.stored


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_on_opening(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), (10, 10, 10))
    upright.paste((240, 240, 240), (0, 0, 10, 10))
    # The transpositions that undo what each orientation asks for (EXIF 2.32, 4.6.4).
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    exif = Image.Exif()
    exif[0x0112] = orientation
    as_shot = upright.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else upright
    admitted = admit(file_of(as_shot, "PNG", exif=exif))
    assert (admitted.width, admitted.height) == (40, 20)
    assert np.array_equal(open_upright(admitted.stored), np.asarray(upright))


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    pixels = open_upright(file_of(Image.fromarray(ramp), "PNG"))
    assert np.array_equal(pixels[..., 0], np.arange(256, dtype=np.uint8).reshape(16, 16))


def test_adobe_cmyk_and_plain_cmyk_show_the_same_colours() -> None:
    adobe = file_of(Image.new("RGB", (32, 32), (200, 40, 40)).convert("CMYK"), "JPEG", quality=95)
    at = adobe.index(b"\xff\xee")
    plain = adobe[:at] + adobe[at + 2 + struct.unpack(">H", adobe[at + 2 : at + 4])[0] :]
    red = open_upright(adobe)[16, 16].astype(int)
    cyan = open_upright(plain)[16, 16].astype(int)
    assert np.abs(red - [200, 40, 40]).max() < 12
    assert np.abs(cyan - [0, 0, 0]).max() < 60  # the same numbers read as ink are nearly black


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_usual_mode_opens_as_rgb(mode: str) -> None:
    data = file_of(surface(3, size=20).convert(mode), "PNG")
    assert open_upright(data).shape == (20, 20, 3)


def test_transparency_lies_over_black_and_hides_its_colour() -> None:
    picture = Image.new("RGBA", (4, 4), (255, 0, 255, 0))
    picture.putpixel((0, 0), (200, 100, 50, 255))
    pixels = open_upright(file_of(picture))
    assert pixels[0, 0].tolist() == [200, 100, 50]
    assert pixels[3, 3].tolist() == [0, 0, 0]


def test_a_thumbnail_is_small_upright_and_bare() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = file_of(surface(1, size=600).resize((600, 300)), "JPEG", exif=exif)
    small = Image.open(io.BytesIO(thumbnail(data, 100)))
    assert (small.size, small.format, len(small.getexif())) == ((50, 100), "JPEG", 0)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_digest_of_a_picture_is_known_before_it_is_let_in(format: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a maker"
    data = file_of(surface(1), format, exif=exif)
    assert stored_digest(data) == admit(data).digest != hashlib.sha256(data).hexdigest()


def test_what_no_door_lets_in_has_the_digest_of_its_bytes() -> None:
    assert stored_digest(SVG) == hashlib.sha256(SVG).hexdigest()
