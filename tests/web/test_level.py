from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from deploy import words
from inspection.acts.add_member import add_member
from inspection.acts.change_calendar import change_calendar
from inspection.acts.sign_proposal import sign_proposal
from inspection.models import Epoch, Incident, Job, LevelChange
from inspection.policy.bars import Bars
from inspection.policy.promotion import Facts, readiness
from inspection.policy.stepping_down import fresh
from inspection.queries import epochs
from inspection.sentences import Sentence
from inspection.vocabulary import Gate, Level, MemberRole, Verdict
from tests import factories
from tests.climbs import agreed, climbing_job, epoch_of
from tests.proposals import PASSWORD, offered, proposed, with_password
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
PAGE = "/jobs/covers/level/"


def read(person: factories.Person) -> str:
    """The page as words, without the breaks of its lines."""
    answer = browser_of(person).get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_button_says_what_a_step_down_does(cast: factories.Cast, job: Job) -> None:
    for _ in range(2):
        factories.item(job, score=0.5)
    assert "Lower to assistance: 2 undecided parts go to people" in read(cast.manager)


def test_a_manager_gets_no_button_upwards(cast: factories.Cast, job: Job) -> None:
    assert "Raise to" not in read(cast.manager)
    assert "Raise to full automation" in read(cast.admin)


def test_an_admin_climbs_with_a_reason_that_stands_in_the_history(cast: factories.Cast, job: Job) -> None:
    said = {"level": "full", "reason": "three good weeks"}
    answer = browser_of(cast.admin).post(PAGE, said, follow=True)
    text = answer.content.decode()
    assert "The job stands on full automation now." in text
    assert "three good weeks" in text
    assert LevelChange.objects.filter(job=job, new="full", by=cast.admin).count() == 1


def test_a_switch_without_a_reason_changes_nothing(cast: factories.Cast, job: Job) -> None:
    answer = browser_of(cast.admin).post(PAGE, {"level": "full", "reason": " "}, follow=True)
    assert "Say why; it goes into the history." in answer.content.decode()
    assert Job.objects.get(pk=job.pk).level == "partial"


def test_before_anything_is_counted_the_page_says_what_to_do(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.SHADOW, gate=Gate.ENFORCED)
    assert "Not yet to assistance: nothing has been counted" in read(cast.admin)
    assert "the job has no live model" in read(cast.admin)
    factories.champion(job, factories.bundle(job))
    text = read(cast.admin)
    assert "Judge parts: in shadow each one counts" in text
    assert "Assistance has to be proven and signed first." in text
    assert "Raise to" not in text


def test_each_criterion_says_its_state_and_what_is_still_needed(cast: factories.Cast) -> None:
    job = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(job, cast, [OK, OK, NG] * 3)
    text = read(cast.manager)
    assert "Not yet to assistance: 5 of 8 criteria are open" in text
    assert "(seen: 0 of 9); bar 20 %" in text
    assert "Parts counted: 9; at least 50." in text
    assert "About 5 shifts at the present pace." in text
    assert "People who judged 3 or more of the counted parts: 2; at least 2." in text
    assert text.count('<polyline class="way"') == 2


def test_the_way_of_a_proof_can_be_read_as_a_table(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK, OK])
    assert '<td class="num">2</td><td class="num">0</td><td class="num">0.' in read(cast.manager)


def test_an_inspector_reads_the_ladder_and_no_figure(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK] * 3)
    text = read(cast.inspector)
    assert "This job stands on shadow" in text
    for word in ("counted", "seen:", "criteria", "audit costs", "Every switch"):
        assert word not in text


def test_an_inspector_may_stop_automation(cast: factories.Cast, job: Job) -> None:
    assert "Lower to assistance" in read(cast.inspector)
    browser_of(cast.inspector).post(PAGE, {"level": "assistance", "reason": "it passes scratches"})
    assert Job.objects.get(pk=job.pk).level == "assistance"


