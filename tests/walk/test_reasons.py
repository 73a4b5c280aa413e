"""What rules give as a reason is kept so that it can be said in the language of whoever reads it later."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone, translation

from inspection import walk
from inspection.acts import switch_level as act
from inspection.models import Job, LevelChange, Proposal
from inspection.policy.stepping_down import FIGURES
from inspection.refused import spoken
from inspection.sentences import Percent, Sentence
from inspection.vocabulary import Cause, Gate, Level, ProposalState
from tests import factories
from tests.factories import Cast

SPEAKS = Sentence(
    "{figure}: the evidence speaks against the bar of {bar}", figure=FIGURES["escape_audit"], bar=Percent(0.005)
)
ENGLISH = "escapes in the random audit: the evidence speaks against the bar of 0.50\u00a0%"


def lowered(made: Job, reason: str = SPEAKS, *, cause: Cause = Cause.BAR) -> LevelChange:
    now = timezone.now()
    with transaction.atomic():
        change = act.step_down(
            job=made, to=Level.SHADOW, cause=cause, reason=reason, by=None, epoch=None, counted=now, now=now
        )
    return LevelChange.objects.get(pk=change.pk)


def in_vietnamese(said: str) -> str:
    with translation.override("vi"):
        return spoken(said)


def test_a_rule_s_reason_is_english_in_the_row_and_is_said_in_any_language(cast: Cast) -> None:
    with translation.override("vi"):
        change = lowered(factories.job(cast, level=Level.PARTIAL))
    assert change.reason == spoken(change.words) == ENGLISH
    assert in_vietnamese(change.words) == in_vietnamese(SPEAKS) != ENGLISH
    assert "0,50\u00a0%" in in_vietnamese(change.words)


def test_a_level_in_a_reason_is_english_in_the_row_of_a_vietnamese_manager(cast: Cast) -> None:
    made = factories.job(cast, level=Level.PARTIAL)
    factories.champion(made, factories.bundle(made))
    Job.objects.filter(pk=made.pk).update(gate=Gate.ENFORCED)
    with translation.override("vi"):
        walk.change_job(job=made, by=cast.manager, policy={"accept_at": 0.3})
    [change] = LevelChange.objects.filter(cause=Cause.UNPROVEN)
    assert change.reason == "the thresholds were changed: what is in force now is proven up to shadow"
    assert change.words.values["level"].text == "shadow"  # type: ignore[attr-defined]


def test_an_older_row_shows_the_text_that_it_has(cast: Cast) -> None:
    made = factories.job(cast, level=Level.PARTIAL)
    change = lowered(made, "escapes in the random audit: 3 %")
    assert (change.said, in_vietnamese(change.words)) == (None, "escapes in the random audit: 3 %")
    whole = lowered(made, "too few audits were answered", cause=Cause.UNAUDITED)
    assert in_vietnamese(whole.words) not in {"", "too few audits were answered"}


def test_what_a_person_wrote_stays_as_it_is(cast: Cast) -> None:
    made = factories.job(cast, level=Level.ASSISTANCE)
    change = walk.switch_level(job=made, new=Level.SHADOW, reason="shadow", by=cast.admin)
    assert (change.said, in_vietnamese(change.words)) == (None, "shadow")
    created = LevelChange.objects.get(job=made, old="")
    assert in_vietnamese(created.words) not in {"", "the job was created"}


@pytest.mark.parametrize(("state", "own"), [(ProposalState.STALE, False), (ProposalState.REFUSED, True)])
def test_why_a_proposal_was_closed_is_a_person_s_word_only_where_a_person_refused(
    state: ProposalState, own: bool
) -> None:
    closed = Proposal(state=state, why="shadow")
    assert (in_vietnamese(closed.words) == "shadow") is own
