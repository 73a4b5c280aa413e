"""The only place that composes steps: what follows what, one short transaction for each change of state."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inspection.acts import ask_in_study as asking
from inspection.acts import change_job as act_of_change
from inspection.acts import report_incident as reporting
from inspection.acts import start_study as starting
from inspection.acts import switch_level as act
from inspection.acts import undo as take_back
from inspection.acts.register_model import register_folder
from inspection.acts.summarise import summarise
from inspection.acts.train_model import Imported, Progress, train_model
from inspection.bell import bell
from inspection.consequences import (
    count,
    keep_within_proof,
    locked,
    propose_for,
    send_again,
    stop_if_let_through,
    throw_back,
)
from inspection.journey import compare, decide, predict, review, route
from inspection.journey.intake import Incoming, TakenIn, intake
from inspection.models import (
    Incident,
    Item,
    Job,
    LevelChange,
    ModelVersion,
    Person,
    Prediction,
    Proposal,
    Review,
    Study,
    StudyTurn,
)
from inspection.permissions import may_sign
from inspection.policy import ladder
from inspection.policy.answers import Answer
from inspection.policy.second_look import Standing, stand
from inspection.queries import escapes, looks, proposals, studies, waiting, watching
from inspection.queries.epochs import moment_of
from inspection.refused import Kind, Refused, conflict
from inspection.sentences import Sentence
from inspection.vocabulary import UNBIASED, Cause, Level, Look, Reason, Source, State, Verdict

log = logging.getLogger(__name__)


def take_in(*, job: Job, incoming: Incoming, source: Source, by: Person | None) -> TakenIn:
    """Take one picture in and send its item on its way: to the AI, or at once to a person where no AI runs."""
    taken = intake(job=job, incoming=incoming, source=source, by=by, now=timezone.now())
    if taken.created:
        advance([taken.item.pk])
        taken.item.refresh_from_db()
    return taken


def advance(ids: Sequence[uuid.UUID]) -> None:
    """Run every step that needs no model on items that nobody has routed yet; ring for the others."""
    rows = Item.objects.filter(id__in=ids, state=State.RECEIVED).select_related("job")
    by_job: dict[Job, list[uuid.UUID]] = defaultdict(list)
    for item in rows:
        by_job[item.job].append(item.pk)
    for job, mine in by_job.items():
        if not job.runs_model:
            send_to_people(job=job, ids=mine, fault=Reason.HUMAN_ONLY)
        elif job.champion_id is None:
            send_to_people(job=job, ids=mine, fault=Reason.NO_MODEL)
        else:
            _ring(mine)


def _ring(ids: Sequence[uuid.UUID]) -> None:
    """Ring after the commit, once for each batch: a worker that hears the bell takes no more than one."""
    for start in range(0, len(ids), settings.PREDICT_BATCH):
        batch = [str(pk) for pk in ids[start : start + settings.PREDICT_BATCH]]
        transaction.on_commit(partial(bell.ring, batch))


def send_to_people(*, job: Job, ids: Collection[uuid.UUID], fault: Reason) -> int:
    """Route items without an answer of the AI; how many were still to be routed."""
    now = timezone.now()
    with transaction.atomic():
        silent = predict.note_silence(job=job, ids=ids, fault=fault, now=now)
        rows = route.route(job=job, ids=ids, predictions=silent, fault=fault, now=now)
        review.open_reviews(rows, now=now)
    return len(rows)


def predict_and_advance(ids: Sequence[str]) -> int:
    """Let the AI look at the items rung for, and send each where its answer leads; how many items were answered."""
    batch = predict.claim(ids, now=timezone.now())
    if batch is None:
        return 0
    try:
        answers = predict.answer(batch, now=timezone.now())
    except Exception as error:
        # Whatever breaks inside an engine: the parts are tried again alone, and after that go to people.
        log.exception("the model of %s failed on %d items", batch.job, len(batch.items))
        predict.release(batch, error=f"{type(error).__name__}: {error}", now=timezone.now())
        return 0
    now = timezone.now()
    with transaction.atomic():
        # The job before its items, as the sweeper does it: a worker that held the items and waited for the job met a
        # sweeper that held the job and waited for the items, and the database threw one of them out.
        locked(batch.job)
        stored = predict.store(batch, answers)
        ids_answered = stored or [item.pk for item in batch.items if batch.job.champion_id is None]
        rows = route.route(job=batch.job, ids=list(ids_answered), predictions=stored, fault=Reason.NO_MODEL, now=now)
        review.open_reviews(rows, now=now)
        decide.decide_by_ai(rows, job=batch.job, now=now)
    return len(rows)


def give_verdict(
    *,
    asked: Review,
    person: Person,
    lease: uuid.UUID,
    client_key: str,
    answer: Answer,
    seconds: float | None = None,
) -> decide.Recorded:
    """Record a verdict, put it in force and set it beside the AI's opinion, all or nothing.

    An answer that comes too late is kept before the refusal goes out.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            job = locked(asked.job)
            recorded = decide.decide_by_person(
                review=asked,
                person=person,
                lease=lease,
                client_key=client_key,
                answer=answer,
                seconds=seconds,
                now=now,
            )
            if recorded.created:
                _follow_up(recorded, asked, job=job, now=now)
    except Refused as refused:
        if refused.code in {"lease_lost", "already_answered"}:
            decide.keep_late(
                review=asked, person=person, client_key=client_key, answer=answer, seconds=seconds, now=now
            )
        raise
    return recorded


