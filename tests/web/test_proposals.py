from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from inspection.acts.change_bars import change_bars
from inspection.acts.sign_proposal import sign_proposal
from inspection.models import Epoch, Job, Person, Proposal
from inspection.vocabulary import Gate, Level, ProposalState, Verdict
from tests import factories
from tests.climbs import SMALL, agreed, climbing_job
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
PASSWORD = "right"


@pytest.fixture
def proposal(cast: factories.Cast) -> Proposal:
    """A climb to assistance that is proven; everybody knows the same password."""
    job = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(job, cast, [OK, OK, NG] * 20)
    for person in Person.objects.all():
        person.set_password(PASSWORD)
        person.save()
    return Proposal.objects.get()


def press(person: Person, proposal: Proposal, verb: str, **said: str) -> str:
    path = f"/jobs/{proposal.job.slug}/proposals/{proposal.pk}/{verb}/"
    answer = browser_of(Person.objects.get(pk=person.pk)).post(path, said, follow=True)
    return " ".join(answer.content.decode().split())


def sign(person: Person, proposal: Proposal, *, password: str = PASSWORD, reason: str = "the figures") -> str:
    return press(person, proposal, "sign", password=password, reason=reason)


def page(person: Person) -> str:
    answer = browser_of(Person.objects.get(pk=person.pk)).get("/jobs/covers/level/")
    return " ".join(answer.content.decode().split())


def test_a_proposal_shows_its_frozen_evidence_and_its_digest(cast: factories.Cast, proposal: Proposal) -> None:
    text = page(cast.manager)
    assert "To assistance: proven, waits for a signature" in text
    assert "From then on inspectors see what the AI thinks, but for 10 % of the parts" in text
    assert proposal.epoch.fingerprint[:16] in text
    assert "1 signature is missing" in text
    minimum = next(row for row in proposal.evidence["findings"] if row["name"] == "shifts")
    assert (
        f'<td class="num">{minimum["k"]}</td><td class="num"></td><td class="num">at least {minimum["n"]}</td>' in text
    )
    assert 'autocomplete="current-password"' in text


def test_a_manager_signs_and_an_admin_switches(cast: factories.Cast, proposal: Proposal) -> None:
    assert "Raise to assistance" not in page(cast.admin)
    assert "Signed. An admin may switch the level now." in sign(cast.manager, proposal)
    text = page(cast.admin)
    assert "To assistance: proven and signed, an admin may switch" in text
    assert "manager, <span" in text
    assert "Raise to assistance" in text
    done = browser_of(Person.objects.get(pk=cast.admin.pk)).post(
        "/jobs/covers/level/", {"level": "assistance", "reason": "signed"}, follow=True
    )
    text = done.content.decode()
    assert "The job stands on assistance now." in text
    assert "the figures</div>" in text


def test_the_admin_has_no_form_for_the_first_signature(cast: factories.Cast, proposal: Proposal) -> None:
    assert "Your password, once more" not in page(cast.admin)
    assert "A quality manager of this job signs." in sign(cast.admin, proposal)


def test_a_wrong_password_signs_nothing_and_some_of_them_make_a_pause(cast: factories.Cast, proposal: Proposal) -> None:
    assert "That is not your password." in sign(cast.manager, proposal, password="wrong")
    for _ in range(settings.LOGIN_TRIES - 1):
        sign(cast.manager, proposal, password="wrong")
    answer = press_raw(cast.manager, proposal, password=PASSWORD)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert proposal.signatures.count() == 0


def press_raw(person: Person, proposal: Proposal, **said: str) -> Any:
    path = f"/jobs/covers/proposals/{proposal.pk}/sign/"
    return browser_of(Person.objects.get(pk=person.pk)).post(path, {"reason": "r", **said})


def test_wrong_passwords_count_together_with_wrong_log_ins(cast: factories.Cast, proposal: Proposal) -> None:
    for _ in range(settings.LOGIN_TRIES):
        browser_of(None).post("/log-in/", {"username": "manager", "password": "wrong"})
    assert press_raw(cast.manager, proposal, password=PASSWORD).status_code == 429


def test_a_signature_without_a_reason_is_none(cast: factories.Cast, proposal: Proposal) -> None:
    assert "Say why; it goes into the history." in sign(cast.manager, proposal, reason=" ")
    assert proposal.signatures.count() == 0


