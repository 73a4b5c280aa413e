from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from inspection.acts.change_bars import change_bars
from inspection.models import Epoch, Job, Person, Proposal
from inspection.queries.readiness import digest_of
from inspection.vocabulary import Gate, Verdict
from tests import factories
from tests.api.conftest import Caller, Callers, code
from tests.climbs import agreed, climbing_job

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
PASSWORD = "right"


@pytest.fixture
def proposal(cast: factories.Cast) -> Proposal:
    job = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(job, cast, [OK, OK, NG] * 20)
    for person in Person.objects.all():
        person.set_password(PASSWORD)
        person.save()
    return Proposal.objects.get()


def sign(caller: Caller, proposal: Proposal, **said: str) -> Any:
    return caller.post(f"/proposals/{proposal.pk}/sign/", {"reason": "the figures", "password": PASSWORD, **said})


def switch(caller: Caller) -> Any:
    return caller.post("/jobs/covers/level/", {"level": "assistance", "reason": "signed"})


def test_a_proposal_is_listed_with_its_frozen_evidence(call: Callers, proposal: Proposal) -> None:
    [found] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert (found["id"], found["old"], found["new"], found["state"]) == (proposal.pk, "shadow", "assistance", "open")
    assert (found["evidence"], found["digest"]) == (proposal.evidence, digest_of(proposal))
    assert (found["signatures"], found["missing"]) == ([], 1)
    assert call.manager.get("/jobs/covers/readiness/").json()["proposal"] == proposal.pk


def test_sign_and_switch(call: Callers, proposal: Proposal) -> None:
    assert "assistance" not in call.admin.get("/jobs/covers/level/").json()["may_switch_to"]
    signed = sign(call.manager, proposal).json()
    assert (signed["state"], signed["missing"]) == ("signed", 0)
    assert [(one["by"], one["reason"]) for one in signed["signatures"]] == [("manager", "the figures")]
    assert "assistance" in call.admin.get("/jobs/covers/level/").json()["may_switch_to"]
    change = switch(call.admin).json()
    assert (change["new"], change["cause"], change["proposal"]) == ("assistance", "person", proposal.pk)
    [found] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert (found["state"], found["closed_by"]) == ("switched", "admin")


def test_without_a_signature_the_criteria_are_said_in_figures(call: Callers, proposal: Proposal) -> None:
    refused = switch(call.admin)
    assert code(refused) == (409, "not_proven")
    assert "seen: 0 of 60" in refused.json()["criteria"][0]
    assert "seen: 0 of 60" in call.manager.get("/jobs/covers/level/").json()["criteria"][0]
    assert "seen" not in call.inspector.get("/jobs/covers/level/").content.decode()


def test_a_stale_proposal_says_what_has_changed(call: Callers, cast: factories.Cast, proposal: Proposal) -> None:
    sign(call.manager, proposal)
    change_bars(job=proposal.job, changes={"ai_error": 0.01}, reason="r", by=cast.admin, now=timezone.now())
    refused = switch(call.admin)
    assert code(refused) == (409, "stale")
    assert ["bar 1\u00a0%" in sentence for sentence in refused.json()["changed"]] == [True]
    assert Job.objects.get().level == "shadow"


@pytest.mark.parametrize(
    ("who", "said", "expected"),
    [
        ("manager", {"password": "wrong"}, (403, "wrong_password")),
        ("manager", {"reason": " "}, (422, "reason_missing")),
        ("manager", {"why": "x"}, (422, "unknown_field")),
        ("admin", {}, (403, "not_allowed")),
        ("inspector", {}, (403, "not_allowed")),
        ("outsider", {}, (404, "not_found")),
    ],
)
def test_what_is_no_signature_changes_nothing(
    call: Callers, proposal: Proposal, who: str, said: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code(sign(getattr(call, who), proposal, **said)) == expected
    assert proposal.signatures.count() == 0


def test_passwords_are_not_guessed_here_either(call: Callers, proposal: Proposal) -> None:
    for _ in range(settings.LOGIN_TRIES):
        sign(call.manager, proposal, password="wrong")
    refused = sign(call.manager, proposal)
    assert (code(refused), int(refused["Retry-After"]) > 0) == ((429, "too_many_tries"), True)


def test_nobody_signs_twice(call: Callers, proposal: Proposal) -> None:
    sign(call.manager, proposal)
    assert code(sign(call.manager, proposal)) == (409, "already_signed")


def test_a_refused_proposal_is_closed_for_good(call: Callers, proposal: Proposal) -> None:
    path = f"/proposals/{proposal.pk}/refuse/"
    refused = call.manager.post(path, {"reason": "the lamp was new"}).json()
    assert (refused["state"], refused["why"], refused["closed_by"]) == ("refused", "the lamp was new", "manager")
    assert code(call.manager.post(path, {"reason": "again"})) == (409, "proposal_closed")
    assert code(sign(call.manager, proposal)) == (409, "proposal_closed")


def test_a_refused_proposal_says_what_it_waits_for_and_comes_when_asked(call: Callers, proposal: Proposal) -> None:
    refused = call.manager.post(f"/proposals/{proposal.pk}/refuse/", {"reason": "the lamp was new"}).json()
    [found] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    closed_at = Proposal.objects.get().closed_at
    assert closed_at is not None
    assert found["returns"] == {"not_before": (closed_at + timedelta(days=1)).isoformat(), "parts": 50}
    assert (refused["state"], found["asked_by"]) == ("refused", None)
    answer = call.admin.post("/jobs/covers/proposals/", {})
    again = answer.json()
    assert (answer.status_code, again["state"], again["asked_by"], again["new"]) == (201, "open", "admin", "assistance")
    [newest, old] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert (newest["id"], newest["returns"], old["returns"]) == (again["id"], None, None)
    assert code(call.admin.post("/jobs/covers/proposals/", {})) == (409, "proposed_already")


def test_what_is_not_proven_is_not_proposed_for_the_asking(call: Callers, proposal: Proposal) -> None:
    call.manager.post(f"/proposals/{proposal.pk}/refuse/", {"reason": "the lamp was new"})
    Epoch.objects.update(demotions=1, cool_until=timezone.now() + timedelta(hours=1))
    no = call.manager.post("/jobs/covers/proposals/", {})
    assert code(no) == (409, "not_proven")
    assert [sentence.startswith("Cooling down") for sentence in no.json()["criteria"]] == [True]


def test_what_was_proven_is_told_in_the_language_of_whoever_asks(call: Callers, proposal: Proposal) -> None:
    [english] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert english["criteria"] == [one["sentence"] for one in proposal.evidence["findings"]]
    Person.objects.update(language="vi")
    [found] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert (found["evidence"], found["digest"]) == (english["evidence"], english["digest"])
    assert not set(found["criteria"]) & set(english["criteria"])


def test_an_older_proposal_tells_the_text_that_it_has(call: Callers, proposal: Proposal) -> None:
    for one in proposal.evidence["findings"]:
        del one["said"]
    proposal.save()
    Person.objects.update(language="vi")
    [found] = call.manager.get("/jobs/covers/proposals/").json()["results"]
    assert found["criteria"] == [one["sentence"] for one in proposal.evidence["findings"]]