def _follow_up(recorded: decide.Recorded, asked: Review, *, job: Job, now: datetime) -> None:
    given, standing = recorded.given, recorded.standing
    touched = compare.compare(given=given, review=asked, standing=standing, exposed=recorded.exposed)
    review.ask_again(answered=asked, standing=_to_confirm(recorded, asked), now=now)
    count(touched, job=job, now=moment_of(job, asked.item, now))
    # Also where nothing is settled yet: a report may have confirmed the part before.
    if asked.look != Look.SEEDED and Verdict.NG in {given.verdict, standing.reference}:
        stop_if_let_through(asked.item, bad=standing.reference == Verdict.NG, job=job)


def _to_confirm(recorded: decide.Recorded, asked: Review) -> Standing:
    """Where somebody who knew the AI's opinion answers a part that was drawn as evidence, or names a critical defect on
    what the AI had passed, another person looks: such an answer settles nothing, the part would stay open for good, and
    the defect would be nobody's business any more."""
    given, standing = recorded.given, recorded.standing
    if standing.reference is not None or standing.ask is not None:
        return standing
    knew = asked.look in (*compare.PAIRED, Look.ADJUDICATION) and (recorded.exposed or given.shown is not None)
    # A picture that came again counts for nothing: another look at it would only hold the part up.
    drawn = knew and asked.routing.drawn in UNBIASED and asked.item.duplicate_of_id is None
    if drawn or (given.verdict == Verdict.NG and escapes.names_critical(asked, given.labels)):
        return replace(standing, ask=Look.DISAGREED, probability=1.0)
    return standing


def undo(*, asked: Review, person: Person, lease: uuid.UUID, new_lease: uuid.UUID) -> review.Held:
    """Take a verdict back and hand the part to the same person again; what it had settled is open again."""
    now = timezone.now()
    with transaction.atomic():
        job = locked(asked.job)
        taken_back = take_back.undo(review=asked, person=person, lease=lease, new_lease=new_lease, now=now)
        if taken_back is not None and asked.look != Look.SEEDED:
            standing = stand(looks.heard_of(asked.item_id), looks.draws(asked.job, asked.item_id))
            touched = compare.withdraw(taken_back)
            touched += compare.settle(item=asked.item_id, standing=standing, now=now)
            count(touched, job=job, now=moment_of(job, asked.item, now))
        return review.hand_back(review=asked, person=person, lease=new_lease)