def test_a_refused_proposal_leaves_the_job_where_it_stands(cast: factories.Cast, proposal: Proposal) -> None:
    text = press(cast.manager, proposal, "refuse", reason="the lamp was new")
    assert "The proposal is refused" in text
    assert "the lamp was new" in text
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_by, proposal.job.level) == ("refused", cast.manager, "shadow")


def test_a_stale_proposal_says_what_has_changed(cast: factories.Cast, proposal: Proposal) -> None:
    harder = SMALL | {"ai_error": 0.01}
    change_bars(job=proposal.job, changes=harder, reason="stricter", by=cast.admin, now=timezone.now())
    before = page(cast.manager)
    assert "It does not stand any more:" in before
    assert "proven, waits for a signature" not in before
    text = sign(cast.manager, proposal)
    assert "The proposal has been overtaken; it was not signed." in text
    assert "bar 1 %" in text
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.STALE


def test_of_two_signatures_the_second_may_be_an_admins(cast: factories.Cast, proposal: Proposal) -> None:
    Job.objects.update(level=Level.PARTIAL)
    Proposal.objects.update(old=Level.PARTIAL, new=Level.FULL)
    assert "one more person has to sign after you" in page(cast.manager)
    proposal.refresh_from_db()
    manager = Person.objects.get(pk=cast.manager.pk)
    proposal.signatures.create(person=manager, reason="r", at=timezone.now())
    assert "Your password, once more" in page(cast.admin)
    assert "Your password, once more" not in page(cast.manager)


def test_a_proposal_of_another_job_is_not_there(cast: factories.Cast, proposal: Proposal, elsewhere: Person) -> None:
    answer = browser_of(elsewhere).post(f"/jobs/lids/proposals/{proposal.pk}/sign/", {"reason": "r", "password": "x"})
    assert answer.status_code == 404


def test_the_switch_of_a_proposal_that_was_overtaken_says_why(cast: factories.Cast, proposal: Proposal) -> None:
    manager = Person.objects.get(pk=cast.manager.pk)
    sign_proposal(proposal=proposal, by=manager, password=PASSWORD, reason="r", now=timezone.now())
    harder = {"ai_error": 0.01}
    change_bars(job=proposal.job, changes=harder, reason="stricter", by=cast.admin, now=timezone.now())
    done = browser_of(Person.objects.get(pk=cast.admin.pk)).post(
        "/jobs/covers/level/", {"level": "assistance", "reason": "signed"}, follow=True
    )
    text = done.content.decode()
    assert "The proposal has been overtaken; nothing was switched. With 9" in text
    assert Job.objects.get().level == "shadow"


def again(person: Person) -> str:
    answer = browser_of(Person.objects.get(pk=person.pk)).post("/jobs/covers/proposals/again/", follow=True)
    return " ".join(answer.content.decode().split())


def test_the_page_says_when_a_refused_proposal_comes_back(cast: factories.Cast, proposal: Proposal) -> None:
    text = press(cast.manager, proposal, "refuse", reason="the lamp was new")
    assert "Refused: from shadow to assistance" in text
    assert "It comes back when 50 more parts have been counted, not before" in text
    Proposal.objects.update(closed_parts=10)
    assert "It comes back with the first part that is counted after" in page(cast.admin)
    Proposal.objects.update(closed_at=timezone.now() - timedelta(days=2))
    assert "It comes back with the next counted part" in page(cast.admin)
    assert "Refused: from" not in page(cast.inspector)


def test_a_refused_proposal_comes_at_once_for_who_asks(cast: factories.Cast, proposal: Proposal) -> None:
    assert "Propose it again now" in press(cast.manager, proposal, "refuse", reason="the lamp was new")
    text = again(cast.manager)
    assert "It is proposed again, with the evidence as it stands now." in text
    assert "To assistance: proven, waits for a signature" in text
    assert "Refused: from" not in text
    assert "A proposal waits already." in again(cast.manager)


def test_what_is_not_proven_any_more_has_no_button(cast: factories.Cast, proposal: Proposal) -> None:
    press(cast.manager, proposal, "refuse", reason="the lamp was new")
    Epoch.objects.update(demotions=1, cool_until=timezone.now() + timedelta(hours=1))
    text = page(cast.manager)
    assert "It is not proven at present, so there is nothing to propose." in text
    assert "Propose it again now" not in text
    assert "There is nothing to propose." in again(cast.manager)
