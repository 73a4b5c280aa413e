"""What lists cost with a million parts, against the same lists with ten thousand."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.acts.create_person import create_person
from inspection.acts.summarise import summarise
from inspection.models import Epoch, Item, ModelVersion, Person, Picture, Release
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import Gate, Level

SMALL, LARGE = 10_000, 1_000_000
AT_MOST = 2.0
ROUNDS, WARM, CALLS = 3, 1, 5
"""Measured in turns, and the median taken: other work on the machine then weighs on both alike."""
EVERY_SECONDS = 10
"""A part comes in this often."""
TABLES = (
    *("inspection_item", "inspection_routing", "inspection_prediction", "inspection_decision", "inspection_review"),
    *("inspection_evidence", "inspection_ledgerentry"),
)
COUNTED_AT_ONCE = 20_000
"""Nobody else writes here, so that the sweeper's own short transactions would only take longer."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class List:
    """One list at both sizes: queries, and milliseconds in the server without the browser."""

    queries: tuple[int, int]
    ms: tuple[float, float]

    @property
    def ratio(self) -> float:
        return self.ms[1] / self.ms[0]

    @property
    def holds(self) -> bool:
        return self.queries[1] <= self.queries[0] and self.ratio <= AT_MOST


def measure(*, size: int, say: Say) -> dict[str, List]:
    """Build both sites below the data folder and ask each for every list, in turns."""
    person = _site()
    small, large = (_copy(f"{parts}.sqlite3") for parts in (SMALL, size))
    for path, parts in ((small, SMALL), (large, size)):
        begun = time.perf_counter()
        _fill(path, parts)
        _count(path)
        say(f"{parts:,} parts in {time.perf_counter() - begun:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
    return {name: _in_turns(address, (small, large), person) for name, address in LISTS.items()}


LISTS: dict[str, str] = {
    "API list": "/api/v1/jobs/lists/items/",
    "API list, one lot": "/api/v1/jobs/lists/items/?lot=L100",
    "API list, one serial": "/api/v1/jobs/lists/items/?serial=S00004321",
    "API list, decided": "/api/v1/jobs/lists/items/?state=decided",
    "API list, on hold": "/api/v1/jobs/lists/items/?state=held",
    "API list, NG": "/api/v1/jobs/lists/items/?verdict=NG",
    "list of the job page": "/jobs/lists/items/",
    "job page": "/jobs/lists/",
    "browse": "/jobs/lists/parts/",
    "browse, half way down": "/jobs/lists/parts/?older={middle}",
    "browse, one serial": "/jobs/lists/parts/?serial=S00004321",
    "browse, beginning of all serials": "/jobs/lists/parts/?serial=S0",
    "browse, one lot": "/jobs/lists/parts/?lot=L100",
    "browse, on hold": "/jobs/lists/parts/?state=held",
    "browse, NG of a label": "/jobs/lists/parts/?verdict=NG&label=scratch",
    "browse, band of scores": "/jobs/lists/parts/?score_from=0.4&score_to=0.5",
    "browse, AI and people differ": "/jobs/lists/parts/?differs=1",
    "browse, nothing fits": "/jobs/lists/parts/?shift=never",
    "agreement": "/jobs/lists/agreement/",
    "agreement, one lot": "/jobs/lists/agreement/?lot=L100",
    "agreement, one station": "/jobs/lists/agreement/?station=S1",
    "differences": "/jobs/lists/agreement/differences/",
    "API agreement": "/api/v1/jobs/lists/agreement/",
}


def _site() -> Person:
    """An empty site with a job, a model and a picture for all parts; its admin asks for the lists."""
    admin = create_person(username="lists", password="bench", weak=True)  # noqa: S106  lives for minutes
    job = create_job(
        new=NewJob(
            slug="lists",
            name="Lists",
            labels=(NewLabel("scratch", "Scratch"), NewLabel("dent", "Dent")),
            level=Level.FULL,
            gate=Gate.ADVISORY,
            policy=JobPolicy(accept_at=0.2, reject_at=0.8),
        ),
        by=admin,
        now=timezone.now(),
    )
    job.champion = ModelVersion.objects.create(job=job, digest="0" * 64, name="none", kind="constant", labels=[])
    job.save(update_fields=["champion"])
    Release.objects.create(job=job, model=job.champion)
    then = timezone.now()
    versions = {"threshold_version": 1, "bars_version": 1, "number": 1, "label_set_version": 1}
    moments = dict.fromkeys(("opened_at", "last_at", "counting_since"), then)
    Epoch.objects.create(job=job, fingerprint="0" * 64, model=job.champion, bars={}, **versions, **moments)
    Picture.objects.create(digest="0" * 64, name="none.png", format="PNG", size=1, width=1, height=1, facts={})
    return admin


def _copy(name: str) -> Path:
    """Another copy of the empty site's database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = Path(settings.DATA) / name
    shutil.copyfile(Path(settings.DATA) / "sightline.sqlite3", path)
    return path


def _fill(path: Path, parts: int) -> None:
    """All rows by plain statements, and the indexes afterwards: through the steps a million parts take a day."""
    begun = (timezone.now() - timedelta(seconds=EVERY_SECONDS * parts)).timestamp()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            database.execute(f"PRAGMA {pragma}")
        indexes = list(_indexes(database))
        for name, _ in indexes:
            database.execute(f'DROP INDEX "{name}"')
        database.execute("BEGIN")
        for statement in (_ITEMS, _PREDICTIONS, _ROUTINGS, _DECISIONS, _REVIEWS, _EVIDENCE, _LEDGER):
            database.execute(statement, {"parts": parts, "begun": begun, "every": EVERY_SECONDS})
        database.execute("COMMIT")
        for _, statement in indexes:
            database.execute(statement)


def _count(path: Path) -> None:
    """Let the product itself bring its counts up to date, as the sweeper does while parts come in."""
    _open(path)
    while summarise(now=timezone.now(), least=1, most=COUNTED_AT_ONCE):
        pass


def _indexes(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    marks = ", ".join("?" * len(TABLES))
    yield from database.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608
        TABLES,
    )


# One part in ten is NG, one in three was decided by a person, one in 150 is on hold; the last twenty wait. Row
# ids run from 1 in all tables, so that rows of one part find one another.
_ITEMS = """
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE n + 1 < :parts)
INSERT INTO inspection_item (rowid, id, serial, pass_number, received_digest, idempotency_key, lot, station, shift,
    received_at, metadata, source, state, level, attempts, decision_id, job_id, picture_id)
