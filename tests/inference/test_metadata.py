from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from inference import metadata
from inference.metadata import Malformed, cleaned
from tests.inference.drawn import file_of, surface

SECRET = b"SECRET-GPS-48.1371N-11.5754E"
XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6" note="' + SECRET + b'"/></x:xmpmeta>'
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def talkative_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()  # the maker
    exif.get_ifd(0x8825)[29] = SECRET.decode()  # the date in the GPS directory
    exif.get_ifd(0x8769)[0x927C] = SECRET  # the maker note
    return exif


def png_text() -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("Author", SECRET.decode())
    text.add(b"tIME", b"\x07\xe9\x01\x01\x00\x00\x00")
    text.add(b"prVt", SECRET)
    return text


def talkative(format: str, orientation: int = 6) -> bytes:
    picture = surface(1, size=48).resize((48, 32))
    if format == "GIF":
        return file_of(picture, "GIF", comment=SECRET)
    options: dict[str, object] = {"exif": talkative_exif(orientation), "icc_profile": ICC}
    more: dict[str, dict[str, object]] = {
        "JPEG": {"comment": SECRET, "xmp": XMP},
        "WEBP": {"xmp": XMP},
        "PNG": {"pnginfo": png_text()},
    }
    return file_of(picture, format, **options, **more[format])


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_the_file_tells_of_people_and_places_is_gone_and_no_pixel_has_changed(format: str) -> None:
    before = talkative(format) + SECRET
    assert before.count(SECRET) >= 2
    after = cleaned(before, format=format).data
    assert after.count(SECRET) == 0
    assert np.array_equal(decoded(before), decoded(after))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_orientation_and_colour_profile_stay_and_are_all_that_stays(format: str) -> None:
    picture = Image.open(io.BytesIO(cleaned(talkative(format, orientation=8), format=format).data))
    assert dict(picture.getexif()) == {0x0112: 8}
    assert picture.info["icc_profile"] == ICC
    said = {str(name) for name in picture.info} - {"exif", "icc_profile", "dpi"}
    assert {name for name in said if not name.startswith("jfif")} <= {
        "dpi",
        "loop",
        "background",
        "duration",
        "timestamp",
    }


def test_an_upright_picture_gets_no_exif_at_all() -> None:
    assert b"Exif" not in cleaned(talkative("JPEG", orientation=1), format="JPEG").data


def test_exif_that_says_upright_is_believed_before_xmp() -> None:
    assert cleaned(talkative("JPEG", orientation=1), format="JPEG").orientation == 1


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_an_orientation_that_only_xmp_knows_is_kept(format: str) -> None:
    data = file_of(surface(1, size=48), format, xmp=XMP)
    after = cleaned(data, format=format)
    assert after.orientation == 6
    assert dict(Image.open(io.BytesIO(after.data)).getexif()) == {0x0112: 6}


def test_the_second_picture_behind_a_jpeg_is_dropped() -> None:
    first, second = file_of(surface(1), "JPEG"), file_of(surface(2), "JPEG")
    assert cleaned(first + second, format="JPEG").data == first


def test_a_progressive_jpeg_keeps_every_scan() -> None:
    data = file_of(surface(1), "JPEG", progressive=True)
    assert cleaned(data, format="JPEG").data == data


def test_the_thumbnail_in_a_jfif_header_is_dropped() -> None:
    data = file_of(surface(1), "JPEG")
    thumb = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01" + b"\x02\x02" + SECRET[:12]
    grown = data[:2] + b"\xff\xe0" + (len(thumb) + 2).to_bytes(2, "big") + thumb + data[20:]
    assert cleaned(grown, format="JPEG").data == data


def test_a_file_of_endless_segments_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "MAX_SEGMENTS", 3)
    for format in ("JPEG", "PNG", "GIF", "WEBP"):
        data = talkative(format)
        with pytest.raises(Malformed, match="more than 3 segments"):
            cleaned(data if format != "GIF" else data[:-1] + b"\x21\xfe\x00" * 4 + b"\x3b", format=format)


def test_broken_exif_means_the_picture_stands_as_it_is() -> None:
    data = file_of(surface(1), "JPEG", exif=b"Exif\x00\x00II*\x00" + b"\xff" * 40)
    assert cleaned(data, format="JPEG").orientation == 1
