"""What a job's own evidence says of the threshold below which the AI may pass parts by itself."""

from __future__ import annotations

from collections import Counter

from inspection.models import Evidence, Job
from inspection.policy.bars import alpha_after
from inspection.policy.counting import PER_LOT, POOLED
from inspection.policy.thresholds import Choice, choose
from inspection.queries.epochs import bars_of
from inspection.vocabulary import Verdict

LATEST = 20_000


def suggested(job: Job) -> Choice | None:
    """The threshold that the evidence of the live model would choose; None where no model is live.

    Scores do not depend on thresholds, so that all epochs of the model count here. What is chosen is then proven on
    later parts alone: new thresholds begin a new epoch.
    """
    if job.champion_id is None:
        return None
    rows = Evidence.objects.filter(
        job=job, model=job.champion_id, drawn__in=POOLED, hint_shown=False, undone=False
    ).exclude(reference=Verdict.UNSURE)
    newest = rows.order_by("-draw").values_list("lot_or_slot", "score", "reference")[:LATEST]
    seen: Counter[str] = Counter()
    scores, bad = [], []
    for lot, score, reference in reversed(list(newest)):
        seen[lot] += 1
        if seen[lot] <= PER_LOT:
            scores.append(score)
            bad.append(reference != Verdict.OK)
    bars = bars_of(job)
    below = job.thresholds.reject_at if job.thresholds else None
    return choose(scores=scores, bad=bad, target=bars.escape, alpha=alpha_after(bars, 0), below=below)
