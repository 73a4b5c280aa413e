from __future__ import annotations

import io
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from inspection.journey.intake import LONGEST, Incoming, TakenIn, intake
from inspection.models import Item, Job, Picture, Refusal
from inspection.refused import Kind, Refused
from inspection.vocabulary import Level, Source, State
from tests.factories import Cast, job, picture
from tests.stage import results, together

ONE, OTHER = picture(1), picture(2)


@pytest.fixture
def covers(cast: Cast) -> Job:
    return job(cast, level=Level.SHADOW)


def take(covers: Job, data: bytes = ONE, **said: Any) -> TakenIn:
    return intake(
        job=covers, incoming=Incoming(data=data, **said), source=Source.API, by=covers.created_by, now=timezone.now()
    )


def refused(covers: Job, data: bytes = ONE, **said: Any) -> Refused:
    with pytest.raises(Refused) as no:
        take(covers, data, **said)
    return no.value


def with_comment(data: bytes, comment: str) -> bytes:
    """The same pixels in a file with other metadata."""
    out, info = io.BytesIO(), Image.Exif()
    info[0x010E] = comment
    Image.open(io.BytesIO(data)).save(out, "PNG", exif=info)
    return out.getvalue()


def stored_files() -> set[str]:
    return {path.name for path in Path(settings.PICTURES).rglob("*") if path.is_file()}


def test_a_part_becomes_an_item_with_all_that_was_said(covers: Job, cast: Cast) -> None:
    captured = timezone.now() - timedelta(hours=1)
    said: dict[str, Any] = {"lot": "L1", "station": "S1", "shift": "early", "metadata": {"gain": 2}}
    taken = take(covers, serial="A-1", captured_at=captured, **said)
    item = Item.objects.get()
    assert (taken.created, taken.item, item.state, item.level) == (True, item, State.RECEIVED, Level.SHADOW)
    assert (item.serial, item.pass_number, item.captured_at) == ("A-1", 1, captured)
    assert {name: getattr(item, name) for name in said} == said
    assert (item.received_by, item.source, item.duplicate_of, item.attempts) == (cast.admin, Source.API, None, 0)


def test_the_picture_lies_under_its_digest_with_what_was_measured(covers: Job) -> None:
    row = take(covers).item.picture
    assert row.name == f"{row.digest[:2]}/{row.digest}.png"
    with default_storage.open(row.name) as file:
        assert file.read() == ONE
    assert (row.format, row.size, row.width, row.height) == ("PNG", len(ONE), 48, 48)
    assert set(row.facts) == {"width", "height", "brightness", "contrast", "sharpness", "clipped"}


def test_the_same_serial_and_picture_is_the_same_item(covers: Job) -> None:
    first = take(covers, serial="A-1")
    assert take(covers, serial="A-1") == TakenIn(item=first.item, created=False)
    assert Item.objects.count() == 1


def test_other_metadata_round_the_same_pixels_is_the_same_item(covers: Job) -> None:
    first = take(covers, with_comment(ONE, "gain 1"), serial="A-1")
    again = take(covers, with_comment(ONE, "gain 2"), serial="A-1")
    assert (again.item, again.created) == (first.item, False)


def test_a_known_serial_with_another_picture_is_a_conflict_that_names_the_item(covers: Job) -> None:
    first = take(covers, serial="A-1")
    no = refused(covers, OTHER, serial="A-1")
    assert (no.code, no.kind, no.extra) == ("serial_known", Kind.CONFLICT, {"item": first.item})
    assert Refusal.objects.get().item == first.item


def test_again_opens_the_next_pass(covers: Job) -> None:
    take(covers, serial="A-1")
    taken = take(covers, OTHER, serial="A-1", again=True)
    assert (taken.created, taken.item.pass_number) == (True, 2)


def test_again_with_a_picture_that_is_known_is_that_pass(covers: Job) -> None:
    take(covers, serial="A-1")
    second = take(covers, OTHER, serial="A-1", again=True)
    assert take(covers, OTHER, serial="A-1", again=True) == TakenIn(item=second.item, created=False)


