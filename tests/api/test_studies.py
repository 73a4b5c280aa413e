from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest

from inspection import walk
from inspection.models import Exposure, Job, Membership, Study, StudyReading
from tests import factories, study
from tests.api.conftest import Caller, Callers, code
from tests.study import NG, OK
from tests.web.conftest import browser_of

pytestmark = pytest.mark.django_db
NEW = {"name": "Spring", "appraisers": ["inspector"], "pick": {"n": 6, "seed": "a"}, "trials": 2, "ai": False}


@pytest.fixture
def covers(cast: factories.Cast) -> Job:
    return factories.job(cast)


@pytest.fixture
def made(covers: Job, cast: factories.Cast) -> Study:
    return study.running(covers, cast)


def turns(caller: Caller, made: Study, *, hold: int = 1) -> Any:
    return caller.post(f"/studies/{made.pk}/next/", {"hold": hold}).json()


def say(caller: Caller, turn: dict[str, Any], verdict: str = "OK", **more: Any) -> Any:
    body = {"lease": turn["lease"], "client_key": uuid.uuid4().hex, "verdict": verdict, **more}
    return caller.post(f"/studies/turns/{turn['id']}/reading/", body)


def through(caller: Caller, made: Study) -> None:
    """Judge everything that is due OK."""
    while due := turns(caller, made, hold=36)["turns"]:
        for turn in due:
            assert say(caller, turn).status_code == 201


def test_a_study_from_its_design_to_its_figures(covers: Job, cast: factories.Cast, call: Callers) -> None:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    draft = call.manager.post("/jobs/covers/studies/", NEW)
    assert draft.status_code == 201, draft.content
    body = draft.json()
    assert (body["state"], body["seed"], len(body["parts"])) == ("draft", "a", 6)
    assert {part["standard_by"] for part in body["parts"]} == {"known"}
    assert any("One person alone" in sentence for sentence in body["cautions"])
    made = Study.objects.get(pk=body["id"])
    assert code(call.inspector.post(f"/studies/{made.pk}/next/")) == (404, "not_found")
    assert call.manager.post(f"/studies/{made.pk}/start/").json()["state"] == "running"
    through(call.inspector, made)
    assert call.manager.get(f"/studies/{made.pk}/").json()["appraisers"][0]["through"] is True
    assert call.manager.post(f"/studies/{made.pk}/close/").json()["state"] == "closed"
    report = call.manager.get(f"/studies/{made.pk}/report/").json()
    [one] = report["people"]
    assert (one["misses"]["k"], one["misses"]["n"], one["false_alarms"]["k"]) == (4, 4, 0)
    assert one["bands"] == {"effectiveness": "unacceptable", "misses": "unacceptable", "false_alarms": "acceptable"}
    assert (report["between"], report["why"]["between"].split(" ")[0]) == (None, "No")
    assert report["says"][0] == "Nobody judges well enough: everybody fails at least one of the three marks."


def test_an_appraiser_learns_nothing_but_the_picture_and_its_place(made: Study, call: Callers) -> None:
    answer = turns(call.inspector, made, hold=36)
    assert answer["progress"] == {"trial": 1, "trials": 2, "done": 0, "parts": 6, "through": False}
    assert [turn["place"] for turn in answer["turns"]] == [1, 2, 3, 4, 5, 6]
    assert {frozenset(turn) for turn in answer["turns"]} == {
        frozenset({"id", "lease", "picture", "trial", "place", "labels"})
    }
    text = str(answer)
    parts = list(made.parts.select_related("item"))
    assert not any(part.item.serial in text or str(part.item_id) in text for part in parts)
    said = say(call.inspector, answer["turns"][0], "NG", labels=["dent"])
    assert (said.status_code, set(said.json())) == (201, {"turn", "verdict", "labels", "at"})


def test_the_same_delivery_comes_back_as_the_same_answer(made: Study, call: Callers) -> None:
    [turn] = turns(call.inspector, made)["turns"]
    first = say(call.inspector, turn, client_key="k")
    again = say(call.inspector, turn, client_key="k")
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    assert code(say(call.inspector, turn, "NG", client_key="k")) == (409, "client_key_reused")
    assert code(say(call.inspector, turn, "OK", labels=["dent"])) == (422, "labels_without_defect")


def test_an_answer_is_taken_back_under_a_new_lease(made: Study, call: Callers) -> None:
    [turn] = turns(call.inspector, made)["turns"]
    say(call.inspector, turn, "NG")
    body = {"lease": turn["lease"], "new_lease": str(uuid.uuid4())}
    back = call.inspector.post(f"/studies/turns/{turn['id']}/undo/", body).json()
    assert (back["id"], back["lease"], turns(call.inspector, made)["turns"]) == (
        turn["id"],
        body["new_lease"],
        [back],
    )


