"""From picture to decision at all five levels, through the public API, with a real worker and a real model."""

from __future__ import annotations

import pytest

from tests.stories.plant import Plant, picture, until
from tests.stories.terminal import Json, Looked

# Draws and routings meet the locks of the database in earnest.
pytestmark = pytest.mark.database

PARTS = 6


def send(factory: Plant, job: str, count: int = PARTS) -> list[Json]:
    """Send parts in and wait until the AI has no more to do with them."""
    sent = [factory.admin.send(job, f"{job}-{number}", picture(number)) for number in range(count)]
    until(lambda: factory.nothing_under_way(job))
    return [factory.admin.get(f"/items/{part['id']}/") for part in sent]


def route(factory: Plant, part: Json) -> Json:
    [row] = factory.events(part, "route")
    return row


def looked_at(factory: Plant, job: str, verdict: str = "OK") -> dict[str, Looked]:
    """What an inspector who answers everything was shown, by serial."""
    inspector = factory.hire(job, f"eye-of-{job}")
    return {looked.serial: looked for looked in inspector.work_off(job, [verdict])}


@pytest.mark.parametrize(
    ("level", "score", "hinted"),
    [("human_only", None, None), ("shadow", 0.9, None), ("assistance", 0.9, "NG"), ("full", 0.5, "UNSURE")],
)
def test_where_people_decide_each_part_is_judged_once_and_shown_what_its_level_shows(
    factory: Plant, level: str, score: float | None, hinted: str | None
) -> None:
    job = factory.open_job(f"people-{level}", level=level, score=score, blind_share=0.01)
    parts = send(factory, job)
    blind = {part["serial"] for part in parts if route(factory, part)["drawn"] == "blind"}
    hints = {serial: looked.hint and looked.hint["verdict"] for serial, looked in looked_at(factory, job).items()}
    assert hints == {part["serial"]: None if part["serial"] in blind else hinted for part in parts}
    decided = [factory.admin.get(f"/items/{part['id']}/") for part in parts]
    assert {(part["state"], part["decision"]["by"], part["decision"]["verdict"]) for part in decided} == {
        ("decided", "person", "OK")
    }


@pytest.mark.parametrize(
    ("level", "score", "verdict"), [("partial", 0.1, "OK"), ("full", 0.1, "OK"), ("full", 0.9, "NG")]
)
def test_where_the_ai_is_sure_it_decides_all_but_the_blind_share(
    factory: Plant, level: str, score: float, verdict: str
) -> None:
    job = factory.open_job(f"ai-{level}-{verdict}".lower(), level=level, score=score, blind_share=0.5)
    parts = send(factory, job, 24)
    by_ai = {part["serial"] for part in parts if part["decision"] is not None}
    reasons = {part["serial"]: route(factory, part)["reason"] for part in parts}
    assert reasons == {part["serial"]: "ai_sure" if part["serial"] in by_ai else "blind" for part in parts}
    assert set(reasons.values()) == {"ai_sure", "blind"}
    assert {part["decision"]["verdict"] for part in parts if part["serial"] in by_ai} == {verdict}


def test_at_partial_a_person_confirms_what_the_ai_rejects(factory: Plant) -> None:
    job = factory.open_job("rejects", level="partial", score=0.9, blind_share=0.01)
    parts = send(factory, job)
    assert {part["state"] for part in parts} == {"waiting"}
    assert {route(factory, part)["reason"] for part in parts} <= {"ai_rejects", "blind"}
    looked_at(factory, job, "NG")
    decided = factory.admin.parts(job)
    assert {(part["decision"]["by"], part["decision"]["verdict"]) for part in decided} == {("person", "NG")}


def test_a_step_down_sends_every_undecided_part_again_and_a_climb_none(factory: Plant) -> None:
    job = factory.open_job("steps", level="full", score=0.5)
    parts = send(factory, job)
    [review] = factory.hire(job, "eye-of-steps").next(job, hold=1)
    down = factory.admin.post(f"/jobs/{job}/level/", {"level": "shadow", "reason": "a dent slipped through"})
    assert (review["commit_first"], down["rerouted"]) == (True, PARTS)
    up = factory.admin.post(f"/jobs/{job}/level/", {"level": "assistance", "reason": "the camera was dirty"})
    assert up["rerouted"] == 0
    routed = [[row["level"] for row in factory.events(part, "route")] for part in parts]
    assert routed == [["full", "shadow"]] * PARTS
    looks = factory.log_in("eye-of-steps").work_off(job)
    assert {(looked.review["commit_first"], looked.hint is None) for looked in looks} == {(False, True)}


def test_of_a_part_that_the_ai_let_pass_one_query_tells_who_let_it_pass(factory: Plant) -> None:
    job = factory.open_job("passed", level="full", score=0.1, blind_share=0.01)
    parts = send(factory, job)
    by_ai = next(part for part in parts if part["decision"] is not None)
    [model] = factory.admin.get(f"/jobs/{job}/models/")["results"]
    told = factory.site.manage(
        "shell",
        "--command",
        "from inspection.models import Item; from inspection.queries.who import who_let_it_pass; "
        f"b = who_let_it_pass(Item.objects.get(pk='{by_ai['id']}')); "
        "print(b.by, b.verdict, b.level, b.model.digest, b.model.score, b.thresholds.accept_at, b.policy.reason, "
        "b.approval.by, b.seen, bool(b.code_version))",
    )
    assert told.splitlines()[-1] == f"ai OK full {model['model']} 0.1 0.2 ai_sure admin None True"
