from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from inspection.models import Epoch, Incident, Job, LevelChange, Proposal, Signature
from inspection.policy.sampling import Audit
from inspection.queries import proposals
from inspection.vocabulary import AuditPlan, Level, ProposalState
from tests.factories import Cast
from tests.proposals import proposed


def changed(proposal: Proposal) -> list[str]:
    return proposals.what_changed(proposal, job=Job.objects.get(), now=timezone.now())


def test_a_proposal_stands_until_it_is_closed(cast: Cast) -> None:
    proposal = proposed(cast)
    assert (proposals.standing(proposal.job), changed(proposal)) == (proposal, [])
    Proposal.objects.update(state=ProposalState.SIGNED)
    assert proposals.standing(proposal.job) == proposal
    for state in (ProposalState.STALE, ProposalState.REFUSED, ProposalState.SWITCHED):
        Proposal.objects.update(state=state)
        assert proposals.standing(proposal.job) is None


def test_only_what_is_signed_and_for_this_climb_is_switched(cast: Cast) -> None:
    proposal = proposed(cast)
    assert proposals.signed(proposal.job, new=Level.ASSISTANCE) is None
    Proposal.objects.update(state=ProposalState.SIGNED)
    assert proposals.signed(proposal.job, new=Level.ASSISTANCE) == proposal
    assert proposals.signed(proposal.job, new=Level.PARTIAL) is None


@pytest.mark.parametrize(("level", "missing"), [(Level.SHADOW, [1, 0]), (Level.PARTIAL, [2, 1])])
def test_how_many_still_have_to_sign(cast: Cast, level: Level, missing: list[int]) -> None:
    proposal = proposed(cast, level=level)
    before = proposals.signatures_missing(proposal)
    Signature.objects.create(proposal=proposal, person=cast.manager, reason="x", at=timezone.now())
    assert [before, proposals.signatures_missing(proposal)] == missing


def test_a_level_that_went_down_and_up_again_overtakes_it(cast: Cast) -> None:
    proposal = proposed(cast)
    LevelChange.objects.create(
        job=proposal.job, old=Level.SHADOW, new=Level.SHADOW, reason="x", ledger=proposal.ledger, at=timezone.now()
    )
    assert changed(proposal) == ["The level has been changed since, and counting has begun anew."]


def test_an_incident_that_was_opened_since_stands_against_full_automation(cast: Cast) -> None:
    proposal = proposed(cast, level=Level.PARTIAL)
    assert changed(proposal) == []
    incident = Incident.objects.create(
        job=proposal.job, words="a customer complains", client_key="k", by=cast.manager, at=timezone.now()
    )
    assert changed(proposal) == ["Open alarms and incidents: 1."]
    Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now())
    assert changed(proposal) == []


@pytest.mark.parametrize(
    ("audit", "said"),
    [
        (Audit(), []),
        (replace(Audit(), plan=AuditPlan.REDUCED), []),
        (Audit().tightened(), ["Open alarms and incidents: 1."]),
    ],
)
def test_an_audit_that_was_tightened_since_stands_against_full_automation(
    cast: Cast, audit: Audit, said: list[str]
) -> None:
    """A warning, a bad lot or the climb itself lies back less than a thousand parts."""
    proposal = proposed(cast, level=Level.PARTIAL)
    Job.objects.update(audit_state=audit.as_json())
    assert changed(proposal) == said


def test_a_tightened_audit_asks_nothing_of_the_climbs_before(cast: Cast) -> None:
    proposal = proposed(cast)
    Job.objects.update(audit_state=Audit().tightened().as_json())
    assert changed(proposal) == []


def test_a_cool_down_that_began_since_stands_against_it(cast: Cast) -> None:
    proposal = proposed(cast)
    Epoch.objects.update(demotions=1, cool_until=timezone.now() + timedelta(hours=1))
    proposal.epoch.refresh_from_db()
    [sentence] = changed(proposal)
    assert sentence.startswith("Cooling down")


def test_another_model_overtakes_it(cast: Cast) -> None:
    proposal = proposed(cast)
    Job.objects.update(champion=None)
    assert "evidence is a new one" in changed(proposal)[0]