def test_a_picture_is_there_for_its_appraiser_once_the_trial_has_begun(
    made: Study, cast: factories.Cast, call: Callers
) -> None:
    [turn] = turns(call.inspector, made)["turns"]
    path = turn["picture"].removeprefix("/api/v1")
    shown = call.inspector.get(path)
    assert (shown.status_code, shown["Content-Type"], "ETag" in shown) == (200, "image/png", False)
    assert call.inspector2.get(path).status_code == 404
    assert call.manager.get(path).status_code == 404
    mine = study.appraiser(made, cast.inspector)
    later = mine.turns.filter(trial=2).first()
    assert later is not None
    assert call.inspector.get(f"/studies/turns/{later.pk}/picture/").status_code == 404
    study.read(made, cast.inspector, study.right, most=6)
    assert call.inspector.get(f"/studies/turns/{later.pk}/picture/").status_code == 200


def test_while_it_runs_nobody_reads_what_was_said(made: Study, cast: factories.Cast, call: Callers) -> None:
    study.read(made, cast.inspector, lambda _part, _trial: NG, most=3)
    for path in ("report", "readings", "readings/csv"):
        assert code(call.manager.get(f"/studies/{made.pk}/{path}/")) == (409, "study_not_closed")
    whole = call.manager.get(f"/studies/{made.pk}/").json()
    assert [one["done"] for one in whole["appraisers"]] == [3, 0]
    assert {frozenset(one) for one in whole["appraisers"]} == {
        frozenset({"appraiser", "ai", "trial", "trials", "done", "parts", "through"})
    }


def test_everything_that_was_said_can_be_counted_again(made: Study, cast: factories.Cast, call: Callers) -> None:
    through(call.inspector, made)
    call.manager.post(f"/studies/{made.pk}/close/", {"reason": "the other one left"})
    body = call.manager.get(f"/studies/{made.pk}/readings/").json()
    assert (len(body["readings"]), sum(row["verdict"] is None for row in body["readings"])) == (24, 12)
    file = call.manager.get(f"/studies/{made.pk}/readings/csv/")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["verdict"] for row in rows] == [row["verdict"] or "" for row in body["readings"]]
    assert file["Content-Disposition"] == f'attachment; filename="covers-study-{made.pk}.csv"'


@pytest.mark.parametrize("path", ["api", "csv", "page"])
def test_who_reads_what_the_ai_said_is_noted_as_having_seen_it(
    covers: Job, cast: factories.Cast, call: Callers, path: str
) -> None:
    factories.champion(covers, factories.bundle(covers, score=0.9))
    made = study.running(covers, cast, ai=True)
    walk.read_study(made.pk)
    study.close(made, cast.manager, reason="a trial")
    call.manager.get(f"/studies/{made.pk}/report/")
    assert Exposure.objects.count() == 0
    if path == "page":
        browser_of(cast.manager).get(f"/jobs/covers/studies/{made.pk}/")
    else:
        call.manager.get(f"/studies/{made.pk}/readings/{'csv/' if path == 'csv' else ''}")
    seen = set(Exposure.objects.values_list("person", "item"))
    assert seen == {(cast.manager.pk, item) for item in made.parts.values_list("item", flat=True)}


def test_a_serial_that_looks_like_a_formula_stays_text(made: Study, cast: factories.Cast, call: Callers) -> None:
    part = made.parts.first()
    assert part is not None
    part.item.serial = "=1+1"
    part.item.save()
    study.read(made, cast.inspector, study.right)
    call.manager.post(f"/studies/{made.pk}/close/", {"reason": "so"})
    file = call.manager.get(f"/studies/{made.pk}/readings/csv/").content.decode()
    assert "'=1+1" in file


def test_who_leads_sees_all_studies_and_an_inspector_the_own_running_ones(
    made: Study, covers: Job, cast: factories.Cast, call: Callers
) -> None:
    study.draft(covers, cast, appraisers=("inspector",))
    assert [one["state"] for one in call.manager.get("/jobs/covers/studies/").json()["results"]] == [
        "draft",
        "running",
    ]
    [mine] = call.inspector.get("/jobs/covers/studies/").json()["results"]
    assert (mine["id"], mine["mine"]["trial"]) == (made.pk, 1)
    assert set(mine) == {"id", "name", "state", "trials", "made_at", "started_at", "ended_at", "mine"}