def test_the_picture_of_an_earlier_pass_is_that_pass(covers: Job) -> None:
    first = take(covers, serial="A-1")
    take(covers, OTHER, serial="A-1", again=True)
    assert take(covers, serial="A-1") == TakenIn(item=first.item, created=False)


def test_a_conflict_names_the_newest_pass(covers: Job) -> None:
    take(covers, serial="A-1")
    second = take(covers, OTHER, serial="A-1", again=True)
    assert refused(covers, picture(3), serial="A-1").extra == {"item": second.item}


def test_the_same_picture_under_another_serial_is_marked_a_duplicate_of_the_first(covers: Job) -> None:
    first, second, third = (take(covers, serial=serial).item for serial in ("A-1", "A-2", "A-3"))
    assert [first.duplicate_of, second.duplicate_of, third.duplicate_of] == [None, first, first]
    assert Picture.objects.count() == 1


def test_another_job_knows_nothing_of_this_ones_serials_and_pictures(covers: Job, cast: Cast) -> None:
    take(covers, serial="A-1")
    taken = take(job(cast, slug="plates"), serial="A-1")
    assert (taken.created, taken.item.duplicate_of) == (True, None)


def test_without_a_serial_the_bytes_received_say_which_part_it_is(covers: Job) -> None:
    first = take(covers)
    assert take(covers) == TakenIn(item=first.item, created=False)
    assert take(covers, OTHER).created


def test_without_a_serial_another_key_is_another_part(covers: Job) -> None:
    first = take(covers, idempotency_key="k1").item
    second = take(covers, idempotency_key="k2").item
    assert second.serial != first.serial
    assert second.duplicate_of == first


def test_the_same_key_is_the_same_item(covers: Job) -> None:
    first = take(covers, idempotency_key="k1")
    assert take(covers, idempotency_key="k1") == TakenIn(item=first.item, created=False)


@pytest.mark.parametrize("change", [{"data": OTHER}, {"serial": "A-2"}, {"data": OTHER, "again": True}])
def test_a_key_that_came_with_another_part_is_a_conflict(covers: Job, change: dict[str, Any]) -> None:
    first = take(covers, serial="A-1", idempotency_key="k1")
    no = refused(covers, **{"serial": "A-1", "idempotency_key": "k1"} | change)
    assert (no.code, no.kind, no.extra) == ("idempotency_key_reused", Kind.CONFLICT, {"item": first.item})


def test_a_key_belongs_to_its_job(covers: Job, cast: Cast) -> None:
    take(covers, idempotency_key="k1")
    assert take(job(cast, slug="plates"), OTHER, idempotency_key="k1").created


LONE_SURROGATE = "\ud800"
REFUSED = [
    ({"data": b""}, "empty_file"),
    ({"data": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "name": "part.png"}, "not_a_picture"),
    ({"data": ONE[:300]}, "truncated"),
    ({"serial": "A\x001"}, "bad_serial"),
    ({"serial": "A\n1"}, "bad_serial"),
    ({"serial": "A\u20281"}, "bad_serial"),
    ({"serial": LONE_SURROGATE}, "bad_serial"),
    ({"serial": "A\u202e1"}, "bad_serial"),
    ({"serial": "\u200b"}, "bad_serial"),
    ({"serial": "  "}, "bad_serial"),
    ({"lot": " "}, "bad_lot"),
    *[({name: "x" * (longest + 1)}, f"bad_{name}") for name, longest in LONGEST.items()],
    ({"captured_at": "in 11 minutes"}, "captured_in_future"),
    ({"metadata": {"note": "a\x00b"}}, "bad_metadata"),
    ({"metadata": {"note": LONE_SURROGATE}}, "bad_metadata"),
    ({"metadata": {"gain": float("nan")}}, "bad_metadata"),
    ({"metadata": {"log": "x" * 70_000}}, "bad_metadata"),
]


