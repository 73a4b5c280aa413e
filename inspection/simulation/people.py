"""Simulated people: inspectors who slip and follow hints, a manager who settles disputes and signs, an admin."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from inspection import walk
from inspection.acts.sign_proposal import sign_proposal
from inspection.journey import review
from inspection.journey.decide import Recorded
from inspection.journey.review import Held
from inspection.models import Job, Person
from inspection.policy.answers import Answer
from inspection.queries import proposals
from inspection.refused import Refused
from inspection.simulation.plan import Plan
from inspection.simulation.stream import Made
from inspection.vocabulary import Level, Look, Verdict

PASSWORD = "simulated"  # noqa: S105  of somebody who does not exist, in a database that is thrown away
ALONE = (Look.FIRST, Look.AUDIT)
Heard = Callable[[Made, Verdict], None]
"""Gets a part and what a person has said of it alone."""


@dataclass(frozen=True)
class Desk:
    """Where a run's people work: the job, the plan, and what is true of each part, by serial."""

    job: Job
    plan: Plan
    seed: int
    truth: Mapping[str, Made]


class Inspector:
    """One inspector. What this person says of a part hangs on the seed, the part, the person and the look alone."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self._desk, self._person = desk, person

    def work(self, *, now: int, room: int, heard: Heard) -> bool:
        """Answer what came in, and those second looks that are due at part `now`; the others stay in this person's
        hands, as long as there is `room` for so many new ones. Whether an adjudicator is asked."""
        held = self._claim(adjudication=False)
        fresh = [each for each in held if each.review.look in ALONE]
        later = [each for each in held if each.review.look not in ALONE]
        asked = [self._answer(each, heard=heard) for each in fresh]
        asked += [self._answer(each) for each in self._due(later, now, most_left=review.MOST_HELD - room)]
        return any(recorded.standing.ask == Look.ADJUDICATION for recorded in asked)

    def adjudicate(self, *, now: int) -> None:
        """Settle what is due; an adjudicator takes the time to be right."""
        for each in self._due(self._claim(adjudication=True), now, most_left=review.MOST_HELD - 1):
            self._give(each, _verdict(self._made(each).bad))

    def _claim(self, *, adjudication: bool) -> list[Held]:
        held = review.claim(
            job=self._desk.job,
            person=self._person,
            hold=review.MOST_HELD,
            now=timezone.now(),
            adjudication=adjudication,
        )
        # By the parts, not as they were handed out: reviews of one moment lie in the order of their random ids.
        return sorted(held, key=lambda each: (self._made(each).number, each.review.look))

    def _due(self, held: list[Held], now: int, *, most_left: int) -> list[Held]:
        """Those whose part came in long enough ago, and the oldest ones where more are held than hands can hold."""
        late = self._desk.plan.late
        must = max(0, len(held) - most_left)
        return [each for place, each in enumerate(held) if place < must or self._made(each).number + late <= now]

    def _made(self, held: Held) -> Made:
        return self._desk.truth[held.review.item.serial]

    def _answer(self, held: Held, *, heard: Heard | None = None) -> Recorded:
        made, asked = self._made(held), held.review
        chance = random.Random(f"{self._desk.seed}:{self._person.username}:{made.number}:{asked.look}")
        own = self._own(made, chance)
        hint = held.hand_out.shown
        if asked.routing.commit_first and asked.look == Look.FIRST:
            hint = self._commit(held, own)
        final = self._pulled(own, hint, chance)
        if heard is not None:
            heard(made, final)
        return self._give(held, final)

    def _own(self, made: Made, chance: random.Random) -> Verdict:
        """What this person says unaided."""
        plan = self._desk.plan
        slip = chance.random() < (plan.miss if made.bad else plan.overkill)
        return _verdict(made.bad != slip)

    def _pulled(self, own: Verdict, hint: Mapping[str, Any] | None, chance: random.Random) -> Verdict:
        if hint is None or hint["verdict"] in (own, Verdict.UNSURE):
            return own
        return Verdict(str(hint["verdict"])) if chance.random() < self._desk.plan.follow else own

    def _commit(self, held: Held, own: Verdict) -> dict[str, Any] | None:
        return review.commit(
            review=held.review,
            person=self._person,
            lease=held.hand_out.lease,
            client_key=f"{held.review.pk}-first",
            answer=_answer(own),
            now=timezone.now(),
        )

    def _give(self, held: Held, verdict: Verdict) -> Recorded:
        return walk.give_verdict(
            asked=held.review,
            person=self._person,
            lease=held.hand_out.lease,
            client_key=str(uuid.uuid5(held.review.pk, "verdict")),
            answer=_answer(verdict),
            seconds=1.0,
        )


def climb(job: Job, *, manager: Person, admin: Person) -> bool:
    """Let the manager sign a proposal that is open and the admin switch; whether the job has climbed.

    Disagreements that came in since may have overtaken the proposal: nobody can sign it then, and work goes on.
    """
    found = proposals.standing(job)
    if found is None:
        return False
    try:
        sign_proposal(proposal=found, by=manager, password=PASSWORD, reason="the evidence is in", now=timezone.now())
    except Refused as refused:
        if refused.code != "stale":
            raise
        return False
    walk.switch_level(job=job, new=Level(found.new), reason="proposed, proven and signed", by=admin)
    return True


def _verdict(bad: bool) -> Verdict:
    return Verdict.NG if bad else Verdict.OK


def _answer(verdict: Verdict) -> Answer:
    return Answer(verdict=verdict, labels=("defect",) if verdict == Verdict.NG else ())
