from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone, translation

from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.change_bars import change_bars
from inspection.acts.sign_proposal import refuse_proposal, sign_proposal
from inspection.models import Epoch, Job, LevelChange, Person, Proposal, Signature
from inspection.refused import Kind, Refused, spoken
from inspection.vocabulary import Gate, Level, MemberRole, ProposalState
from tests.factories import Cast, person
from tests.proposals import MANY, PASSWORD, SPREAD, offered, proposed, with_password
from tests.stage import together


def sign(
    proposal: Proposal, by: Person, *, password: str = PASSWORD, reason: str = "the figures", known: bool = True
) -> Proposal:
    if known:
        with_password(by)
    return sign_proposal(proposal=proposal, by=by, password=password, reason=reason, now=timezone.now())


def refusal(proposal: Proposal, by: Person, **more: str) -> Refused:
    before = Signature.objects.count()
    with pytest.raises(Refused) as no:
        sign(proposal, by, **more)  # type: ignore[arg-type]
    assert Signature.objects.count() == before
    return no.value


def switch(proposal: Proposal, cast: Cast) -> LevelChange:
    return walk.switch_level(job=proposal.job, new=Level(proposal.new), reason="signed", by=cast.admin)


def state(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).state


def test_a_manager_signs_with_reason_and_password_and_an_admin_switches(cast: Cast) -> None:
    proposal = sign(proposed(cast), cast.manager, reason="  the figures ")
    assert proposal.state == ProposalState.SIGNED
    [signature] = proposal.signatures.all()
    assert (signature.person, signature.reason) == (cast.manager, "the figures")
    change = switch(proposal, cast)
    assert (change.proposal, change.new, state(proposal)) == (proposal, Level.ASSISTANCE, ProposalState.SWITCHED)
    assert Epoch.objects.get().proven == Level.ASSISTANCE


@pytest.mark.parametrize("who", ["inspector", "admin", "outsider", "service"])
def test_nobody_but_a_manager_signs_first(cast: Cast, who: str) -> None:
    no = refusal(proposed(cast), getattr(cast, who))
    assert (no.code, no.kind) == ("not_allowed", Kind.FORBIDDEN)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"password": "wrong"}, "wrong_password"),
        ({"password": ""}, "wrong_password"),
        ({"reason": " "}, "reason_missing"),
        ({"reason": "a\x00b"}, "bad_reason"),
    ],
)
def test_without_password_or_reason_nothing_is_signed(cast: Cast, more: dict[str, str], code: str) -> None:
    assert refusal(proposed(cast), cast.manager, **more).code == code


def test_one_name_is_one_signature(cast: Cast) -> None:
    full = proposed(cast, level=Level.PARTIAL)
    assert sign(full, cast.manager).state == ProposalState.OPEN
    assert refusal(full, cast.manager).code == "already_signed"


@pytest.mark.parametrize("second", ["admin", "other manager"])
def test_full_automation_takes_two_people(cast: Cast, second: str) -> None:
    full = sign(proposed(cast, level=Level.PARTIAL), cast.manager)
    with pytest.raises(Refused, match="not_proven"):
        switch(full, cast)
    other = cast.admin
    if second == "other manager":
        other = person("manager2")
        add_member(job=full.job, username="manager2", role=MemberRole.MANAGER)
    assert refusal(full, cast.inspector).code == "not_allowed"
    assert sign(full, other).state == ProposalState.SIGNED
    assert switch(full, cast).new == Level.FULL


def test_where_all_have_signed_nobody_else_does(cast: Cast) -> None:
    proposal = sign(proposed(cast), cast.manager)
    assert refusal(proposal, cast.admin).code == "already_signed"


# ---------------------------------------------------------------- overtaken


def test_a_proposal_whose_figures_have_got_worse_is_not_signed_and_says_which(cast: Cast) -> None:
    proposal = proposed(cast)
    offered(proposal.job, ai_error={**MANY, "k": 2_000, "spread": SPREAD}, miss={**MANY, "n": 4})
    no = refusal(proposal, cast.manager)
    assert (no.code, no.kind) == ("stale", Kind.CONFLICT)
    first, *_, last = no.extra["changed"]
    assert ["2\u202f000 of 5\u202f000" in first, "Defects counted: 4" in last] == [True, True]
    assert state(proposal) == ProposalState.STALE
    assert Proposal.objects.get().why == " ".join(no.extra["changed"])


def test_a_proposal_under_other_thresholds_is_not_signed(cast: Cast) -> None:
    proposal = proposed(cast)
    walk.change_job(job=proposal.job, by=cast.manager, policy={"accept_at": 0.3})
    assert "evidence is a new one" in refusal(proposal, cast.manager).extra["changed"][0]


