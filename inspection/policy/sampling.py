"""Chance that can be replayed: every draw is a hash of (purpose salt, item key). And how much is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inspection.policy.evalues import upper_limit
from inspection.vocabulary import AuditPlan

BUCKETS = 10_000
SLOT = timedelta(minutes=10)
LEAST_SHARE = 0.01
"""The blind share and the audit never fall below one part in a hundred: an AI that nobody judges unseen any more cannot
be seen to fail."""


@dataclass(frozen=True)
class Draw:
    """Outcome of one draw and the probability with which it could have come out true."""

    hit: bool
    probability: float


def bucket(*, salt: str, key: str) -> int:
    """Bucket 0..9999 of a key under one purpose's salt.

    SHA-256, because Python's own `hash()` changes with every process and `id % 20` ties a draw to the
    position of a part in its fixture.
    """
    return int.from_bytes(hashlib.sha256(f"{salt}:{key}".encode()).digest()[:8], "big") % BUCKETS


def draw(*, salt: str, key: str, share: float) -> Draw:
    """Draw a key with probability `share` (0..1, kept to a ten-thousandth)."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    wanted = round(share * BUCKETS)
    return Draw(hit=bucket(salt=salt, key=key) < wanted, probability=wanted / BUCKETS)


def slot(moment: datetime) -> str:
    """Ten-minute slot of a moment, as text; stands in for the lot where parts come without one."""
    minutes = int(SLOT.total_seconds() // 60)
    # In UTC, since one moment told in two zones would else be two slots.
    here = moment.astimezone(UTC)
    return here.replace(minute=here.minute - here.minute % minutes, second=0, microsecond=0).isoformat()


@dataclass(frozen=True)
class Worked:
    """When a verdict counts: the local day, and the shift by its own day and beginning (`2026-03-01/22:00`)."""

    day: date
    shift: str


def worked(moment: datetime, *, zone: str, begins: Sequence[str]) -> Worked:
    """Day and shift of a moment in a job's time zone and shift calendar.

    `begins` are local times, HH:MM, in order. What lies before the first of them belongs to the last shift of the day
    before; without any the shift is the day.
    """
    local = moment.astimezone(ZoneInfo(zone))
    earlier = [begin for begin in begins if time.fromisoformat(begin) <= local.time()]
    if not begins:
        return Worked(day=local.date(), shift=local.date().isoformat())
    if earlier:
        return Worked(day=local.date(), shift=f"{local.date().isoformat()}/{earlier[-1]}")
    return Worked(day=local.date(), shift=f"{(local.date() - timedelta(days=1)).isoformat()}/{begins[-1]}")


def shift_before(moment: datetime, *, zone: str, begins: Sequence[str]) -> tuple[datetime, datetime]:
    """Beginning and end of the last shift that was over at a moment."""
    local = moment.astimezone(ZoneInfo(zone))
    times = [time.fromisoformat(begin) for begin in begins] or [time()]
    days = [local.date() - timedelta(days=back) for back in range(3)]
    starts = sorted(datetime.combine(day, at, tzinfo=local.tzinfo) for day in days for at in times)
    over = [start for start in starts if start <= local]
    return over[-2], over[-1]


TIGHTENED_PARTS = 1_000
"""For how many parts the audit stays tightened after a promotion or a warning."""
CLEAN_LOTS = 10
WINDOW = 5
BAD_LOTS = 2
FACTOR = {AuditPlan.TIGHTENED: 4.0, AuditPlan.NORMAL: 1.0, AuditPlan.REDUCED: 0.4}
"""Of the job's audit share: 5 % by default, so 20 % and 2 %."""


@dataclass(frozen=True)
class Audit:
    """The audit plan in force and what it goes by.

    `left` is for how many more parts it stays tightened. `lots` are the latest lots with audits, oldest first, each
    with its errors; zero-acceptance: a lot with one error is a bad one.
    """

    plan: AuditPlan = AuditPlan.NORMAL
    left: float = 0.0
    lots: tuple[tuple[str, int], ...] = ()

    def share(self, normal: float) -> float:
        """The share of the AI's decisions that is audited at random: at most all of them, under no plan fewer than one
        in a hundred."""
        return min(1.0, max(LEAST_SHARE, FACTOR[self.plan] * max(LEAST_SHARE, normal)))

    def after(self, *, error: bool, lot: str, probability: float, k: int, n: int, bar: float, alpha: float) -> Audit:
        """The plan after one audit has been settled.

        One audit stands for 1/`probability` parts (Horvitz and Thompson 1952). `k` errors in `n` are what this epoch's
        audits have come to with it. The shape is that of the switching rules of ISO 2859-1: two bad lots in five
        tighten, ten clean ones with an upper limit of at most half the bar reduce, any error ends a reduction. As
        published those rules are `acceptance.Switching`.
        """
        lots = _noted(self.lots, lot, error)
        left = max(0.0, self.left - 1 / probability)
        if sum(errors > 0 for _, errors in lots[-WINDOW:]) >= BAD_LOTS:
            return Audit(plan=AuditPlan.TIGHTENED, left=TIGHTENED_PARTS, lots=lots)
        if self.plan == AuditPlan.TIGHTENED and left > 0:
            return replace(self, left=left, lots=lots)
        clean = len(lots) >= CLEAN_LOTS and not any(errors for _, errors in lots[-CLEAN_LOTS:])
        if clean and upper_limit(k, n, alpha) <= bar / 2:
            return Audit(plan=AuditPlan.REDUCED, lots=lots)
        return Audit(
            plan=AuditPlan.REDUCED if self.plan == AuditPlan.REDUCED and not error else AuditPlan.NORMAL, lots=lots
        )

    def tightened(self) -> Audit:
        """After a promotion or a warning. What the lots showed before counts no more."""
        return Audit(plan=AuditPlan.TIGHTENED, left=TIGHTENED_PARTS)

    def as_json(self) -> dict[str, Any]:
        return {"plan": self.plan.value, "left": self.left, "lots": [list(lot) for lot in self.lots]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Audit:
        if not data:
            return cls()
        lots = tuple((name, errors) for name, errors in data["lots"])
        return cls(plan=AuditPlan(data["plan"]), left=data["left"], lots=lots)


def _noted(lots: tuple[tuple[str, int], ...], lot: str, error: bool) -> tuple[tuple[str, int], ...]:
    """The latest lots with one more audit; a lot that comes again late stays in its place."""
    if any(name == lot for name, _ in lots):
        return tuple((name, errors + (error and name == lot)) for name, errors in lots)
    return (*lots, (lot, int(error)))[-CLEAN_LOTS:]
