"""One simulated run through the real steps: parts come in, the AI answers, people judge, the job climbs and falls."""

from __future__ import annotations

import hashlib
import io
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image

from inference import contract, serving
from inspection import storage, walk
from inspection.acts.add_member import add_member
from inspection.acts.change_bars import change_bars
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.acts.create_person import create_person
from inspection.acts.simulate import begin_simulation, take_in_simulated
from inspection.journey import predict
from inspection.models import Decision, Job, LevelChange, Person
from inspection.policy.job_policy import JobPolicy
from inspection.simulation.naive import Change, Naive
from inspection.simulation.outcome import Outcome, Passed, outcome
from inspection.simulation.people import PASSWORD, Desk, Inspector, climb
from inspection.simulation.plan import Plan, check
from inspection.simulation.stream import ACCEPT_AT, REJECT_AT, Made, stream
from inspection.vocabulary import DecidedBy, Gate, HintMode, Level, MemberRole, Verdict

AT_ONCE = 12
"""Parts that come in, are judged and answered before the next ones: a level changes between two such handfuls."""
ALL_DAY = 86_400

Say = Callable[[int, int], None]
"""Gets (parts done, parts in all)."""


class SimulatedAI(serving.Desk):
    """Answers by what was drawn for each part; in all else the desk that a worker asks."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, float] = {}

    def judge(
        self,
        *,
        folder: Path | str,  # noqa: ARG002  the desk's signature
        digest: str,  # noqa: ARG002
        labels: Sequence[str] | None,
        pictures: Sequence[contract.Picture],
    ) -> list[contract.Answer]:
        names = labels or ()
        return [
            contract.Answer(key=one.key, score=self.said[one.key], labels=dict.fromkeys(names, self.said[one.key]))
            for one in pictures
        ]


@contextmanager
def asking(ai: SimulatedAI) -> Iterator[None]:
    """Let the simulated AI sit at the desk of this process."""
    before = predict.desk
    predict.desk = ai
    try:
        yield
    finally:
        predict.desk = before


def run(plan: Plan, *, seed: int, say: Say = lambda _done, _total: None) -> Outcome:
    """One run in the database of this process, as a job of its own; the same plan and seed always end the same way.

    Raises `Refused` `bad_simulation`.
    """
    check(plan)
    return _Run(plan, seed).play(say)


class _Run:
    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.seed = plan, seed
        self.ends = timezone.now()
        self.people = simulated_people(plan)
        self.job = simulated_job(plan, seed=seed, people=self.people)
        self.truth: dict[str, Made] = {}
        self.desk = Desk(job=self.job, plan=plan, seed=seed, truth=self.truth)
        self.ai, self.naive = SimulatedAI(), Naive()
        self.changes: list[Change] = []
        self.stored = one_picture()
        self._seen = LevelChange.objects.filter(job=self.job).latest("pk").pk
        self._disputed = False

    def play(self, say: Say) -> Outcome:
        begins = self.ends - timedelta(days=self.plan.parts / self.plan.per_day)
        parts = stream(self.plan, seed=self.seed, begins=begins)
        turns = itertools.cycle([Inspector(self.desk, person) for person in self.people["inspectors"]])
        manager = Inspector(self.desk, self.people["manager"])
        with asking(self.ai):
            while handful := list(itertools.islice(parts, AT_ONCE)):
                self._take_in(handful)
                self._judge(next(turns), manager, now=handful[-1].number)
                self._note(handful[-1].number)
                say(handful[-1].number + 1, self.plan.parts)
        return outcome(
            plan=self.plan,
            seed=self.seed,
            changes=self.changes,
            naive=self.naive.changes,
            made=list(self.truth.values()),
            passed=self._passed(),
            rerouted=sum(self.job.level_changes.values_list("rerouted", flat=True)),
        )

    def _take_in(self, handful: list[Made]) -> None:
        self.job.refresh_from_db()
        for made in handful:
            self.truth[made.part.serial] = made
            self.ai.said[str(made.part.id)] = made.score
        take_in_simulated(job=self.job, parts=[one.part for one in handful], stored=self.stored, now=timezone.now())
        walk.predict_and_advance([str(one.part.id) for one in handful])

    def _judge(self, inspector: Inspector, manager: Inspector, *, now: int) -> None:
        def heard(made: Made, verdict: Verdict) -> None:
            self.naive.hear(agree=made.opinion == verdict, number=now)

        self._disputed |= inspector.work(now=now, room=AT_ONCE, heard=heard)
        if self._disputed:
            manager.adjudicate(now=now)
        self._note(now)
        if climb(self.job, manager=self.people["manager"], admin=self.people["admin"]):
            self._note(now)

    def _note(self, number: int) -> None:
        """Keep what became of the level, by the part that was in by then."""
        fresh = LevelChange.objects.filter(job=self.job, pk__gt=self._seen).order_by("pk")
        for pk, old, new in fresh.values_list("pk", "old", "new"):
            self.changes.append(Change(number=number, old=Level(old), new=Level(new)))
            self._seen = pk

    def _passed(self) -> list[Passed]:
        """What the AI has passed by itself, whatever people found later."""
        rows = Decision.objects.filter(job=self.job, by=DecidedBy.AI, verdict=Verdict.OK)
        serials = rows.values_list("item__serial", flat=True)
        return [Passed(number=self.truth[serial].number, bad=self.truth[serial].bad) for serial in serials]


def simulated_people(plan: Plan) -> dict[str, Any]:
    """`admin`, `manager` and the list of `inspectors`, made where they are missing."""

    def one(name: str) -> Person:
        found = Person.objects.filter(username=name).first()
        return found or create_person(username=name, password=PASSWORD, simulated=True, weak=True)

    return {
        "admin": one("simulated-admin"),
        "manager": one("simulated-manager"),
        "inspectors": [one(f"simulated-{number:02d}") for number in range(plan.inspectors)],
    }


def simulated_job(plan: Plan, *, seed: int, people: dict[str, Any]) -> Job:
    """A job in shadow under the plan's bars, with its people, its model and the draws of its seed."""
    policy = JobPolicy(
        blind_share=plan.blind,
        audit_share=plan.audit,
        seed_share=0,
        hint_mode=HintMode.COMMIT_FIRST,
        lease_seconds=ALL_DAY,
        accept_at=ACCEPT_AT,
        reject_at=REJECT_AT,
    )
    new = NewJob(
        slug=f"simulated-{uuid.uuid4().hex[:12]}",
        name="Simulated",
        labels=(NewLabel("defect", "Defect"),),
        level=Level.SHADOW,
        gate=Gate.ADVISORY,
        policy=policy,
        captured_time=True,
    )
    job = create_job(new=new, by=people["admin"], now=timezone.now())
    for person, role in [(people["manager"], MemberRole.MANAGER)] + [
        (person, MemberRole.INSPECTOR) for person in people["inspectors"]
    ]:
        add_member(job=job, username=person.username, role=role)
    if plan.bars:
        change_bars(job=job, changes=plan.bars, reason="bars of the simulation", by=people["admin"], now=timezone.now())
        job.refresh_from_db()
    return begin_simulation(job=job, salt=hashlib.sha256(f"salt:{seed}".encode()).hexdigest()[:32])


def one_picture() -> str:
    """The one small file that all parts share; the AI's desk opens it for each."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((32, 32)).save(out, "PNG")
    return str(storage.keep(storage.admit(out.getvalue(), animations=False))["name"])
