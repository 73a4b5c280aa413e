from __future__ import annotations

import pytest

from inspection.models import Epoch, Job
from inspection.policy.evalues import log_e_below
from inspection.policy.routing import effective
from inspection.vocabulary import Gate, Level, Verdict
from tests import factories
from tests.api.conftest import Callers
from tests.climbs import agreed, climbing_job, epoch_of

pytestmark = pytest.mark.django_db
OK, NG, UNSURE = Verdict
PATH = "/jobs/covers/readiness/"


def test_each_criterion_comes_with_its_figures(call: Callers, cast: factories.Cast) -> None:
    job = climbing_job(cast, gate=Gate.ENFORCED)
    agreed(job, cast, [OK, OK, NG] * 3)
    found = call.manager.get(PATH).json()
    assert (found["level"], found["next"], found["proven"], found["alpha"]) == ("shadow", "assistance", False, 0.1)
    first = found["findings"][0]
    figures = {name: first[name] for name in ("name", "proof", "k", "n", "bar", "needed_best", "shifts")}
    assert figures == {
        "name": "ai_error", "proof": "not_yet", "k": 0, "n": 9, "bar": 0.2, "needed_best": 7, "shifts": 2,
    }  # fmt: skip
    assert first["log_e"] == log_e_below(0, 9, 0.2)
    assert "seen: 0 of 9" in first["sentence"]


def test_the_epoch_says_since_when_and_under_what_it_counts(call: Callers, cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    epoch = epoch_of(job)
    found = call.manager.get(PATH).json()["epoch"]
    assert (found["id"], found["fingerprint"], found["model"]) == (epoch.pk, epoch.fingerprint, epoch.model.digest)
    assert found["counting_since"] == epoch.counting_since.isoformat()


def test_nothing_counted_is_said_as_nothing(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.SHADOW)
    found = call.manager.get(PATH).json()
    assert (found["epoch"], found["proposal"], found["trainers"], found["detectors"]) == (None, None, [], [])
    assert [one["n"] for one in found["findings"][:2]] == [0, 0]
    assert found["ceiling"] == {"agree": 0, "pairs": 0, "error": None}


def test_detectors_and_the_audit_are_told_where_the_ai_decides(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.PARTIAL)
    found = call.manager.get(PATH).json()
    assert [(one["name"], one["against"], one["level"]) for one in found["detectors"]] == [
        ("escape_blind", "bar", 0.0),
        ("escape_blind", "promotion", 0.0),
        ("escape_audit", "bar", 0.0),
        ("escape_audit", "promotion", 0.0),
    ]
    assert found["audit"] == {"plan": "normal", "share": 0.05, "left": 0.0}
    assert [price["rate"] for price in found["prices"]] == [0.02, 0.05, 0.1, 0.2]


def test_the_audit_share_that_is_told_is_the_one_that_is_drawn(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    job.audit_share, job.audit_state = 0.00001, job.audit.tightened().as_json()
    job.save()
    told = call.manager.get(PATH).json()["audit"]["share"]
    assert told == effective(level=Level.PARTIAL, shares=job.shares).audit == 0.04


def test_the_audit_is_told_beside_a_sampling_plan(call: Callers, cast: factories.Cast) -> None:
    job = factories.job(cast, level=Level.PARTIAL)
    assert call.manager.get(PATH).json()["sampling"] is None
    for _ in range(40):
        factories.take_in(job, lot="L1")
    found = call.manager.get(PATH).json()["sampling"]
    plans, audit = found.pop("plans"), found.pop("audit")
    assert found == {"lot": 40, "lots": 1, "inspection_level": "II", "aql": 0.4, "letter": "D", "switching": "normal"}
    assert [(plan["plan"], plan["letter"], plan["n"], plan["ac"], plan["re"]) for plan in plans] == [
        ("tightened", "H", 40, 0, 1), ("normal", "G", 32, 0, 1), ("reduced", "G", 13, 0, 1),
    ]  # fmt: skip
    assert (audit["share"], audit["parts"], audit["at_bar"]) == (0.05, 2.0, pytest.approx((1 - 0.005 * 0.05) ** 40))
    assert plans[1]["five_times"] == pytest.approx(0.975**32)


def test_a_hopeless_proof_is_still_json(call: Callers, cast: factories.Cast) -> None:
    job = climbing_job(cast)
    agreed(job, cast, [OK])
    many = {"k": 900_000, "n": 1_000_000, "lots": 400_000}
    Epoch.objects.update(tallies={"ai_error": many})
    first = call.manager.get(PATH).json()["findings"][0]
    assert (first["proof"], first["log_e"], first["needed_rate"]) == ("not_met", None, None)


def test_at_the_top_nothing_is_left_to_prove(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.FULL)
    found = call.manager.get(PATH).json()
    assert (found["next"], found["proven"], found["findings"]) == (None, False, [])


def test_sentences_come_in_the_language_of_the_account(call: Callers, cast: factories.Cast) -> None:
    factories.job(cast, level=Level.SHADOW)
    english = call.manager.get(PATH).json()["findings"][-1]["sentence"]
    assert english.startswith("People could not tell in 0\u00a0%")
    assert Job.objects.count() == 1
