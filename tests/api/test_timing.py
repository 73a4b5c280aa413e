"""Time tells nothing: a blind probe takes as long as a part of a job whose AI is off, and answers the same bytes."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings
from scipy.stats import ks_2samp

from inspection import walk
from inspection.models import Evidence, Job, Review
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import HintMode, Level, Reason
from tests import factories
from tests.api.conftest import Caller, Callers

pytestmark = pytest.mark.django_db

PAIRS = 200
WARM_UP = 4
OWN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|P-[0-9a-f]{16}|\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")
"""What is each part's own: keys, serial, times."""


def parts(cast: factories.Cast, slug: str, level: Level, *, blind_share: float, count: int = PAIRS + WARM_UP) -> Job:
    """A job with a queue of parts, all of which the AI takes for good where it runs."""
    policy = JobPolicy(accept_at=0.2, reject_at=0.8, blind_share=blind_share, hint_mode=HintMode.CONCURRENT)
    job = factories.job(cast, slug=slug, level=level, policy=policy)
    factories.champion(job, factories.bundle(job, score=0.1))
    made = [factories.take_in(job) for _ in range(count)]
    for start in range(0, len(made), settings.PREDICT_BATCH):
        walk.predict_and_advance([str(item.pk) for item in made[start : start + settings.PREDICT_BATCH]])
    return job


@dataclass(frozen=True)
class Look:
    """One part from hand-out to verdict: the seconds that the server took, those of the verdict alone, and all that it
    answered."""

    seconds: float
    verdict_seconds: float
    told: list[Any]


def judge(caller: Caller, slug: str, verdict: str = "OK") -> Look:
    begun = perf_counter()
    asked = caller.post(f"/jobs/{slug}/reviews/next/")
    [held] = asked.json()["reviews"]
    seen = caller.client.get(held["picture"])
    body = {"lease": held["lease"], "client_key": uuid.uuid4().hex, "verdict": verdict, "seconds": 1.0}
    sent = perf_counter()
    given = caller.post(f"/reviews/{held['id']}/verdict/", body)
    ended = perf_counter()
    headers = {name: value for name, value in seen.items() if name != "Content-Length"}
    told = [masked(asked), headers, masked(given)]
    return Look(seconds=ended - begun, verdict_seconds=ended - sent, told=told)


def masked(response: Any) -> tuple[int, str, bytes]:
    headers = json.dumps(dict(response.items()))
    return response.status_code, OWN.sub("*", headers), OWN.sub("*", response.content.decode()).encode()


def test_neither_time_nor_bytes_tell_a_blind_probe_from_a_part_without_ai(call: Callers, cast: factories.Cast) -> None:
    parts(cast, "probe", Level.ASSISTANCE, blind_share=1.0)
    parts(cast, "plain", Level.HUMAN_ONLY, blind_share=0.01)
    caller, slugs = call.inspector, ["probe", "plain"]
    looks: dict[str, list[Look]] = {slug: [] for slug in slugs}
    for _ in range(PAIRS + WARM_UP):
        # In turn, so that whatever else the machine does hits both alike; and each comes first as often as the other.
        slugs.reverse()
        for slug in slugs:
            looks[slug].append(judge(caller, slug))
    assert {*Review.objects.filter(job__slug="probe").values_list("routing__reason", flat=True)} == {Reason.BLIND}
    assert Evidence.objects.filter(job__slug="probe").count() == PAIRS + WARM_UP
    assert [look.told for look in looks["probe"]] == [look.told for look in looks["plain"]]
    probe, plain = ([look.seconds for look in looks[slug][WARM_UP:]] for slug in ("probe", "plain"))
    assert ks_2samp(probe, plain).pvalue > 0.001


def test_a_verdict_is_answered_as_fast_whatever_follows_from_it(call: Callers, cast: factories.Cast) -> None:
    """Else a slower answer told that the part goes to a second person: that the AI thinks otherwise."""
    verdicts = ["OK", "NG"] * ((PAIRS // 2 + WARM_UP) // 2)
    parts(cast, "shade", Level.SHADOW, blind_share=0.01, count=len(verdicts))
    looks = [judge(call.inspector, "shade", verdict) for verdict in verdicts][WARM_UP:]
    agreed, differed = looks[::2], looks[1::2]
    assert Review.objects.filter(look="disagreed").count() == len(verdicts) // 2
    assert (
        ks_2samp([look.verdict_seconds for look in agreed], [look.verdict_seconds for look in differed]).pvalue > 0.001
    )
