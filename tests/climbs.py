"""A job that climbs in a test: parts whose opinions, verdicts and lots the test chooses, through the real steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from inspection.acts.change_bars import change_bars
from inspection.journey import decide, predict, review, route
from inspection.models import Epoch, Item, Job, ModelVersion, Prediction, Proposal
from inspection.policy.routing import LEVELS, effective
from inspection.queries import epochs
from inspection.vocabulary import Gate, Level, Role, Verdict
from tests.factories import Cast, answer, bundle, champion, claim, job, load_dice, take_in

SMALL = {"items": 50, "items_partial": 50, "defects": 5, "lots": 10, "shifts": 1, "people": 2, "days": 1}
"""The least that a job may ask for; the bars themselves stay where they are unless a test moves them."""
LOOSE = SMALL | {"ai_error": 0.2, "miss": 0.5, "escape": 0.05, "alpha": 0.1}
SCORE = {Verdict.OK: 0.05, Verdict.NG: 0.95, Verdict.UNSURE: 0.5}


def climbing_job(
    cast: Cast,
    *,
    bars: Mapping[str, float] = MappingProxyType(LOOSE),
    level: Level = Level.SHADOW,
    gate: Gate = Gate.ADVISORY,
) -> Job:
    """A job with a live model, bars as loose as they may be, and nobody drawn twice."""
    made = job(cast, level=level, gate=gate)
    champion(made, bundle(made))
    change_bars(job=made, changes=bars, reason="a trial", by=cast.admin, now=timezone.now())
    made.refresh_from_db()
    return made


def parts(made: Job, said: Iterable[Verdict], *, per_lot: int = 3) -> list[Item]:
    """Parts of which the AI has said these opinions, in lots of so many."""
    made.refresh_from_db()
    begun = Item.objects.filter(job=made).count()
    return [part(made, opinion, lot=f"L{(begun + number) // per_lot:04d}") for number, opinion in enumerate(said)]


def part(made: Job, opinion: Verdict, *, lot: str) -> Item:
    """A part on which the AI has this opinion, routed by the job's level."""
    item = take_in(made, lot=lot)
    shares = effective(level=Level(made.level), shares=made.shares)
    if LEVELS[Level(made.level)].draws_blind:
        # Even a share of nothing is one part in a hundred where the AI decides: left alone, a test would go astray.
        load_dice(made, [item], blind=shares.blind >= 1, audit=shares.audit >= 1)
    say(made, item, opinion)
    item.refresh_from_db()
    return item


def say(made: Job, item: Item, opinion: Verdict) -> None:
    """What a worker does with the AI's answer, without the model."""
    now = timezone.now()
    batch = predict.claim([str(item.pk)], now=now)
    assert batch is not None
    assert batch.job.champion is not None
    row = Prediction(
        item=item,
        model=batch.job.champion,
        role=Role.CHAMPION,
        score=SCORE[opinion],
        opinion=opinion,
        thresholds=batch.job.thresholds,
        fingerprint=epochs.setting_of(batch.job, batch.job.champion, batch.job.thresholds),
        at=now,
    )
    with transaction.atomic():
        stored = predict.store(batch, [row])
        rows = route.route(job=batch.job, ids=[item.pk], predictions=stored, fault=None, now=now)
        review.open_reviews(rows, now=now)
        decide.decide_by_ai(rows, job=batch.job, now=now)


def agreed(made: Job, cast: Cast, verdicts: Iterable[Verdict], *, per_lot: int = 3) -> None:
    """Parts on which the AI and the people agree."""
    for number, verdict in enumerate(verdicts):
        [_] = parts(made, [verdict], per_lot=per_lot)
        who = (cast.inspector, cast.inspector2)[number % 2]
        [held] = claim(made, who)
        answer(held, verdict, labels=("scratch",) if verdict == Verdict.NG else ())


def goes_live(made: Job, *, score: float, then: Callable[[Job], None]) -> ModelVersion:
    """What the acts that register a model do, without its files being checked."""
    with transaction.atomic():
        found = champion(Job.objects.get(pk=made.pk), bundle(made, score=score))
        then(made)
    return found


def epoch_of(made: Job) -> Epoch:
    made.refresh_from_db()
    found = epochs.current(made, timezone.now())
    assert found is not None
    return found


def proposal_of(made: Job) -> Proposal | None:
    return Proposal.objects.filter(job=made).order_by("-id").first()


def tally(made: Job, name: str) -> tuple[int, int]:
    """(errors, counted)"""
    data = epoch_of(made).tallies.get(name, {"k": 0, "n": 0})
    return data["k"], data["n"]