SELECT n + 1, lower(hex(randomblob(16))), printf('S%08d', n), 1, printf('%064d', n), '', 'L' || (n / 60),
    'S' || (n % 4), CASE n % 2 WHEN 0 THEN 'early' ELSE 'late' END,
    strftime('%Y-%m-%d %H:%M:%f', :begun + n * :every, 'unixepoch') || '000', '{}', 'api',
    CASE WHEN n >= :parts - 20 THEN 'waiting' WHEN n % 150 = 7 THEN 'held' ELSE 'decided' END, 'full', 1,
    CASE WHEN n < :parts - 20 THEN n + 1 END, (SELECT id FROM inspection_job), (SELECT id FROM inspection_picture)
FROM part
"""
_PREDICTIONS = """
INSERT INTO inspection_prediction (id, role, score, opinion, labels, nearest, reason, fault, fingerprint, steps_ms, at,
    item_id, model_id, thresholds_id)
SELECT rowid, 'champion', score, CASE WHEN score <= 0.2 THEN 'OK' WHEN score >= 0.8 THEN 'NG' ELSE 'UNSURE' END,
    '{}', '[]', '', '', '', '{}', received_at, id, (SELECT id FROM inspection_modelversion),
    (SELECT id FROM inspection_thresholdset)
FROM (SELECT rowid, id, received_at, (rowid * 7919 % 1000) / 1000.0 AS score FROM inspection_item)
"""
_ROUTINGS = """
INSERT INTO inspection_routing (id, level, by, verdict, reason, drawn, probability, hint, commit_first, audited, at,
    item_id, prediction_id, thresholds_id)
SELECT rowid, 'full', CASE rowid % 3 WHEN 0 THEN 'person' ELSE 'ai' END, '', 'ai_sure', '', 1.0, 'none', 1, 0,
    received_at, id, rowid, (SELECT id FROM inspection_thresholdset)
