from __future__ import annotations

import pytest

from inspection.models import Epoch, Job, Proposal
from inspection.simulation import people
from inspection.vocabulary import Level, ProposalState
from tests import factories
from tests.proposals import MANY, proposed, with_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> factories.Cast:
    return factories.people()


@pytest.fixture
def proposal(cast: factories.Cast, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    monkeypatch.setattr(people, "PASSWORD", "the-right-one")
    with_password(cast.manager)
    return proposed(cast)


def climbed(proposal: Proposal, cast: factories.Cast) -> bool:
    return people.climb(Job.objects.get(pk=proposal.job_id), manager=cast.manager, admin=cast.admin)


def test_a_proposal_that_stands_is_signed_and_the_job_climbs(cast: factories.Cast, proposal: Proposal) -> None:
    assert climbed(proposal, cast)
    assert Job.objects.get(pk=proposal.job_id).level == Level.ASSISTANCE


def test_work_goes_on_where_errors_have_overtaken_the_proposal(cast: factories.Cast, proposal: Proposal) -> None:
    """Two hundred runs ended here: five errors came in the handful of parts that had proven the climb."""
    epoch = Epoch.objects.get(pk=proposal.epoch_id)
    Epoch.objects.update(tallies={**epoch.tallies, "ai_error": {**epoch.tallies["ai_error"], **MANY, "k": 2_000}})
    assert not climbed(proposal, cast)
    assert Job.objects.get(pk=proposal.job_id).level == Level.SHADOW
    assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.STALE