def switch_level(*, job: Job, new: Level, reason: str, by: Person) -> LevelChange:
    """Switch a job's level; a step down sends every undecided item again in the same transaction, a climb none."""
    now = timezone.now()
    with transaction.atomic():
        change = act.switch_level(job=job, new=new, reason=reason, by=by, now=now)
        job.refresh_from_db()
        if not ladder.is_climb(old=Level(change.old), new=new):
            send_again(job, change, now=now)
    advance(waiting.received(job))
    return change


def propose_again(*, job: Job, by: Person) -> Proposal:
    """Ask for a proposal that was refused. Raises `Refused`: `not_allowed`, `proposed_already`, `not_proven` (with the
    `criteria`)."""
    if not may_sign(by, job):
        raise Refused("not_allowed", "A quality manager or an admin of this job may ask for it.", kind=Kind.FORBIDDEN)
    now = timezone.now()
    with transaction.atomic():
        job = locked(job)
        if proposals.standing(job) is not None:
            raise conflict("proposed_already", "A proposal waits already.")
        proposal = propose_for(job, by=by, now=now)
        if proposal is None:
            raise conflict("not_proven", "There is nothing to propose.", criteria=proposals.open_criteria(job, now=now))
    return proposal


def close_incident(*, incident: Incident, answer: str, defects: Collection[str] = (), by: Person) -> Incident:
    """Close a report with what was found. A critical defect that it confirms on what the AI had passed stops the AI."""
    with transaction.atomic():
        job = locked(incident.job)
        closed = reporting.close_incident(incident=incident, answer=answer, defects=defects, by=by, now=timezone.now())
        if closed.item is not None and closed.defects:
            stop_if_let_through(closed.item, bad=False, job=job, reported=True)
    return closed


def change_job(*, job: Job, by: Person, **changes: Any) -> Job:
    """Change the name or the policy of a job (see `acts.change_job`); with other thresholds an enforced job keeps its
    level only as far as they have proven it."""
    with transaction.atomic():
        before = locked(job).thresholds_id
        changed = act_of_change.change_job(job=job, by=by, **changes)
        if changed.thresholds_id != before:
            keep_within_proof(changed, by=by, why=Sentence("the thresholds were changed"))
    return changed


def take_live(*, found: Callable[..., ModelVersion], by: Person | None) -> ModelVersion:
    """Take a model live by one of the acts that register one; an enforced job keeps its level only as far as that
    model has proven it. Both in one transaction: between two, a model that has proven nothing decided alone."""
    return found(then=partial(keep_within_proof, by=by, why=Sentence("another model went live")))


def train(
    *, job: Job, by: Person | None, imported: Iterable[Imported] = (), backbone: str = "", on_progress: Progress
) -> ModelVersion:
    """Train a model for a job and take it live. Raises `Refused` in words when that cannot work."""
    with train_model(job=job, imported=imported, backbone=backbone, on_progress=on_progress) as folder:
        return take_live(found=partial(register_folder, job=job, folder=folder, by=by), by=by)


def start_study(*, study: Study, by: Person) -> None:
    """Ask the appraisers of a study from now on, and the AI among them at once where it is one."""
    with transaction.atomic():
        starting.start_study(study=study, by=by, now=timezone.now())
        if studies.asks_the_ai(study):
            transaction.on_commit(partial(bell.ring_for_study, study.pk))


def read_study(pk: int) -> int:
    """Ask the AI about the next batch of a study and ring for the one after: parts of the line come in between. How
    many readings were kept."""
    study = studies.with_the_ai().filter(pk=pk).select_related("job", "thresholds").first()
    turns = asking.claim_turns(study=study, now=timezone.now()) if study is not None else []
    if study is None or not turns:
        return 0
    kept = asking.keep_ai_readings(study=study, said=_ask(study, turns), now=timezone.now())
    if kept:
        bell.ring_for_study(pk)
        asking.note_rung_for_studies([pk], now=timezone.now())
    return kept


