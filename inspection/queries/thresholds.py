"""What a job's own evidence says of the threshold below which the AI may pass parts by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from inspection.models import Evidence, Job
from inspection.policy.bars import Bars, alpha_after
from inspection.policy.counting import PER_LOT, POOLED, lot_key
from inspection.policy.threshold_words import useful
from inspection.policy.thresholds import Choice, Point, choose, is_locked
from inspection.queries.epochs import bars_of
from inspection.queries.readiness import counted_now, would_keep
from inspection.queries.standing import undecided
from inspection.vocabulary import Level, Verdict

LATEST = 20_000


@dataclass(frozen=True)
class Locking:
    """The threshold that the evidence would choose, and what putting it in force would do."""

    choice: Choice | None
    bars: Bars
    locked: bool
    """It is in force already."""
    counted: int = 0
    """Parts that count now and would count no more: they chose the threshold and do not prove it."""
    level: Level | None = None
    """On which the job would stand after it; None where there is nothing to lock."""
    undecided: int = 0
    """Parts that would be sent again where that is a step down."""

    @property
    def point(self) -> Point | None:
        """What the button locks; None where there is nothing to lock, or nothing left to."""
        return None if self.locked else useful(self.choice)

    @property
    def alpha(self) -> float:
        return alpha_after(self.bars, 0)


def locking(job: Job, *, now: datetime) -> Locking:
    """What locking the chosen threshold would do. An enforced job keeps no level that the new one has not proven."""
    choice, bars = suggested(job), bars_of(job)
    locked = choice is not None and job.thresholds is not None and is_locked(job.thresholds.rule, choice)
    found = Locking(choice=choice, bars=bars, locked=locked)
    if found.point is None or job.champion is None:
        return found
    level = would_keep(job, model=job.champion, new_thresholds=True, now=now)
    return Locking(
        choice=choice,
        bars=bars,
        locked=locked,
        counted=counted_now(job, now=now),
        level=level,
        undecided=undecided(job) if level != job.level else 0,
    )


def suggested(job: Job) -> Choice | None:
    """The threshold that the evidence of the live model would choose; None where no model is live.

    Scores do not depend on thresholds, so that all epochs of the model count here. What is chosen is then proven on
    later parts alone: new thresholds begin a new epoch.
    """
    if job.champion_id is None:
        return None
    rows = Evidence.objects.filter(
        job=job, model=job.champion_id, drawn__in=POOLED, hint_shown=False, undone=False, repeated=False
    ).exclude(reference=Verdict.UNSURE)
    # By the time of the verdict, which has an index: the order of the draws would sort a million rows first.
    newest = rows.order_by("-at", "-id").values_list("draw", "lot_or_slot", "score", "reference")[:LATEST]
    seen: Counter[str] = Counter()
    scores, bad = [], []
    for _draw, lot, score, reference in sorted(newest):
        seen[lot_key(lot)] += 1
        # What got no answer passes at no threshold.
        if seen[lot_key(lot)] <= PER_LOT and score is not None:
            scores.append(score)
            bad.append(reference != Verdict.OK)
    bars = bars_of(job)
    below = job.thresholds.reject_at if job.thresholds else None
    return choose(scores=scores, bad=bad, target=bars.escape, alpha=alpha_after(bars, 0), below=below)