def test_a_proposal_under_bars_that_were_lowered_since_is_not_signed(cast: Cast) -> None:
    proposal = proposed(cast)
    change_bars(job=proposal.job, changes={"days_in_partial": 7}, reason="x", by=cast.admin, now=timezone.now())
    assert refusal(proposal, cast.manager).code == "stale"


def test_a_stricter_bar_is_asked_of_what_was_proposed(cast: Cast) -> None:
    proposal = proposed(cast)
    change_bars(job=proposal.job, changes={"items": 10_000}, reason="x", by=cast.admin, now=timezone.now())
    assert refusal(proposal, cast.manager).extra["changed"] == ["Parts counted: 5\u202f000; at least 10\u202f000."]


def test_why_it_was_overtaken_is_kept_for_readers_of_any_language(cast: Cast) -> None:
    proposal = proposed(cast)
    bars = {"items": 10_000, "lots": 2_000}
    change_bars(job=proposal.job, changes=bars, reason="x", by=cast.admin, now=timezone.now())
    changed = refusal(proposal, cast.manager).extra["changed"]
    proposal.refresh_from_db()
    assert len(changed) == 2
    assert proposal.why == " ".join(changed) == spoken(proposal.words)
    with translation.override("vi"):
        assert spoken(proposal.words) == " ".join(spoken(sentence) for sentence in changed) != proposal.why


def test_what_was_signed_and_then_overtaken_is_not_switched(cast: Cast) -> None:
    proposal = sign(proposed(cast), cast.manager)
    offered(proposal.job, ai_error={**MANY, "k": 2_000, "spread": SPREAD})
    with pytest.raises(Refused) as no:
        switch(proposal, cast)
    assert (no.value.code, "2\u202f000 of 5\u202f000" in no.value.extra["changed"][0]) == ("stale", True)
    assert Job.objects.get().level == Level.SHADOW


def test_a_level_that_was_changed_meanwhile_closes_the_proposal(cast: Cast) -> None:
    proposal = proposed(cast)
    walk.switch_level(job=proposal.job, new=Level.HUMAN_ONLY, reason="stop", by=cast.manager)
    assert (state(proposal), refusal(proposal, cast.manager).code) == (ProposalState.STALE, "proposal_closed")


def test_a_proposal_is_refused_for_good(cast: Cast) -> None:
    proposal = proposed(cast)
    refuse_proposal(proposal=proposal, by=cast.manager, reason=" not now ", now=timezone.now())
    closed = Proposal.objects.get()
    assert (closed.state, closed.why, closed.closed_by) == (ProposalState.REFUSED, "not now", cast.manager)
    assert refusal(proposal, cast.manager).code == "proposal_closed"
    with pytest.raises(Refused, match="not_proven"):
        switch(proposal, cast)


@pytest.mark.parametrize("who", ["inspector", "outsider", "service"])
def test_not_everybody_refuses_a_proposal(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        refuse_proposal(proposal=proposed(cast), by=getattr(cast, who), reason="no", now=timezone.now())


def test_an_advisory_job_is_signed_as_well(cast: Cast) -> None:
    proposal = sign(proposed(cast, gate=Gate.ADVISORY), cast.manager)
    assert switch(proposal, cast).proposal == proposal


# ---------------------------------------------------------------- at once


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_sign_at_once_one_signs(cast: Cast) -> None:
    proposal = proposed(cast)
    add_member(job=proposal.job, username=person("manager2").username, role=MemberRole.MANAGER)
    both = [with_password(cast.manager), with_password(Person.objects.get(username="manager2"))]
    calls = [partial(sign, proposal, who, known=False) for who in both]
    [no] = [error for future in together(calls) if (error := future.exception())]
    assert isinstance(no, Refused)
    assert (no.code, Signature.objects.count()) == ("already_signed", 1)


@pytest.mark.django_db(transaction=True)
def test_of_a_signature_and_a_refusal_at_once_one_holds(cast: Cast) -> None:
    proposal = proposed(cast)
    with_password(cast.manager)
    calls = [
        partial(sign, proposal, cast.manager, known=False),
        partial(refuse_proposal, proposal=proposal, by=cast.admin, reason="no", now=timezone.now()),
    ]
    errors = [error for future in together(calls) if (error := future.exception())]
    assert (state(proposal), len(errors)) in {(ProposalState.REFUSED, 0), (ProposalState.REFUSED, 1)}


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_switch_a_signed_proposal_at_once_one_climbs(cast: Cast) -> None:
    proposal = sign(proposed(cast), cast.manager)
    [no] = [error for future in together([partial(switch, proposal, cast)] * 2) if (error := future.exception())]
    assert isinstance(no, Refused)
    assert (no.code, Job.objects.get().level) == ("same_level", Level.ASSISTANCE)
    assert LevelChange.objects.filter(new=Level.ASSISTANCE).count() == 1
