"""Parts that turn out to be other than they were taken for: looked at again, taken back, lost, asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspection import walk
from inspection.acts.reopen_item import reopen_item
from inspection.journey import review
from inspection.models import Epoch, Evidence, Job, LedgerEntry, LevelChange
from inspection.policy.counting import Tally
from inspection.policy.replay import replay
from inspection.policy.sampling import Audit
from inspection.queries import ledger
from inspection.vocabulary import Cause, Level, Look, Verdict
from tests.climbs import climbing_job, epoch_of, part, tally
from tests.factories import Cast, answer, claim, claim_one, undo

OK, NG, UNSURE = Verdict
DENT = ("dent",)


@pytest.fixture
def covers(cast: Cast) -> Job:
    """A job in partial automation that audits whatever the AI has passed."""
    return all_audited(climbing_job(cast, level=Level.PARTIAL))


def all_audited(made: Job) -> Job:
    made.salts = {**made.salts, "blind": "none"}
    made.audit_share, made.blind_share = 1.0, 0.0001
    made.save(update_fields=["salts", "audit_share", "blind_share"])
    return made


def look(made: Job, who: str, cast: Cast, *, adjudication: bool = False) -> review.Held:
    return claim_one(made, getattr(cast, who), adjudication=adjudication)


def level_of(made: Job) -> tuple[str, str]:
    made.refresh_from_db()
    return made.level, LevelChange.objects.filter(job=made).order_by("-id")[0].cause


def told(made: Job, name: str = "escape_audit") -> float:
    """How far the bar detector of a stream has come."""
    pair = epoch_of(made).detectors["levels"][made.level][name]
    return float(sum(pair["bar"]["m"]))


def replays(made: Job, *, start: Level = Level.PARTIAL) -> bool:
    return replay(ledger.events(made), start=start) == ledger.taken(made)


def test_a_critical_defect_that_only_a_recheck_finds_stops_the_ai_as_well(covers: Job, cast: Cast) -> None:
    """The agreement of AI and auditor had been taken in; what came to light after it was never heard of."""
    covers.recheck_share = 1.0
    covers.save(update_fields=["recheck_share"])
    part(covers, OK, lot="L1")
    answer(look(covers, "inspector", cast), OK)
    answer(look(covers, "inspector2", cast), NG, labels=DENT)
    answer(look(covers, "manager", cast, adjudication=True), NG, labels=DENT)
    assert level_of(covers) == (Level.ASSISTANCE, Cause.CRITICAL)
    assert replays(covers)


def test_a_verdict_that_is_taken_back_and_given_otherwise_is_heard(covers: Job, cast: Cast) -> None:
    part(covers, OK, lot="L1")
    again = undo(answer(look(covers, "inspector", cast), OK))
    answer(again, NG, labels=DENT)
    answer(look(covers, "inspector2", cast), NG, labels=DENT)
    assert level_of(covers) == (Level.ASSISTANCE, Cause.CRITICAL)
    assert replays(covers)


def test_an_escape_that_only_comes_to_light_later_moves_the_detector(covers: Job, cast: Cast) -> None:
    part(covers, OK, lot="L1")
    again = undo(answer(look(covers, "inspector", cast), OK))
    before = told(covers)
    answer(again, NG, labels=("scratch",))
    answer(look(covers, "inspector2", cast), NG, labels=("scratch",))
    assert told(covers) > before


def test_the_same_answer_given_over_and_over_is_told_to_the_detectors_once(covers: Job, cast: Cast) -> None:
    """Who takes a good verdict back and gives it again would else talk a detector down."""
    covers.audit_state = Audit().tightened().as_json()
    covers.save(update_fields=["audit_state"])
    part(covers, OK, lot="L1")
    given = answer(look(covers, "inspector", cast), OK)
    once, left = told(covers), Job.objects.get().audit.left
    for _ in range(3):
        given = answer(undo(given), OK)
    assert (told(covers), Job.objects.get().audit.left) == (once, left)


def test_a_critical_defect_drawn_before_counting_began_anew_still_stops_the_ai(covers: Job, cast: Cast) -> None:
    part(covers, OK, lot="L1")
    old = look(covers, "inspector", cast)
    thrown_back_and_up_again(covers, cast)
    answer(old, NG, labels=DENT)
    answer(look(covers, "inspector2", cast), NG, labels=DENT)
    assert level_of(covers) == (Level.ASSISTANCE, Cause.CRITICAL)
    assert replays(covers)


def thrown_back_and_up_again(covers: Job, cast: Cast) -> None:
    """By a critical defect in another lot."""
    part(covers, OK, lot="L2")
    answer(look(covers, "manager", cast), NG, labels=DENT)
    answer(next(one for one in claim(covers, cast.admin, hold=9) if one.review.look == Look.DISAGREED), NG, labels=DENT)
    assert level_of(covers) == (Level.ASSISTANCE, Cause.CRITICAL)
    walk.switch_level(job=covers, new=Level.PARTIAL, reason="an advisory gate", by=cast.admin)


def test_an_error_that_somebody_has_opened_again_stays_an_error(cast: Cast) -> None:
    """Of all errors of the AI, opened again one by one, some find a person who agrees with it."""
    covers = climbing_job(cast)
    item = part(covers, OK, lot="L1")
    for who in ("inspector", "inspector2"):
        answer(look(covers, who, cast), NG, labels=("scratch",))
    assert tally(covers, "escape") == (1, 1)
    reopen_item(item=item, reason="is it really?", by=cast.manager, now=timezone.now())
    answer(look(covers, "manager", cast), OK)
    assert tally(covers, "escape") == (1, 1)


def test_what_the_ai_did_not_pass_proves_nothing_when_the_job_is_lowered(cast: Cast) -> None:
    covers = all_audited(climbing_job(cast, level=Level.PARTIAL))
    part(covers, UNSURE, lot="L1")
    for level in (Level.ASSISTANCE, Level.SHADOW):
        walk.switch_level(job=covers, new=level, reason="stop", by=cast.manager)
    answer(look(covers, "inspector", cast), OK)
    assert tally(covers, "escape") == (0, 0)
    assert [row.drawn for row in Evidence.objects.all()] == ["routed"]


def test_a_part_that_was_passed_on_is_nobodys_work_on_no_day(cast: Cast) -> None:
    """Two people and three shifts could else be had by passing parts on."""
    covers = climbing_job(cast)
    part(covers, OK, lot="L1")
    pass_on(covers, cast)
    spread = epoch_of(covers).tallies["ai_error"]["spread"]
    assert Tally(spread=spread).distinct("shift") == Tally(spread=spread).distinct("person") == 0
    answer(look(covers, "inspector2", cast), OK)
    spread = epoch_of(covers).tallies["ai_error"]["spread"]
    assert spread["person"] == {str(cast.inspector2.pk): 1}
    assert replays(covers, start=Level.SHADOW)


def test_the_ledger_still_says_who_had_passed_a_part_on(cast: Cast) -> None:
    covers = climbing_job(cast)
    part(covers, OK, lot="L1")
    pass_on(covers, cast)
    answer(look(covers, "inspector2", cast), OK)
    entries = LedgerEntry.objects.order_by("id").values_list("evidence__person", "reference", "left_out")
    assert list(entries) == [(None, "", False), (None, "", True), (cast.inspector2.pk, OK, False)]


def test_a_part_that_only_the_adjudicator_answers_is_the_adjudicators_work(cast: Cast) -> None:
    covers = climbing_job(cast)
    part(covers, OK, lot="L1")
    held = look(covers, "inspector", cast)
    review.escalate(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="hard", now=timezone.now()
    )
    walk.sweep(timezone.now())
    answer(look(covers, "manager", cast, adjudication=True), OK)
    assert epoch_of(covers).tallies["ai_error"]["spread"]["person"] == {str(cast.manager.pk): 1}
    assert tally(covers, "ai_error") == (0, 1)


def pass_on(covers: Job, cast: Cast) -> None:
    held = look(covers, "inspector", cast)
    review.skip(
        review=held.review, person=cast.inspector, lease=held.hand_out.lease, reason="too hard", now=timezone.now()
    )
    assert walk.sweep(timezone.now())["lost"] == 1
    assert tally(covers, "ai_error") == (1, 1)


def test_an_epoch_whose_lot_never_ends_is_not_over_after_a_month(cast: Cast) -> None:
    """Of one lot three parts count; what came after them left the epoch as old as they were, and it was forgotten with
    all demotions in it."""
    covers = climbing_job(cast)
    for _ in range(4):
        part(covers, OK, lot="all year")
    for _ in range(3):
        answer(look(covers, "inspector", cast), OK)
    Epoch.objects.update(last_at=timezone.now() - timedelta(days=29))
    answer(look(covers, "inspector", cast), OK)
    assert timezone.now() - epoch_of(covers).last_at < timedelta(days=1)