@pytest.mark.parametrize(("said", "code"), REFUSED, ids=[f"{code}-{at}" for at, (_, code) in enumerate(REFUSED)])
def test_what_cannot_be_taken_in_leaves_nothing_but_its_refusal(covers: Job, said: dict[str, Any], code: str) -> None:
    before = stored_files()
    said = {"data": picture(77), **said}
    if "captured_at" in said:
        said["captured_at"] = timezone.now() + timedelta(minutes=11)
    assert refused(covers, **said).code == code
    assert [*Refusal.objects.values_list("code", "size", "job")] == [(code, len(said["data"]), covers.pk)]
    assert (Item.objects.count(), Picture.objects.count(), stored_files()) == (0, 0, before)


@pytest.mark.parametrize(("limit", "code"), [("BYTES", "too_large"), ("PIXELS", "too_many_pixels")])
def test_too_much_is_refused_as_too_large(covers: Job, settings: Settings, limit: str, code: str) -> None:
    setattr(settings, f"PICTURE_MAX_{limit}", 1000)
    no = refused(covers)
    assert (no.code, no.kind) == (code, Kind.TOO_LARGE)


def test_a_clock_that_runs_ten_minutes_ahead_is_believed(covers: Job) -> None:
    assert take(covers, captured_at=timezone.now() + timedelta(minutes=9, seconds=59)).created


def test_an_animation_is_taken_by_its_first_frame_only_where_the_job_says_so(covers: Job) -> None:
    frames = [Image.open(io.BytesIO(picture(seed))).convert("P") for seed in (1, 2)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert refused(covers, out.getvalue()).code == "animated"
    covers.animations = True
    assert take(covers, out.getvalue()).created


def test_a_refusal_keeps_the_name_of_the_file_without_its_tricks(covers: Job, cast: Cast) -> None:
    refused(covers, b"no picture", name="a\x1b[31m\x00.png" + "x" * 300)
    kept = Refusal.objects.get()
    assert (kept.name[:8], len(kept.name), kept.by) == ("a?[31m?.", 200, cast.admin)


def test_the_file_is_on_disk_before_the_row_is_written(covers: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bool, int]] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        really(handle)
        synced.append((Path(f"/proc/self/fd/{handle}").resolve().is_dir(), Picture.objects.count()))

    monkeypatch.setattr(os, "fsync", fsync)
    take(covers, picture(4711))
    assert synced == [(False, 0), (True, 0)]


@pytest.mark.django_db(transaction=True)
def test_one_part_that_comes_eight_times_at_once_is_one_item(covers: Job) -> None:
    taken = results(together([partial(take, covers, serial="A-1")] * 8))
    assert sorted(one.created for one in taken) == [False] * 7 + [True]
    assert {one.item.pk for one in taken} == {Item.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_of_eight_pictures_for_one_serial_at_once_one_is_taken(covers: Job) -> None:
    futures = together([partial(take, covers, picture(seed), serial="A-1") for seed in range(8)])
    noes = [future.exception() for future in futures if future.exception()]
    assert [no.code for no in noes if isinstance(no, Refused)] == ["serial_known"] * 7
    assert (Item.objects.get().pass_number, Refusal.objects.count()) == (1, 7)


@pytest.mark.django_db(transaction=True)
def test_eight_new_passes_at_once_are_eight_passes(covers: Job) -> None:
    taken = results(together([partial(take, covers, picture(seed), serial="A-1", again=True) for seed in range(8)]))
    assert all(one.created for one in taken)
    assert sorted(Item.objects.values_list("pass_number", flat=True)) == [*range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_one_key_with_eight_parts_at_once_is_one_item(covers: Job) -> None:
    calls = [partial(take, covers, picture(seed), serial=f"A-{seed}", idempotency_key="k1") for seed in range(8)]
    noes = [future.exception() for future in together(calls) if future.exception()]
    assert [no.code for no in noes if isinstance(no, Refused)] == ["idempotency_key_reused"] * 7
    assert Item.objects.count() == 1
