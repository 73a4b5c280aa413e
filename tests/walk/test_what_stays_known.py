"""What is known against an AI stays known, whatever is changed around it: bars, levels, names, clocks."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from inspection import consequences, walk
from inspection.acts.change_bars import change_bars
from inspection.acts.register_model import register_folder
from inspection.acts.sign_proposal import refuse_proposal, sign_proposal
from inspection.models import Epoch, Job, ModelVersion, Proposal
from inspection.policy.promotion import COOL_ITEMS
from inspection.policy.replay import replay
from inspection.queries import epochs, ledger, proposals
from inspection.vocabulary import Cause, Level, Verdict
from tests.climbs import agreed, climbing_job, epoch_of, part, proposal_of
from tests.factories import Cast, answer, claim_one

OK, NG, UNSURE = Verdict
Numbers = list[float]


@pytest.fixture
def covers(cast: Cast) -> Job:
    """A job in partial automation, all that the AI passes looked at again; one part of it was."""
    made = climbing_job(cast, level=Level.PARTIAL)
    made.salts = {**made.salts, "blind": "none"}
    made.audit_share, made.blind_share, made.double_share, made.recheck_share = 1.0, 0.0001, 0.0, 0.0
    made.save()
    audited(made, cast)
    return made


def audited(made: Job, cast: Cast, *, escaped: bool = False) -> None:
    """One more part that the AI passes and people look at."""
    lot = f"L{made.items.count():04d}"
    part(made, OK, lot=lot)
    for who in (cast.inspector, cast.inspector2)[: 1 + escaped]:
        answer(claim_one(made, who), NG if escaped else OK, labels=("scratch",) if escaped else ())


def changed(made: Job, cast: Cast, **bars: float) -> None:
    change_bars(job=made, changes=bars, reason="a trial", by=cast.admin, now=timezone.now())
    made.refresh_from_db()


def thrown_back(made: Job) -> None:
    made.refresh_from_db()
    consequences.throw_back(made, cause=Cause.UNAUDITED, reason="too few", now=timezone.now())
    made.refresh_from_db()


def back_in_partial(made: Job) -> None:
    Job.objects.filter(pk=made.pk).update(level=Level.PARTIAL)
    made.refresh_from_db()


def detector(made: Job, name: str = "escape_audit", level: Level = Level.PARTIAL) -> Numbers:
    state: Numbers = epoch_of(made).detectors["levels"][level.value][name]["bar"]["m"]
    return state


def replays(made: Job) -> bool:
    return replay(ledger.events(made), start=Level.PARTIAL) == ledger.taken(made)


def test_a_minimum_moved_to_and_fro_between_escapes_saves_no_ai(covers: Job, cast: Cast) -> None:
    """Each easing began fresh detectors: of two hundred parts with twenty escapes not one was ever held against it."""
    days = 2
    for _ in range(8):
        if covers.level != Level.PARTIAL:
            break
        audited(covers, cast, escaped=True)
        changed(covers, cast, days=days)
        days = 3 - days
    assert covers.level == Level.ASSISTANCE
    assert replays(covers)


def test_under_an_eased_bar_the_detector_goes_on_from_where_it_stood(covers: Job, cast: Cast) -> None:
    changed(covers, cast, escape=0.03)
    audited(covers, cast, escaped=True)
    before, old = detector(covers), epoch_of(covers)
    changed(covers, cast, escape=0.05)
    audited(covers, cast)
    after = epoch_of(covers)
    assert after != old
    assert after.detectors["levels"]["partial"]["escape_audit"]["bar"]["p0"] == 0.05
    assert sum(detector(covers)) > 0.8 * sum(before)
    assert replays(covers)


def test_down_and_up_again_by_hand_keeps_what_the_detectors_have_seen(covers: Job, cast: Cast) -> None:
    audited(covers, cast, escaped=True)
    before = detector(covers)
    walk.switch_level(job=covers, new=Level.ASSISTANCE, reason="a pause", by=cast.manager)
    covers.refresh_from_db()
    walk.switch_level(job=covers, new=Level.PARTIAL, reason="on again", by=cast.admin)
    audited(covers, cast)
    assert sum(detector(covers)) > 0.8 * sum(before)
    assert replays(covers)


def test_a_stop_after_an_easing_costs_what_a_stop_costs(covers: Job, cast: Cast) -> None:
    old = epoch_of(covers)
    Epoch.objects.filter(pk=old.pk).update(proven=Level.PARTIAL)
    changed(covers, cast, unsettled=0.06)
    thrown_back(covers)
    agreed(covers, cast, [OK])
    old.refresh_from_db()
    new = epoch_of(covers)
    assert (old.demotions, new.demotions, new.cool_until) == (1, 1, old.cool_until)
    assert new.cool_items >= COOL_ITEMS - 1
    assert replays(covers)


def test_a_stop_ends_the_proof_under_every_set_of_bars(covers: Job, cast: Cast) -> None:
    old = epoch_of(covers)
    Epoch.objects.filter(pk=old.pk).update(proven=Level.PARTIAL)
    changed(covers, cast, unsettled=0.06)
    audited(covers, cast)
    assert epoch_of(covers) != old
    thrown_back(covers)
    old.refresh_from_db()
    assert old.proven == Level.ASSISTANCE


def test_the_same_weights_in_a_bundle_of_another_name_were_thrown_back_as_often(covers: Job, cast: Cast) -> None:
    for _ in range(2):
        thrown_back(covers)
        back_in_partial(covers)
    renamed = renamed_bundle(covers)
    walk.take_live(found=partial(register_folder, job=covers, folder=renamed, by=cast.admin), by=cast.admin)
    covers.refresh_from_db()
    agreed(covers, cast, [OK])
    assert ModelVersion.objects.count() == 2
    assert epoch_of(covers).demotions == 2


def renamed_bundle(made: Job) -> Path:
    assert made.champion is not None
    folder = Path(settings.BUNDLES) / f".renamed-{made.pk}"
    shutil.copytree(settings.BUNDLES / made.champion.digest, folder, dirs_exist_ok=True)
    manifest = folder / "bundle.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"name": "quite another"}))
    return folder


def test_a_month_of_rest_forgives_nothing(covers: Job, cast: Cast) -> None:
    for _ in range(2):
        thrown_back(covers)
        back_in_partial(covers)
    Epoch.objects.update(last_at=timezone.now() - timedelta(days=40))
    assert epochs.current(covers, timezone.now()) is None
    audited(covers, cast)
    assert (Epoch.objects.count(), epoch_of(covers).demotions) == (2, 2)


def test_a_clock_that_was_ahead_and_is_set_back_stops_no_counting(covers: Job, cast: Cast) -> None:
    """A demotion while it was ahead: until that day no part counted, and nobody was told."""
    consequences.throw_back(covers, cause=Cause.UNAUDITED, reason="x", now=timezone.now() + timedelta(days=20))
    back_in_partial(covers)
    audited(covers, cast)
    audited(covers, cast)
    epoch = epoch_of(covers)
    assert epoch.tallies["escape_audit"]["n"] == 1
    assert epoch.cool_until is not None
    assert epoch.cool_until <= timezone.now() + timedelta(hours=24)


def test_a_proposal_asked_for_after_a_turn_down_and_up_can_be_signed(cast: Cast) -> None:
    covers = climbing_job(cast)
    agreed(covers, cast, [OK, OK, NG] * 20)
    found = proposal_of(covers)
    assert found is not None
    refuse_proposal(proposal=found, by=cast.manager, reason="not today", now=timezone.now())
    for level, who in ((Level.HUMAN_ONLY, cast.manager), (Level.SHADOW, cast.admin)):
        walk.switch_level(job=covers, new=level, reason="a pause", by=who)
    covers.refresh_from_db()
    again = walk.propose_again(job=covers, by=cast.manager)
    assert proposals.what_changed(again, job=covers, now=timezone.now()) == []
    cast.manager.set_password("x")
    sign_proposal(proposal=again, by=cast.manager, password="x", reason="the figures", now=timezone.now())
    assert Proposal.objects.get(pk=again.pk).state == "signed"


def test_whoever_signs_is_told_how_often_counting_has_begun(cast: Cast) -> None:
    covers = climbing_job(cast)
    for accept_at in (0.3, 0.31):
        agreed(covers, cast, [OK])
        walk.change_job(job=covers, by=cast.manager, policy={"accept_at": accept_at})
        covers.refresh_from_db()
    agreed(covers, cast, [OK, OK, NG] * 20)
    found = proposal_of(covers)
    assert found is not None
    assert found.evidence["stretches"] == 3


def test_after_a_demotion_a_rate_that_was_proven_is_still_what_the_ai_is_held_to(covers: Job, cast: Cast) -> None:
    """The change detector was no more than a second bar detector: what was seen at the promotion had been cleared."""
    rate = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]
    rate["change"]["p0"] = 0.01
    epoch = epoch_of(covers)
    epoch.detectors["levels"]["partial"]["escape_audit"] = rate
    epoch.save()
    thrown_back(covers)
    back_in_partial(covers)
    Epoch.objects.update(counting_since=timezone.now())
    audited(covers, cast)
    pair = epoch_of(covers).detectors["levels"]["partial"]["escape_audit"]
    assert (pair["bar"]["p0"], pair["change"]["p0"]) == (0.05, 0.01)


def test_a_model_from_before_cores_were_kept_gets_its_own_when_it_is_taken_live_again(cast: Cast) -> None:
    """Without one, what was known against it did not go with its weights under another name."""
    covers = climbing_job(cast)
    folder = renamed_bundle(covers)
    known = register_folder(job=covers, folder=folder, by=cast.admin)
    ModelVersion.objects.update(core="")
    again = register_folder(job=covers, folder=folder, by=cast.admin)
    assert known.core != ""
    assert (again.pk, ModelVersion.objects.get(pk=known.pk).core) == (known.pk, known.core)
