"""A climb that was held up by what the ledger does not say: the rules alone come to the same history all the same."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.report_incident import report_incident
from inspection.models import Incident, Item, Job, LevelChange, Proposal
from inspection.policy import promotion
from inspection.policy.replay import Meanwhile, Step, replay
from inspection.queries import epochs, ledger
from inspection.vocabulary import AuditPlan, Level, Verdict
from tests.climbs import climbing_job, epoch_of, part, proposal_of, say
from tests.factories import Cast, answer, claim, claim_one, load_dice, take_in, undo

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
FEW = {"items": 6, "defects": 2, "lots": 3, "ai_error": 0.4, "miss": 0.9, "alpha": 0.1, "shifts": 1, "people": 2}
"""Bars so loose that a handful of parts proves something; nobody may set them."""


def at_bars(made: Job, **bars: float) -> Job:
    Job.objects.update(bars={**made.bars, **bars})
    made.refresh_from_db()
    return made


def without_what_came_meanwhile(made: Job, *, start: Level) -> list[Step]:
    return replay((one for one in ledger.events(made) if not isinstance(one, Meanwhile)), start=start)


@pytest.fixture
def doubled(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Each part is judged twice, and four of them tell how well people agree."""
    monkeypatch.setattr(promotion, "LEAST_PAIRS", 4)
    made = at_bars(climbing_job(cast), **FEW)
    Job.objects.update(double_share=1.0)
    return made


def brought(made: Job, verdict: Verdict, *, lot: str) -> None:
    """A part of last year, of which the AI says this; when it was pictured matters where captured time counts."""
    item = part(made, verdict, lot=lot)
    Item.objects.filter(pk=item.pk).update(captured_at=datetime(2025, 3, 1, 8, tzinfo=UTC))


def twice(made: Job, cast: Cast, verdict: Verdict, *, differ: bool = False) -> None:
    """A part of which the AI is right; two people judge it, and where they differ an adjudicator sides with the AI."""
    said = [verdict, NG if verdict == OK else OK] if differ else [verdict, verdict]
    number = Item.objects.count()
    brought(made, verdict, lot=f"L{number}")
    people = (cast.inspector, cast.inspector2)
    for who, one in zip(people if number % 2 else people[::-1], said, strict=True):
        answer(claim_one(made, who), one, labels=("scratch",) if one == NG else ())
    if differ:
        labels = ("scratch",) if verdict == NG else ()
        answer(claim_one(made, cast.manager, adjudication=True), verdict, labels=labels)


def held_by_people(made: Job, cast: Cast) -> None:
    """Of the first four parts people agree on two, so that nobody could prove the bar; later they agree better."""
    for number in range(4):
        twice(made, cast, (OK, NG)[number % 2], differ=number < 2)
    for _ in range(4):
        brought(made, OK, lot=f"S{Item.objects.count()}")
        answer(claim_one(made, cast.inspector), OK)
    assert not Proposal.objects.exists()
    for who in (cast.inspector2, cast.manager):
        for held in claim(made, who, hold=9):
            answer(held, OK)
    brought(made, OK, lot="next")
    answer(claim_one(made, cast.inspector), OK)


@pytest.mark.parametrize("captured", [False, True])
def test_a_climb_held_up_by_how_people_agree_replays_alike(doubled: Job, cast: Cast, captured: bool) -> None:
    Job.objects.update(captured_time=captured)
    held_by_people(doubled, cast)
    assert [step.what for step in ledger.taken(doubled)] == ["proposed"]
    assert ledger.replayed(doubled) == ledger.taken(doubled)
    early = without_what_came_meanwhile(doubled, start=Level.SHADOW)
    assert early[0].key < ledger.taken(doubled)[0].key, "nobody would have waited for people to agree"


def test_the_ceiling_that_the_replay_ends_with_is_that_of_the_job(doubled: Job, cast: Cast) -> None:
    twice(doubled, cast, OK)
    twice(doubled, cast, NG, differ=True)
    part(doubled, OK, lot="U")
    given = answer(claim_one(doubled, cast.inspector), OK)
    answer(claim_one(doubled, cast.inspector2), UNSURE)
    part(doubled, OK, lot="V")
    given = answer(claim_one(doubled, cast.inspector), OK)
    undo(given)
    heard = [one for one in ledger.events(doubled) if isinstance(one, Meanwhile)]
    found = epochs.ceiling(doubled)
    assert (found.pairs, found.agree) == (2, 1)
    assert (sum(one.pairs for one in heard), sum(one.agree for one in heard)) == (2, 1)


@pytest.fixture
def nearly_full(cast: Cast) -> Job:
    """A job in partial automation for two days; what it takes for the last step is a dozen parts."""
    made = at_bars(climbing_job(cast), escape=0.5, miss_full=0.5, overkill=0.5, critical=0.5, days_in_partial=1)
    Job.objects.update(blind_share=0.5, audit_share=0.005)
    walk.switch_level(job=made, new=Level.ASSISTANCE, reason="a trial", by=cast.admin)
    walk.switch_level(job=made, new=Level.PARTIAL, reason="a trial", by=cast.admin)
    LevelChange.objects.update(at=timezone.now() - timedelta(days=2))
    made.refresh_from_db()
    return made


def judged(made: Job, cast: Cast, verdict: Verdict, *, audited: bool) -> None:
    """A part on which AI and people agree, of the blind share or audited."""
    item = take_in(made, lot=f"L{Item.objects.count()}")
    load_dice(made, [item], blind=not audited, audit=audited)
    say(made, item, verdict)
    answer(claim_one(made, cast.inspector), verdict, labels=("dent",) if verdict == NG else ())


def reported(made: Job, cast: Cast) -> Incident:
    now = timezone.now()
    return report_incident(job=made, item=None, words="Scratches.", client_key=uuid.uuid4().hex, by=cast.admin, now=now)


def proven_but_for_the_audit(made: Job, cast: Cast) -> None:
    """All criteria hold; since the last climb the audit is tightened for a thousand parts, which here are twenty."""
    for number in range(12):
        judged(made, cast, (OK, NG)[number % 2], audited=False)
    while Job.objects.get().audit.plan == AuditPlan.TIGHTENED:
        assert proposal_of(made) is None
        judged(made, cast, OK, audited=True)
    assert epoch_of(made).tallies["escape_audit"]["n"] >= 10


def test_a_climb_held_up_by_a_tightened_audit_replays_alike(nearly_full: Job, cast: Cast) -> None:
    proven_but_for_the_audit(nearly_full, cast)
    assert [(step.what, step.level) for step in ledger.taken(nearly_full)] == [("proposed", Level.FULL)]
    assert ledger.replayed(nearly_full) == ledger.taken(nearly_full)


def test_a_climb_held_up_by_a_report_replays_alike(nearly_full: Job, cast: Cast) -> None:
    incident = reported(nearly_full, cast)
    proven_but_for_the_audit(nearly_full, cast)
    judged(nearly_full, cast, OK, audited=True)
    assert proposal_of(nearly_full) is None
    walk.close_incident(incident=incident, answer="Cleaned.", defects=(), by=cast.manager)
    judged(nearly_full, cast, OK, audited=True)
    assert [(step.what, step.level) for step in ledger.taken(nearly_full)] == [("proposed", Level.FULL)]
    assert ledger.replayed(nearly_full) == ledger.taken(nearly_full)
    early = without_what_came_meanwhile(nearly_full, start=Level.SHADOW)
    assert early[-1].key < ledger.taken(nearly_full)[0].key
