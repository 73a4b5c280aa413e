"""Parts that turn out to be other than they were taken for: looked at again, taken back, lost, asked again."""

from __future__ import annotations

import pytest

from inspection import walk
from inspection.journey import review
from inspection.models import Job, LevelChange
from inspection.policy.replay import replay
from inspection.policy.sampling import Audit
from inspection.queries import ledger
from inspection.vocabulary import Cause, Level, Look, Verdict
from tests.climbs import climbing_job, epoch_of, part
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
    pair = epoch_of(made).detectors["pairs"][name]
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
