"""The same picture again, under whatever serial and lot, is the same evidence once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inspection.models import Evidence, Item, Job, LedgerEntry
from inspection.policy.replay import replay
from inspection.queries import ledger, readiness
from inspection.vocabulary import Level, Verdict
from tests.climbs import climbing_job, epoch_of, say, tally
from tests.factories import Cast, answer, claim_one, picture, take_in
from tests.walk.test_come_to_light import audited

OK, NG, UNSURE = Verdict


@pytest.fixture
def shadow(cast: Cast) -> Job:
    return climbing_job(cast)


def sent(made: Job, cast: Cast, number: int, verdict: Verdict, *, seed: int, said: Verdict | None = None) -> Item:
    """A picture under a serial and a lot of its own, of which the AI and a person say the same if not told apart."""
    item = take_in(made, data=picture(seed=seed), serial=f"S{number}", lot=f"L{number}")
    say(made, item, said or verdict)
    answer(claim_one(made, cast.inspector), verdict, labels=("scratch",) if verdict == NG else ())
    return item


def test_two_pictures_under_twelve_serials_are_two_pieces_of_evidence(shadow: Job, cast: Cast) -> None:
    for number in range(12):
        verdict = NG if number % 2 else OK
        sent(shadow, cast, number, verdict, seed=number % 2)
    assert (tally(shadow, "ai_error"), tally(shadow, "miss")) == ((0, 2), (0, 1))
    assert epoch_of(shadow).tallies["ai_error"]["lots"] == 2
    assert (Evidence.objects.count(), Evidence.objects.filter(repeated=True).count()) == (12, 10)
    assert LedgerEntry.objects.filter(left_out=True).count() == 10
    assert replay(ledger.events(shadow), start=Level.SHADOW) == ledger.taken(shadow)


def test_how_many_are_left_out_is_said(shadow: Job, cast: Cast, client: Client) -> None:
    for number in range(3):
        sent(shadow, cast, number, OK, seed=1)
    assert readiness.look(Job.objects.get(), now=timezone.now()).repeats == 2
    client.force_login(cast.manager)
    page = client.get(reverse("level", args=[shadow.slug])).content.decode()
    assert "2 parts are left out because their pictures had come before." in page


def test_a_repeat_feeds_no_detector(cast: Cast) -> None:
    made = climbing_job(cast, level=Level.PARTIAL)
    audited(made)
    sent(made, cast, 1, OK, seed=1)
    before = epoch_of(made).detectors
    sent(made, cast, 2, OK, seed=1)
    assert (tally(made, "escape_audit"), epoch_of(made).detectors) == ((0, 1), before)


def test_a_repeat_does_not_take_the_place_of_another_part_of_its_lot(shadow: Job, cast: Cast) -> None:
    for number in range(6):
        item = take_in(shadow, data=picture(seed=max(0, number - 2)), serial=f"S{number}", lot="L1")
        say(shadow, item, OK)
        answer(claim_one(shadow, cast.inspector), OK)
    assert list(Evidence.objects.order_by("draw").values_list("repeated", flat=True)) == [
        False,
        *[True] * 2,
        *[False] * 3,
    ]
    assert tally(shadow, "ai_error") == (0, 3)