def test_the_detectors_are_shown_with_what_an_alarm_would_do(cast: factories.Cast, job: Job) -> None:
    factories.item(job, score=0.5)
    text = read(cast.manager)
    assert (
        "lowers the job to assistance, at once and by itself; undecided parts that would go to people now: 1." in text
    )
    assert "Escapes in the random audit" in text
    assert "against the bar of 0.50 %" in text
    assert text.count("quiet") == 4


def test_a_detector_that_has_seen_errors_is_not_called_quiet(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    Job.objects.update(level=Level.PARTIAL)
    pairs = fresh(level=Level.PARTIAL, tallies={}, bars=epochs.bars_of(job))
    loud = {name: {**pair.as_json(), "bar": {"p0": pair.bar.p0, "m": [2000.0] * 5}} for name, pair in pairs.items()}
    Epoch.objects.update(detectors={"level": "partial", "pairs": loud})
    text = read(cast.manager)
    assert "2 000 of 10 000</span> <span>close to an alarm" in text
    assert "quiet" in text


def test_the_third_demotion_is_announced(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    Job.objects.update(level=Level.PARTIAL)
    Epoch.objects.update(demotions=2)
    text = read(cast.manager)
    assert "lowers the job to shadow" in text
    assert "It would be demotion number 3: after it another model has to come." in text
    assert "kept at 2.5 % now" in text


def test_a_cool_down_is_shown_until_it_is_over(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    Epoch.objects.update(demotions=1, cool_items=312, cool_until=timezone.now() + timedelta(hours=5))
    text = read(cast.manager)
    assert "312 more blind parts, and not before" in text
    assert "Cooling down after a demotion" in text
    assert "once with what is in force" in text


def test_the_audit_is_priced_in_parts_and_audits(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK] * 10)
    text = read(cast.manager)
    assert "At 5 % random audit, a fall from" in text
    assert '<th scope="row" class="num">20 %</th><td class="num">2</td>' in text


def test_the_audit_is_compared_with_a_sampling_plan_for_the_usual_lot(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    assert "None of the latest parts carries the name of a lot" in read(cast.manager)
    agreed(job, cast, [OK] * 9, per_lot=4)
    text = read(cast.manager)
    assert "The usual lot here has 4 parts (median; lots counted: 2)." in text
    assert "the escape bar of 5 % is 4.0. At inspection level II such a lot has code letter A." in text
    assert '<th scope="row">normal</th><td>B</td><td class="num">3</td>' in text


def test_at_the_top_and_at_the_bottom_nothing_has_to_be_proven(cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.FULL)
    assert "This job stands on the top level" in read(cast.manager)
    Job.objects.filter(pk=job.pk).update(level=Level.HUMAN_ONLY)
    assert "Nothing has to be proven for shadow" in read(cast.manager)


def test_an_advisory_job_is_told_what_the_gate_would_have_said(cast: factories.Cast) -> None:
    climbing_job(cast)
    assert "What follows is what the gate would have said." in read(cast.manager)


def test_open_incidents_lead_to_their_page(cast: factories.Cast, job: Job) -> None:
    Incident.objects.create(job=job, words="oil", client_key="k", by=cast.inspector, at=timezone.now())
    assert '<a href="/jobs/covers/incidents/">1</a>' in read(cast.manager)


def test_evidence_of_an_earlier_model_stays_to_be_read(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK, OK, NG])
    digest = epoch_of(job).model.digest[:8]
    factories.champion(job, factories.bundle(job, score=0.7))
    text = read(cast.manager)
    assert "nothing has been counted" in text
    assert "It proves nothing for what is in force now." in text
    assert f'<span class="mono muted">{digest}</span>' in text
    assert "0 of 3, at most" in text


def test_whoever_may_have_taught_the_model_is_named(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK, OK])
    assert "Look twice:" not in read(cast.manager)
    before = epoch_of(job).model.at - timedelta(days=1)
    job.reviews.get(verdicts__person=cast.inspector).verdicts.update(at=before)
    assert "Look twice:</strong> inspector judged parts of this job before the model came" in read(cast.manager)


def test_people_who_agree_too_little_are_named_as_the_ceiling(cast: factories.Cast) -> None:
    climbing_job(cast)
    assert "How well people agree: unknown: 0 of 100 pairs." in read(cast.manager)


def test_what_set_something_off_is_said_in_words(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK] * 2)
    first = job.ledger.order_by("id")[0]
    job.ledger.filter(pk=first.pk).update(alarms=["change:escape_audit", "critical"])
    text = read(cast.manager)
    assert "escapes in the random audit: warning, more than at the promotion; a critical defect was let through" in text


