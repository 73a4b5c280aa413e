from __future__ import annotations

import io
import stat
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspection.models import Item, Job, Refusal
from tests import factories
from tests.api.conftest import Callers, code

pytestmark = pytest.mark.django_db

GOOD = factories.picture(1)
OTHER = factories.picture(2)


@pytest.fixture(autouse=True)
def job(cast: factories.Cast) -> Job:
    return factories.job(cast)


def zipped(entries: dict[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def send(call: Callers, *files: tuple[str, bytes], field: str = "pictures", **more: Any) -> Any:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return call.service.form("/jobs/covers/items/bulk/", {field: uploads, **more})


def told(response: Any) -> list[tuple[str, int, str]]:
    """Name, status, and the serial or the code of each result."""
    assert response.status_code == 200, response.content
    return [
        (one["name"], one["status"], one["item"]["serial"] if "item" in one else one["problem"]["code"])
        for one in response.json()["results"]
    ]


def test_the_good_ones_are_kept_and_every_one_has_its_result(call: Callers) -> None:
    response = send(call, ("a.png", GOOD), ("b.png", b"no picture"), ("c.png", GOOD), ("d.png", OTHER), lot="L7")
    a, _, _, d = response.json()["results"]
    assert told(response) == [
        ("a.png", 201, a["item"]["serial"]),
        ("b.png", 422, "not_a_picture"),
        ("c.png", 200, a["item"]["serial"]),
        ("d.png", 201, d["item"]["serial"]),
    ]
    assert set(Item.objects.values_list("lot", flat=True)) == {"L7"}
    assert [(one.code, one.name) for one in Refusal.objects.all()] == [("not_a_picture", "b.png")]


def test_a_zip_may_say_more_of_each_picture(call: Callers) -> None:
    manifest = (
        "\ufeffname,serial,lot,captured_at\r\n"
        "b.png,S-2,L2,2026-01-31T08:00:00Z\r\n"
        "in/a.png,S-1,,\r\n"
        "c.png,S-3,,yesterday\r\n"
        "gone.png,S-4,,\r\n"
    )
    content = zipped(
        {"in/": b"", "in/a.png": GOOD, "manifest.csv": manifest.encode(), "b.png": OTHER, "c.png": OTHER, "d.png": b"x"}
    )
    assert told(send(call, ("parts.zip", content), field="zip", lot="L1")) == [
        ("in/a.png", 201, "S-1"),
        ("b.png", 201, "S-2"),
        ("c.png", 422, "invalid"),
        ("d.png", 422, "not_a_picture"),
        ("gone.png", 422, "not_in_zip"),
    ]
    lots = dict(Item.objects.values_list("serial", "lot"))
    assert lots == {"S-1": "L1", "S-2": "L2"}
    assert Refusal.objects.count() == 3


@pytest.mark.parametrize("name", ["../a.png", "in/../../a.png", "/etc/a.png", "..\\a.png", "C:\\a.png"])
def test_a_slipping_entry_is_refused_and_the_rest_is_kept(call: Callers, name: str) -> None:
    bad, good = told(send(call, ("parts.zip", zipped({name: GOOD, "good.png": OTHER}))))
    assert bad[1:] == (422, "unsafe_name")
    assert good[:2] == ("good.png", 201)
    assert Item.objects.count() == 1


def test_a_link_in_a_zip_leads_nowhere(call: Callers) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert told(send(call, ("parts.zip", out.getvalue()))) == [("a.png", 422, "broken_entry")]


def test_a_damaged_entry_costs_no_other(call: Callers) -> None:
    content = zipped({"a.png": GOOD, "b.png": OTHER})
    spoilt = content.replace(GOOD[200:260], bytes(60))
    assert [(name, status) for name, status, _ in told(send(call, ("parts.zip", spoilt)))] == [
        ("a.png", 422),
        ("b.png", 201),
    ]


def test_a_bomb_is_not_unpacked(call: Callers, settings: Any) -> None:
    settings.BULK_MAX_BYTES = 1_000_000
    bomb = zipped({"a.png": GOOD, "b.png": bytes(2_000_000)}, method=zipfile.ZIP_DEFLATED)
    assert code(send(call, ("bomb.zip", bomb))) == (413, "too_large")
    assert not Item.objects.exists()
    assert Refusal.objects.get().code == "too_large"


def test_an_entry_that_lies_about_its_size_is_cut_off(call: Callers) -> None:
    content = zipped({"a.png": bytes(5_000_000)}, method=zipfile.ZIP_DEFLATED)
    lying = content.replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert told(send(call, ("bomb.zip", lying))) == [("a.png", 422, "broken_entry")]


def test_one_entry_too_large_costs_no_other(call: Callers, settings: Any) -> None:
    settings.PICTURE_MAX_BYTES = len(GOOD) + 100
    large = factories.picture(3, size=96)
    assert [(name, status) for name, status, _ in told(send(call, ("z", zipped({"a": large, "b": GOOD}))))] == [
        ("a", 413),
        ("b", 201),
    ]


def test_too_many_pictures_are_refused_as_a_whole(call: Callers, settings: Any) -> None:
    settings.BULK_MAX_ENTRIES = 2
    entries = {f"{number}.png": GOOD for number in range(3)}
    assert code(send(call, ("parts.zip", zipped(entries)))) == (413, "too_many_entries")
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    "manifest",
    [
        b"serial\nS-1\n",
        b"name,colour\na.png,red\n",
        b"name,serial\na.png\n",
        b"name,serial\na.png,1,2\n",
        b"name\na.png\na.png\n",
        b"name,name\na.png,a.png\n",
        b"\xff\xfe",
        b'name\n"a.png\n',
    ],
)
def test_a_manifest_that_nobody_can_read_is_refused_as_a_whole(call: Callers, manifest: bytes) -> None:
    content = zipped({"a.png": GOOD, "manifest.csv": manifest})
    assert code(send(call, ("parts.zip", content))) == (422, "bad_manifest")
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("files", "more", "expected"),
    [
        ((), {}, "picture_missing"),
        ((("a.zip", b"PK\x03\x04 broken"),), {}, "not_a_zip"),
        ((("a.png", GOOD),), {"serial": "S-1"}, "unknown_field"),
    ],
)
def test_what_is_wrong_with_the_request_is_said(
    call: Callers, files: tuple[tuple[str, bytes], ...], more: dict[str, str], expected: str
) -> None:
    assert code(send(call, *files, **more)) == (422, expected)


def test_an_unknown_file_field_is_refused(call: Callers) -> None:
    assert code(send(call, ("a.png", GOOD), field="files")) == (422, "unknown_field")