def test_who_has_left_the_job_is_asked_no_more(made: Study, cast: factories.Cast, call: Callers) -> None:
    [turn] = turns(call.inspector, made)["turns"]
    Membership.objects.filter(person=cast.inspector).delete()
    assert code(call.inspector.post(f"/studies/{made.pk}/next/")) == (404, "not_found")
    assert code(say(call.inspector, turn)) == (404, "not_found")
    assert StudyReading.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"appraisers": "inspector"}, (422, "invalid")),
        ({"trials": "3"}, (422, "invalid")),
        ({"parts": ["x"]}, (422, "invalid")),
        ({"parts": [str(uuid.uuid4())]}, (422, "parts_or_pick")),
        ({"pick": {"n": 7}}, (409, "too_few_parts")),
        ({"colour": "red"}, (422, "unknown_field")),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(
    covers: Job, cast: factories.Cast, call: Callers, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    assert code(call.manager.post("/jobs/covers/studies/", {**NEW, **changed})) == expected
    assert Study.objects.count() == 0


def measure(call: Callers, made: Study, **body: Any) -> Any:
    return call.manager.post(f"/studies/{made.pk}/values/", body)


@pytest.fixture
def draft(covers: Job, cast: factories.Cast) -> Study:
    study.known(covers, cast, OK, OK, OK, OK, NG, NG)
    return study.draft(covers, cast)


def test_measured_values_go_with_a_study_to_its_report(draft: Study, cast: factories.Cast, call: Callers) -> None:
    parts = call.manager.get(f"/studies/{draft.pk}/").json()["parts"]
    values = [{"serial": part["serial"], "value": 5 + part["number"]} for part in parts]
    whole = measure(call, draft, lower=0, upper=10.5, unit="mm", values=values).json()
    assert whole["limits"] == {"lower": 0.0, "upper": 10.5, "unit": "mm"}
    assert [part["value"] for part in whole["parts"]] == [6, 7, 8, 9, 10, 11]
    walk.start_study(study=draft, by=cast.manager)
    for person in (cast.inspector, cast.inspector2):
        study.read(draft, person, lambda part, trial: OK if part.number < 4 or (part.number, trial) == (4, 1) else NG)
    study.close(draft, cast.manager)
    found = call.manager.get(f"/studies/{draft.pk}/report/").json()["signal_detection"]
    assert found["upper"] == {
        "limit": 10.5,
        "last_accepted": {"part": 3, "value": 8.0, "answer": "accepted"},
        "first_rejected": {"part": 5, "value": 10.0, "answer": "rejected"},
        "divided": [4],
        "width": 2.0,
        "why": "",
    }
    assert (found["lower"]["width"], found["width"], found["grr"], found["band"]) == (None, None, None, None)
    assert set(found["why"]) == {"width", "grr"}
    assert [part["part"] for part in found["parts"]] == [1, 2, 3, 4, 5, 6]


def test_values_and_limits_stand_beside_every_reading(draft: Study, cast: factories.Cast, call: Callers) -> None:
    study.measure(draft, cast.manager, ["1", "2", "3", "4", "5", "6"], limits=(None, 5.5))
    walk.start_study(study=draft, by=cast.manager)
    study.read(draft, cast.inspector, study.right)
    study.close(draft, cast.manager, reason="enough")
    body = call.manager.get(f"/studies/{draft.pk}/readings/").json()
    assert body["limits"] == {"lower": None, "upper": 5.5, "unit": "mm"}
    assert {row["part"]: row["measured"] for row in body["readings"]} == {n: float(n) for n in range(1, 7)}
    file = call.manager.get(f"/studies/{draft.pk}/readings/csv/").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {(row["part"], row["measured"]) for row in rows} == {(str(n), f"{n}.0") for n in range(1, 7)}
    assert {(row["lower_limit"], row["upper_limit"], row["unit"]) for row in rows} == {("", "5.5", "mm")}


def test_without_measured_values_the_report_has_none(made: Study, cast: factories.Cast, call: Callers) -> None:
    study.read(made, cast.inspector, study.right)
    study.close(made, cast.manager, reason="enough")
    assert call.manager.get(f"/studies/{made.pk}/report/").json()["signal_detection"] is None
    assert call.manager.get(f"/studies/{made.pk}/").json()["limits"] is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"values": [{"serial": "nobody", "value": 1}]}, (422, "bad_values")),
        ({"values": [{"serial": "nobody", "value": "1"}]}, (422, "invalid")),
        ({"values": [{"serial": "nobody"}]}, (422, "invalid")),
        ({"values": [{"serial": "nobody", "value": 1}], "others": True}, (422, "no_values")),
        ({"lower": 2}, (422, "bad_limits")),
        ({"lower": True}, (422, "invalid")),
        ({"limits": [1, 2]}, (422, "unknown_field")),
        ({"values": [{"serial": "n", "value": None}] * 2_001}, (422, "invalid")),
    ],
)
def test_values_that_make_no_sense_are_refused(
    draft: Study, call: Callers, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    part = draft.parts.select_related("item").first()
    assert part is not None
    body = {"lower": 1, "upper": 2, "values": [{"serial": part.item.serial, "value": 1}], **changed}
    assert code(measure(call, draft, **body)) == expected
    assert not draft.parts.exclude(value=None).exists()


def test_a_study_that_runs_takes_no_values(made: Study, call: Callers) -> None:
    assert code(measure(call, made, values=[])) == (409, "not_a_draft")
