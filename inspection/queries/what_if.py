"""A job's own history, tried under another setting: which parts speak, and what they say. It writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inspection.models import Evidence, Job, Routing
from inspection.policy.counting import lot_key
from inspection.policy.routing import LEVELS, Thresholds
from inspection.policy.weighting import Flags, Floats, weights
from inspection.policy.what_if import Figures, Seen, Setting, replay
from inspection.queries.epochs import bars_of
from inspection.refused import Refused
from inspection.vocabulary import UNBIASED, Drawn, Level, Verdict

LATEST = 20_000
"""More rows than these make the answer no better and the page slower."""
PERIOD = timedelta(days=30)
_COLUMNS = (
    *("id", "score", "reference", "labels", "drawn", "probability", "opinion", "lot_or_slot", "worked"),
    *("level", "verdict_given__seconds"),
)
Columns = dict[str, tuple[Any, ...]]
"""Each of `_COLUMNS` with its values, row by row."""


@dataclass(frozen=True)
class Basis:
    """What the answer rests on: the newest parts of the period that may speak, at most `LATEST`."""

    seen: Seen
    by_drawn: Mapping[Drawn, int]
    open: int
    """Without a verdict yet, or lost without one."""
    unsettled: int
    """On which people could not tell; left out of all errors."""
    cut: bool
    """Whether the period held more."""
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class WhatIf:
    """The same history under what is in force and under what is tried."""

    basis: Basis
    now: Figures
    then: Figures
    bar: float
    """On escapes."""

    @property
    def differs(self) -> bool:
        return self.now.setting != self.then.setting


def in_force(job: Job) -> Setting:
    """The setting that a job works under now; its audit as the plan in force has it."""
    rule = job.thresholds.rule if job.thresholds else Thresholds(accept_at=None, reject_at=None)
    return Setting(level=Level(job.level), thresholds=rule, shares=job.shares)


def period(job: Job, *, first: date | None, last: date | None, now: datetime) -> tuple[datetime, datetime | None]:
    """From and before which moment parts speak, by the time at which they count: both days by the job's clock, the
    last with it; `PERIOD` until now where none is named, or until its newest part where captured time counts. Raises
    `Refused` `bad_period` where the days stand the wrong way round."""
    if first is not None and last is not None and first > last:
        raise Refused("bad_period", "The first day lies at or before the last one.")
    until = None if last is None or last == date.max else _midnight(job, last + timedelta(days=1))
    if first is not None:
        return _midnight(job, first), until
    return (until or _newest(job) or now) - PERIOD, until


def _newest(job: Job) -> datetime | None:
    """The newest part where captured time counts: a replay may lie years back, and nothing of it in the last days."""
    if not job.captured_time:
        return None
    newest: datetime | None = _speaking(job).aggregate(newest=Max(_counts(job)))["newest"]
    return newest


def _midnight(job: Job, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(job.time_zone)).astimezone(UTC)


def what_if(job: Job, *, setting: Setting, since: datetime, until: datetime | None = None) -> WhatIf:
    """Replay the evidence that counts from `since` on and before `until`."""
    found, bar = basis(job, since=since, until=until, most=LATEST), bars_of(job).escape
    now = replay(found.seen, in_force(job), bar=bar)
    then = now if setting == now.setting else replay(found.seen, setting, bar=bar)
    return WhatIf(basis=found, now=now, then=then, bar=bar)


def basis(job: Job, *, since: datetime, until: datetime | None = None, most: int = LATEST) -> Basis:
    """What chance drew for the live model and people judged without a hint; two queries."""
    rows = _rows(job, since, until, most + 1)
    cut, rows = len(rows) > most, rows[:most]
    told: Columns = dict(zip(_COLUMNS, zip(*rows, strict=True) if rows else ((),) * len(_COLUMNS), strict=True))
    reference = np.array(told["reference"], dtype="U8")
    times = [seconds for seconds in told["verdict_given__seconds"] if seconds is not None]
    seen = Seen(
        score=np.array(told["score"], dtype=np.float64),
        weight=_weights(told),
        lots=np.unique([lot_key(lot) for lot in told["lot_or_slot"]], return_inverse=True)[1].astype(np.int64),
        bad=reference == Verdict.NG.value,
        good=reference == Verdict.OK.value,
        open=reference == "",
        classes=_classes(told["labels"]),
        shifts=len(set(told["worked"])),
        seconds=float(np.median(times)) if times else None,
    )
    first, last = _ends(job, told["id"])
    return Basis(
        seen=seen,
        by_drawn={Drawn(way): n for way, n in Counter(told["drawn"]).items()},
        open=int(np.count_nonzero(seen.open)),
        unsettled=int(np.count_nonzero(reference == Verdict.UNSURE.value)),
        cut=cut,
        first=first,
        last=last,
    )


def _speaking(job: Job) -> QuerySet[Evidence]:
    found = Evidence.objects.filter(job=job, model=job.champion_id, drawn__in=UNBIASED, hint_shown=False, undone=False)
    # No threshold makes an opinion of an answer that never came.
    return found.filter(score__isnull=False, repeated=False)


def _counts(job: Job) -> F | Coalesce:
    """The moment at which a piece of evidence counts: of the verdict, or of the capture where a job counts that.

    By the verdict alone a replay of two months, judged in an afternoon, spoke whole for that one day, and for none of
    its own.
    """
    return Coalesce("item__captured_at", "item__received_at") if job.captured_time else F("at")


def _rows(job: Job, since: datetime, until: datetime | None, most: int) -> list[tuple[Any, ...]]:
    """Newest first; each with the level under which it was drawn."""
    # By the key of its routing: an item keeps the level that it was routed with.
    level = Subquery(Routing.objects.filter(pk=OuterRef("draw")).values("level")[:1])
    found = _speaking(job).annotate(level=level, counts=_counts(job)).filter(counts__gte=since)
    if until is not None:
        found = found.filter(counts__lt=until)
    # As bare tuples and without their times: of twenty thousand, dictionaries and moments took half of a second.
    return list(found.order_by("-counts", "-id").values_list(*_COLUMNS)[:most])


def _ends(job: Job, keys: Sequence[int]) -> tuple[datetime | None, datetime | None]:
    """When the first and the last of these count; keys come newest first."""
    if not keys:
        return None, None
    found = _speaking(job).filter(pk__in=(keys[0], keys[-1])).annotate(counts=_counts(job))
    counts = dict(found.values_list("pk", "counts"))
    return counts[keys[-1]], counts[keys[0]]


def _weights(told: Columns) -> Floats:
    drawn = np.array(told["drawn"], dtype="U16")
    was_decided = [
        bool(level) and opinion in LEVELS[level].ai_decides
        for level, opinion in zip(told["level"], told["opinion"], strict=True)
    ]
    return weights(
        blind=drawn == Drawn.BLIND.value,
        audit=drawn == Drawn.AUDIT_RANDOM.value,
        # Had the blind share not drawn them first.
        decided=np.array(was_decided, dtype=bool),
        probability=np.array(told["probability"], dtype=np.float64),
    )


def _classes(labels: Sequence[Sequence[str]]) -> dict[str, Flags]:
    names = sorted({name for row in labels for name in row})
    return {name: np.array([name in row for row in labels], dtype=bool) for name in names}