FROM inspection_item
"""
_DECISIONS = """
INSERT INTO inspection_decision (id, verdict, labels, by, level, code_version, at, item_id, job_id, model_id,
    routing_id, thresholds_id, undone, person_id)
SELECT rowid, CASE WHEN state = 'held' THEN 'UNSURE' WHEN rowid % 10 = 0 THEN 'NG' ELSE 'OK' END,
    CASE rowid % 10 WHEN 0 THEN '["scratch"]' ELSE '[]' END,
    CASE rowid % 3 WHEN 0 THEN 'person' ELSE 'ai' END, 'full', '', received_at, id, job_id,
    (SELECT id FROM inspection_modelversion), rowid, (SELECT id FROM inspection_thresholdset), 0,
    CASE rowid % 3 WHEN 0 THEN (SELECT id FROM inspection_person) END
FROM inspection_item WHERE decision_id IS NOT NULL
"""
_REVIEWS = """
INSERT INTO inspection_review (id, state, created_at, item_id, job_id, routing_id, look, note, probability)
SELECT lower(hex(randomblob(16))), 'open', received_at, id, job_id, rowid, 'first', '', 1.0
FROM inspection_item WHERE decision_id IS NULL
"""
# What people judged is evidence; one in nine was drawn for the blind share, one in nine by the random audit.
_EVIDENCE = """
INSERT INTO inspection_evidence (id, role, fingerprint, lot_or_slot, shift, opinion, score, drawn, probability,
    drawn_at, hint_shown, verdict, final_verdict, reference, at, person_id, item_id, job_id, model_id, prediction_id,
    reference_at, settled_by, undone, day, draw, labels, watched, worked, epoch_id)
SELECT d.id, 'champion', '', i.lot, i.shift, p.opinion, p.score,
    CASE d.id % 9 WHEN 0 THEN 'blind' WHEN 3 THEN 'audit_random' ELSE 'routed' END,
    CASE d.id % 9 WHEN 0 THEN 0.1 WHEN 3 THEN 0.05 ELSE 1.0 END, d.at, 0, d.verdict, d.verdict,
    CASE WHEN d.verdict = 'UNSURE' OR d.id % 50 = 0 THEN '' ELSE d.verdict END, d.at, d.person_id, i.id, d.job_id,
    d.model_id, p.id, d.at, CASE d.id % 5 WHEN 0 THEN 'second_look' ELSE 'agreement' END, 0, date(d.at), d.routing_id,
    CASE d.verdict WHEN 'NG' THEN d.labels ELSE '[]' END, 1, '', (SELECT id FROM inspection_epoch)
FROM inspection_decision d JOIN inspection_item i ON i.rowid = d.id JOIN inspection_prediction p ON p.id = d.id
WHERE d."by" = 'person'
"""
_LEDGER = """
INSERT INTO inspection_ledgerentry (level, reference, labels, left_out, alarms, at, epoch_id, evidence_id, job_id,
    in_force)
SELECT 'full', reference, labels, 0, '[]', at, epoch_id, id, job_id, 1 FROM inspection_evidence ORDER BY id
"""


def _in_turns(address: str, paths: tuple[Path, Path], person: Person) -> List:
    spent: tuple[list[float], list[float]] = ([], [])
    queries: tuple[list[int], list[int]] = ([], [])
    for _ in range(ROUNDS):
        for place, path in enumerate(paths):
            client, whole = _browser(path, person), address.format(middle=_middle() if "{" in address else "")
            for _ in range(WARM):
                _seconds(client, whole)
            with CaptureQueriesContext(connection) as asked:
                _seconds(client, whole)
            queries[place].append(len(asked))
            spent[place].extend(_seconds(client, whole) for _ in range(CALLS))
    small, large = (round(1000 * statistics.median(each), 1) for each in spent)
    # The least of the rounds: every few seconds a page looks at the health of the system as well.
    return List(queries=(min(queries[0]), min(queries[1])), ms=(small, large))


def _browser(path: Path, person: Person) -> Client:
    """A logged-in browser at the site whose database is this file."""
    _open(path)
    client = Client()
    client.force_login(person)
    return client


def _open(path: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(path)


def _middle() -> str:
    there = Item.objects.order_by("-received_at")
    return str(there[there.count() // 2].pk)


def _seconds(client: Client, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    assert answer.content
    return time.perf_counter() - begun