def test_an_admin_who_climbs_without_proof_is_told_so(cast: factories.Cast) -> None:
    climbing_job(cast)
    text = read(cast.admin)
    assert "From then on inspectors see what the AI thinks" in text
    assert "It is not proven." in text


@pytest.mark.parametrize("to", [Level.ASSISTANCE, Level.PARTIAL, Level.FULL])
def test_every_sentence_of_a_criterion_is_on_the_list_to_be_translated(to: Level) -> None:
    marked = {message.id for message in words.gathered("django")}
    found = readiness(to=to, tallies={}, bars=Bars(), facts=Facts(now=timezone.now(), demotions=1, critical=("dent",)))
    said = [finding.sentence for finding in found.findings]
    assert [sentence for sentence in said if isinstance(sentence, Sentence) and sentence.text in marked] == said


def test_a_replay_says_by_which_clock_each_switch_counts(cast: factories.Cast, job: Job) -> None:
    captured = timezone.now().replace(year=2025, month=3, day=2, hour=14, minute=5, second=6)
    LevelChange.objects.filter(job=job).update(counted_at=captured)
    assert "counts from" not in read(cast.manager)
    Job.objects.filter(pk=job.pk).update(captured_time=True)
    text = read(cast.manager)
    assert "counts from 2025-03-02 14:05:06" in text
    assert "This job counts by the time of capture of its parts" in text
    assert "This job counts by the time of capture of its parts" not in read(cast.inspector)


@pytest.mark.parametrize(
    ("address", "tab"),
    [("level/", "page"), ("what-if/", "true"), ("bars/", "true"), ("agreement/", None)],
)
def test_pages_below_the_level_stand_under_its_tab(
    cast: factories.Cast, job: Job, address: str, tab: str | None
) -> None:
    text = browser_of(cast.manager).get(f"/jobs/covers/{address}").content.decode()
    mark = f' aria-current="{tab}"' if tab else ""
    assert f'<a href="{PAGE}"{mark}>Level</a>' in text


def test_paper_says_who_printed_the_level_and_when(cast: factories.Cast, job: Job) -> None:
    text = read(cast.manager)
    assert 'class="print-only muted">Printed by manager, ' in text
    assert "css/paper.css" in text
    assert "js/agreement.js" in text, "it opens the figures of the history for paper"


def test_who_signs_reads_how_the_calendar_was_changed_meanwhile(cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    change_calendar(job=job, time_zone="Pacific/Niue", by=cast.admin, now=timezone.now())
    assert offered(job) is not None
    text = read(cast.manager)
    assert "The calendar was changed while this was counted:" in text
    assert "admin changed the calendar from 06:00 14:00 22:00 UTC to 06:00 14:00 22:00 Pacific/Niue." in text


def test_a_signature_that_has_fallen_is_said_and_asked_for_again(cast: factories.Cast) -> None:
    found = proposed(cast)
    now = timezone.now()
    sign_proposal(proposal=found, by=with_password(cast.manager), password=PASSWORD, reason="the figures", now=now)
    assert "Signed: you may switch the level below." in read(cast.admin)
    add_member(job=found.job, username=cast.manager.username, role=MemberRole.INSPECTOR)
    text = read(cast.admin)
    assert "this signature has fallen" in text
    assert "1 signature is missing" in text
    assert "Signed: you may switch the level below." not in text
    assert "To assistance: proven, waits for a signature" in text
    assert "assistance" not in browser_of(cast.admin).get("/api/v1/jobs/covers/level/").json()["may_switch_to"]
