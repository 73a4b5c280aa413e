"""A site goes into one file while it works, and comes back from it whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from inspection.acts.backup import Made, backup
from inspection.acts.restore import Restored, restore
from inspection.models import Decision, Item, Job, ModelVersion, Person, Picture
from inspection.policy import archive as rules
from inspection.queries import stored
from inspection.refused import Refused
from inspection.vocabulary import Level
from tests import factories
from tests.factories import Cast
from tests.provisions.server import wait_until
from tests.stage import results, together

pytestmark = pytest.mark.django_db(transaction=True)

Change = Callable[[dict[str, bytes], rules.Manifest], rules.Manifest]


@pytest.fixture
def site(cast: Cast) -> Job:
    """A job with a model, one part decided by a person and one that waits."""
    job = factories.job(cast, level=Level.ASSISTANCE)
    item = factories.item(job, score=0.5, serial="A1")
    factories.answer(factories.claim_one(job, cast.inspector))
    factories.item(job, score=0.5, serial="A2")
    assert Item.objects.get(pk=item.pk).decision is not None
    return job


def make(archive: Path) -> Made:
    return backup(archive=archive, now=timezone.now(), say=lambda *_: None)


def bring_back(archive: Path, *, over: bool = True) -> Restored:
    return restore(archive=archive, replace=over, say=lambda *_: None)


def rows() -> dict[str, list[Any]]:
    """Everything in every table."""
    models = sorted(stored.models(), key=lambda model: model._meta.db_table)
    return {model._meta.db_table: sorted(map(str, model._default_manager.values())) for model in models}


def files() -> dict[str, str]:
    """What pictures and bundles there are, with a digest of each."""
    found = [file for root in (settings.PICTURES, settings.BUNDLES) for file in root.rglob("*") if file.is_file()]
    named = {*Picture.objects.values_list("digest", flat=True), *ModelVersion.objects.values_list("digest", flat=True)}
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in found
        if any(name in str(file) for name in named)
    }


def lose_everything() -> None:
    for name in Picture.objects.values_list("name", flat=True):
        default_storage.delete(name)
    for digest in ModelVersion.objects.values_list("digest", flat=True):
        shutil.rmtree(settings.BUNDLES / digest)
    call_command("flush", verbosity=0, interactive=False)


def rewrite(archive: Path, change: Change) -> Path:
    """The same archive with other contents, its manifest rewritten so that every digest is right again."""
    with tarfile.open(archive) as tar:
        held = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    manifest = rules.from_bytes(held.pop(rules.MANIFEST))
    assert manifest is not None
    manifest = change(held, manifest)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
    held[rules.MANIFEST] = rules.to_bytes(replace(manifest, members=digests))
    with tarfile.open(archive, "w") as tar:
        for name, data in held.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return archive


def refusal(archive: Path, *, over: bool = True) -> str:
    before = rows(), files()
    with pytest.raises(Refused) as refused:
        bring_back(archive, over=over)
    assert (rows(), files()) == before
    return refused.value.code


def test_what_was_lost_comes_back_row_for_row_and_byte_for_byte(site: Job, tmp_path: Path) -> None:
    before = rows(), files()
    make(tmp_path / "site.tar")
    lose_everything()
    assert bring_back(tmp_path / "site.tar", over=False).lost == ()
    assert (rows(), files()) == before


def test_a_restored_site_works_on(site: Job, cast: Cast, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    lose_everything()
    bring_back(tmp_path / "site.tar")
    factories.answer(factories.claim_one(site, cast.inspector2))
    factories.item(site, score=0.5, serial="A3")
    assert Decision.objects.count() == 2


def test_a_site_in_use_is_given_up_only_when_that_is_said(site: Job, cast: Cast, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    factories.item(site, serial="later")
    assert refusal(tmp_path / "site.tar", over=False) == "site_not_empty"


def test_what_only_the_given_up_site_had_goes_with_it(site: Job, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    name = factories.item(site, serial="later").picture.name
    bring_back(tmp_path / "site.tar")
    assert not default_storage.exists(name)
    assert set(Item.objects.values_list("serial", flat=True)) == {"A1", "A2"}


def test_a_picture_that_was_damaged_here_is_whole_again(site: Job, tmp_path: Path) -> None:
    before = files()
    make(tmp_path / "site.tar")
    path = Path(default_storage.path(Picture.objects.earliest("pk").name))
    path.write_bytes(b"a disk that forgets")
    bring_back(tmp_path / "site.tar")
    assert files() == before


@pytest.mark.parametrize("where", [0.3, 0.6, 0.9])
def test_an_archive_with_one_flipped_bit_changes_nothing(site: Job, tmp_path: Path, where: float) -> None:
    make(tmp_path / "site.tar")
    with tarfile.open(tmp_path / "site.tar") as tar:
        held = [member for member in tar if member.size]
    member = held[int(where * (len(held) - 1))]
    data = bytearray((tmp_path / "site.tar").read_bytes())
    data[member.offset_data + member.size // 2] ^= 1
    (tmp_path / "site.tar").write_bytes(data)
    assert refusal(tmp_path / "site.tar") == "archive_damaged"


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_an_archive_that_was_cut_short_changes_nothing(site: Job, tmp_path: Path, share: float) -> None:
    make(tmp_path / "site.tar")
    with tarfile.open(tmp_path / "site.tar") as tar:
        last = tar.getmember(rules.MANIFEST).offset_data
    data = (tmp_path / "site.tar").read_bytes()
    (tmp_path / "site.tar").write_bytes(data[: int(last * share)])
    assert refusal(tmp_path / "site.tar") in {"archive_damaged", "not_an_archive"}


def spoil_tables(held: dict[str, bytes], manifest: rules.Manifest) -> rules.Manifest:
    last = max(name for name in held if name.startswith("database/"))
    held[last] = b"these are no rows of any table\n" * 200
    return manifest


def empty_tables(held: dict[str, bytes], manifest: rules.Manifest) -> rules.Manifest:
    """To SQLite an empty file is a good database without tables."""
    for name in [name for name in held if name.startswith("database/")]:
        del held[name]
    held[f"database/{rules.SQLITE}"] = b""
    return replace(manifest, tables={})


def climb_out(held: dict[str, bytes], manifest: rules.Manifest) -> rules.Manifest:
    held["files/pictures/../../elsewhere"] = b"slipped"
    return manifest


CHANGES: dict[str, tuple[Change, str]] = {
    "its tables are no tables": (spoil_tables, "archive_damaged"),
    "it has no tables at all": (empty_tables, "archive_damaged"),
    "a member climbs out of the data folder": (climb_out, "archive_damaged"),
    "its format is of tomorrow": (lambda _held, manifest: replace(manifest, format=2), "unknown_format"),
    "its tables are of tomorrow": (
        lambda _held, manifest: replace(manifest, migrations=[*manifest.migrations, "inspection.0099_more"]),
        "other_version",
    ),
    "it comes from another database": (lambda _held, manifest: replace(manifest, engine="other"), "other_database"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_an_archive_is_refused_and_nothing_changed_when(site: Job, tmp_path: Path, case: str) -> None:
    change, code = CHANGES[case]
    make(tmp_path / "site.tar")
    assert refusal(rewrite(tmp_path / "site.tar", change)) == code


def test_when_the_files_cannot_be_put_in_place_the_rows_stay(site: Job, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    factories.item(site, serial="later")
    path = Path(default_storage.path(Picture.objects.earliest("pk").name))
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    before = rows()
    with pytest.raises(OSError, match="directory"):
        bring_back(tmp_path / "site.tar")
    assert rows() == before


def test_a_picture_that_is_gone_already_is_named_and_the_rest_is_kept(site: Job, tmp_path: Path) -> None:
    picture = Picture.objects.earliest("pk")
    default_storage.delete(picture.name)
    made = make(tmp_path / "site.tar")
    assert made.lost == (f"files/pictures/{picture.name}",)
    assert bring_back(tmp_path / "site.tar").lost == made.lost


def test_a_damaged_picture_does_not_pass_for_a_good_one(site: Job, tmp_path: Path) -> None:
    picture = Picture.objects.earliest("pk")
    Path(default_storage.path(picture.name)).write_bytes(b"a disk that forgets")
    assert make(tmp_path / "site.tar").lost == (f"files/pictures/{picture.name}",)


def test_while_parts_come_in_every_row_of_the_archive_has_its_picture(site: Job, tmp_path: Path) -> None:
    enough, made = threading.Event(), list[Made]()

    def work() -> None:
        for number in range(500):
            if not enough.is_set():
                factories.take_in(site, serial=f"B{number}")

    def save() -> None:
        try:
            made.extend(make(tmp_path / f"{number}.tar") for number in range(3))
        finally:
            enough.set()

    results(together([work, save]))
    assert [each.lost for each in made] == [(), (), ()]
    assert made[2].files > made[0].files
    for number in range(3):
        bring_back(tmp_path / f"{number}.tar")
        assert all(map(default_storage.exists, Picture.objects.values_list("name", flat=True)))
        assert Item.objects.count() == Picture.objects.count()


def test_what_comes_in_while_tables_are_copied_is_in_none_of_them(site: Job, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Here the copy has begun and must wait, with most of the tables still before it.
                cursor.execute(f"LOCK TABLE {next(iter(stored.columns()))} IN ACCESS EXCLUSIVE MODE")
            saving = pool.submit(elsewhere, lambda: make(tmp_path / "site.tar"))
            wait_until(lambda: saving.done() or waits_for_a_lock())
            factories.take_in(site, serial="between")
        saving.result()
    bring_back(tmp_path / "site.tar")
    assert set(Item.objects.values_list("serial", flat=True)) == {"A1", "A2"}


def elsewhere(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def waits_for_a_lock() -> bool:
    if connection.vendor != "postgresql":
        return False
    return bool(stored.ask_here("SELECT 1 FROM pg_locks WHERE NOT granted"))


def test_the_archive_is_for_its_owner_alone(site: Job, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    assert (tmp_path / "site.tar").stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_written_nothing_is_left_behind(site: Job, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        make(tmp_path / "nowhere" / "site.tar")
    assert [path for path in settings.DATA.iterdir() if path.name.startswith(".backup")] == []


def test_rows_made_after_a_restore_get_numbers_of_their_own(site: Job, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    lose_everything()
    bring_back(tmp_path / "site.tar")
    highest = Person.objects.latest("pk").pk
    assert factories.person("newcomer").pk > highest


def test_the_manifest_says_what_and_when(site: Job, tmp_path: Path) -> None:
    make(tmp_path / "site.tar")
    with tarfile.open(tmp_path / "site.tar") as tar:
        told = json.loads(tar.extractfile(rules.MANIFEST).read())  # type: ignore[union-attr]
    assert (told["format"], told["engine"], told["lost"]) == (1, connection.vendor, [])
    assert told["migrations"] == list(stored.stored(stored.ask_here).migrations)