def _ask(study: Study, turns: Sequence[StudyTurn]) -> list[tuple[StudyTurn, Prediction]]:
    """What the study's model says under its thresholds. Where the engine breaks each part is asked about alone, and
    what breaks it alone has a fault for an answer: it would break it again."""
    job = study.job
    job.champion, job.thresholds = turns[0].appraiser.model, study.thresholds
    batch = predict.Batch(job=job, items=tuple(turn.part.item for turn in turns), token=uuid.uuid4())
    try:
        return list(zip(turns, predict.answer(batch, now=timezone.now()), strict=True))
    except Exception as error:
        log.exception("the model failed on %d parts of study %s", len(turns), study.pk)
        if len(turns) == 1:
            return [(turns[0], Prediction(fault=f"{type(error).__name__}: {error}"[:2000]))]
        return [pair for turn in turns for pair in _ask(study, [turn])]


def sweep(now: datetime) -> dict[str, int]:
    """Find what the bell missed, without any broker: late, orphaned, unrung and lapsed rows. How many of each."""
    return {
        "orphaned": predict.take_back(now=now),
        "quarantined": _to_people(waiting.exhausted(), Reason.QUARANTINED),
        "late": _to_people(waiting.beyond_patience(now), Reason.LATE),
        "lapsed": review.show_expired(now=now),
        "lost": _count_lost(now),
        "lowered": _lower_by_rule(now),
        "rung": _ring_again(now),
        "studies": _ring_for_studies(now),
        "summarised": summarise(now=now),
    }


def _to_people(found: Iterable[tuple[Job, list[uuid.UUID]]], fault: Reason) -> int:
    return sum(send_to_people(job=job, ids=ids, fault=fault) for job, ids in found)


def _ring_again(now: datetime) -> int:
    rings = waiting.unrung(now, before=now - timedelta(seconds=settings.RING_AGAIN_SECONDS))
    for ring in rings:
        advance(ring)
    ids = [item for ring in rings for item in ring]
    predict.note_rung(ids, now=now)
    return len(ids)


def _ring_for_studies(now: datetime) -> int:
    asking.give_up_on_the_ai(now=now)
    before = now - timedelta(seconds=settings.RING_AGAIN_SECONDS)
    late = studies.with_the_ai().filter(Q(rung_at=None) | Q(rung_at__lt=before))
    ids = list(late.values_list("pk", flat=True))
    for pk in ids:
        bell.ring_for_study(pk)
    asking.note_rung_for_studies(ids, now=now)
    return len(ids)


def _count_lost(now: datetime) -> int:
    """Count drawn parts that were in somebody's hands, who let go of them without an answer."""
    return sum(_count_one_lost(asked, at=at) for asked, at in waiting.lost(now))


def _count_one_lost(asked: Review, *, at: datetime) -> bool:
    with transaction.atomic():
        job = locked(asked.job)
        row = compare.lose(asked, at=at)
        if row is not None:
            count([row], job=job, now=moment_of(job, row.item, row.at))
    return row is not None


def _lower_by_rule(now: datetime) -> int:
    """Lower the jobs whose AI gives too few answers or whose audits stay unanswered."""
    for job in watching.unproven():
        with transaction.atomic():
            keep_within_proof(job, by=None, why=Sentence("it was changed"))
    return sum(_lower_one(job, cause, now) for job, cause in watching.to_lower(now))


def _lower_one(job: Job, cause: Cause, now: datetime) -> bool:
    with transaction.atomic():
        job = locked(job)
        if not ladder.is_climb(old=ladder.STOPPED, new=Level(job.level)):
            return False
        throw_back(job, cause=cause, reason=str(cause.label), now=now)
    return True
