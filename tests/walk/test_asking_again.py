"""A proposal that was refused: it does not come back with the next part, and a person may ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from inspection import walk
from inspection.acts.change_bars import change_bars
from inspection.acts.sign_proposal import refuse_proposal
from inspection.models import Epoch, Job, Proposal
from inspection.policy.asking_again import Return
from inspection.policy.replay import replay
from inspection.queries import ledger, proposals
from inspection.refused import Refused
from inspection.vocabulary import Level, ProposalState, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, parts
from tests.factories import Cast, answer, claim

OK, NG, UNSURE = Verdict


@pytest.fixture
def covers(cast: Cast) -> Job:
    """A job whose first proposal was refused."""
    made = climbing_job(cast)
    agreed(made, cast, [OK, OK, NG] * 18)
    refuse(made, cast)
    return made


def refuse(made: Job, cast: Cast) -> None:
    standing = proposals.standing(made)
    assert standing is not None
    refuse_proposal(proposal=standing, by=cast.manager, reason="wait for the new lamp", now=timezone.now())


def a_day_passes() -> None:
    Proposal.objects.update(closed_at=F("closed_at") - timedelta(hours=24))


def states() -> list[str]:
    return list(Proposal.objects.order_by("id").values_list("state", flat=True))


def waits(made: Job) -> tuple[int, bool]:
    """How many parts are waited for, and whether a day has to pass."""
    found = proposals.coming_back(made, epoch_of(made), to=Level.ASSISTANCE, now=timezone.now())
    assert found is not None
    assert found.returns is not None
    return found.returns.parts, found.returns.not_before > timezone.now()


def replays(made: Job) -> bool:
    return replay(ledger.events(made), start=Level.SHADOW) == ledger.taken(made)


def test_the_next_part_does_not_bring_it_back(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK, OK, NG])
    assert (states(), waits(covers)) == ([ProposalState.REFUSED], (47, True))
    assert replays(covers)


def test_enough_parts_and_a_day_bring_it_back(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 45)
    assert waits(covers) == (5, True)
    a_day_passes()
    agreed(covers, cast, [OK] * 4)
    assert waits(covers) == (1, False)
    agreed(covers, cast, [OK])
    assert states() == [ProposalState.REFUSED, ProposalState.OPEN]
    assert replays(covers)


def test_parts_without_a_day_do_not(covers: Job, cast: Cast) -> None:
    agreed(covers, cast, [OK] * 52)
    assert (states(), waits(covers)) == ([ProposalState.REFUSED], (0, True))
    assert replays(covers)


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_who_leads_the_job_may_ask_for_it_at_once(covers: Job, cast: Cast, who: str) -> None:
    proposal = walk.propose_again(job=covers, by=getattr(cast, who))
    assert (proposal.new, proposal.asked_by) == (Level.ASSISTANCE, getattr(cast, who))
    assert states() == [ProposalState.REFUSED, ProposalState.OPEN]
    assert replays(covers)


def test_what_was_asked_for_may_be_refused_again(covers: Job, cast: Cast) -> None:
    walk.propose_again(job=covers, by=cast.manager)
    refuse(covers, cast)
    agreed(covers, cast, [OK])
    assert states() == [ProposalState.REFUSED, ProposalState.REFUSED]
    assert replays(covers)


@pytest.mark.parametrize("who", ["inspector", "service", "outsider"])
def test_nobody_else_asks_for_it(covers: Job, cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as no:
        walk.propose_again(job=covers, by=getattr(cast, who))
    assert (no.value.code, len(states())) == ("not_allowed", 1)


def test_one_proposal_waits_at_a_time(covers: Job, cast: Cast) -> None:
    walk.propose_again(job=covers, by=cast.manager)
    with pytest.raises(Refused) as no:
        walk.propose_again(job=covers, by=cast.manager)
    assert (no.value.code, len(states())) == ("proposed_already", 2)


def test_where_the_proof_is_gone_there_is_nothing_to_propose(covers: Job, cast: Cast) -> None:
    for _ in range(9):
        parts(covers, [OK])
        [held] = claim(covers, cast.inspector)
        answer(held, NG, labels=("scratch",))
    with pytest.raises(Refused) as no:
        walk.propose_again(job=covers, by=cast.manager)
    assert no.value.code == "not_proven"
    assert any("says something else" in sentence for sentence in no.value.extra["criteria"])
    Proposal.objects.update(closed_at=F("closed_at") - timedelta(days=30))
    agreed(covers, cast, [UNSURE])
    assert states() == [ProposalState.REFUSED]


def test_other_bars_bring_it_back_with_the_next_part(covers: Job, cast: Cast) -> None:
    change_bars(job=covers, changes={"ai_error": 0.19}, reason="a finer part", by=cast.admin, now=timezone.now())
    agreed(covers, cast, [OK])
    assert states() == [ProposalState.REFUSED, ProposalState.OPEN]


def test_a_new_count_has_nothing_that_was_refused(covers: Job, cast: Cast) -> None:
    """After a demotion, or under another model, fifty parts more than the old count had would be asked for."""
    epoch = epoch_of(covers)
    assert proposals.coming_back(covers, epoch, to=Level.PARTIAL, now=timezone.now()) is None
    Epoch.objects.update(demotions=1)
    found = proposals.coming_back(covers, epoch_of(covers), to=Level.ASSISTANCE, now=timezone.now())
    assert found is not None
    assert found.returns is None


def test_where_captured_time_counts_the_day_is_one_of_the_camera(covers: Job, cast: Cast) -> None:
    Job.objects.update(captured_time=True)
    Epoch.objects.update(last_at=timezone.now() - timedelta(days=300))
    walk.propose_again(job=covers, by=cast.manager)
    refuse(covers, cast)
    last = Proposal.objects.latest("id")
    assert last.closed_counted_at == epoch_of(covers).last_at == last.at
    found = proposals.coming_back(covers, epoch_of(covers), to=Level.ASSISTANCE, now=timezone.now())
    assert found is not None
    assert found.returns == Return(not_before=last.at + timedelta(days=1), parts=50)
