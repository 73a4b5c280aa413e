"""Simulated inspectors: they answer reviews like people do, with slips and with a pull towards the AI's hint."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspection import walk
from inspection.demo.parts import Part
from inspection.journey import review
from inspection.journey.review import Held
from inspection.models import Job, Person
from inspection.policy.answers import Answer
from inspection.vocabulary import Verdict


@dataclass(frozen=True)
class Habits:
    """How somebody errs; all are probabilities, 0..1."""

    misses: float = 0.06
    overkill: float = 0.02
    unsure_where_experts_doubt: float = 0.3
    follows_a_hint: float = 0.4


class Simulated:
    """One simulated inspector of one job, answering from a generator of its own."""

    def __init__(self, *, person: Person, habits: Habits, seed: int) -> None:
        self._person = person
        self._habits = habits
        self._chance = random.Random(seed)

    def work(
        self,
        *,
        job: Job,
        truth: Mapping[str, Part],
        now: datetime,
        most: int | None = None,
        adjudication: bool = False,
    ) -> int:
        """Answer what is in the queue for this person, or with `adjudication` what others differ on, at most `most`
        parts; how many that were."""
        done = 0
        while (most is None or done < most) and (
            held := review.claim(
                job=job, person=self._person, hold=review.MOST_HELD, now=now, adjudication=adjudication
            )
        ):
            for each in held:
                self._answer(each, truth[each.review.item.serial], now=now)
            done += len(held)
        return done

    def _answer(self, held: Held, part: Part, *, now: datetime) -> None:
        asked, lease = held.review, held.hand_out.lease
        own = self._own(part)
        hint = held.hand_out.shown
        if asked.routing.commit_first:
            hint = review.commit(
                review=asked,
                person=self._person,
                lease=lease,
                client_key=f"{asked.pk}-first",
                answer=_answer(own, part),
                now=now,
            )
        final = self._pulled(own, hint)
        walk.give_verdict(
            asked=asked,
            person=self._person,
            lease=lease,
            client_key=str(uuid.uuid5(asked.pk, "verdict")),
            answer=_answer(final, part),
            seconds=round(self._chance.lognormvariate(1.0, 0.4), 1),
        )

    def _own(self, part: Part) -> Verdict:
        """What the inspector sees unaided."""
        if part.doubted and self._chance.random() < self._habits.unsure_where_experts_doubt:
            return Verdict.UNSURE
        bad = part.target >= 0.5
        slip = self._chance.random() < (self._habits.misses if bad else self._habits.overkill)
        return Verdict.NG if bad != slip else Verdict.OK

    def _pulled(self, own: Verdict, hint: Mapping[str, object] | None) -> Verdict:
        if hint is None or hint["verdict"] in (own, Verdict.UNSURE):
            return own
        return Verdict(str(hint["verdict"])) if self._chance.random() < self._habits.follows_a_hint else own


def _answer(verdict: Verdict, part: Part) -> Answer:
    return Answer(verdict=verdict, labels=part.labels if verdict == Verdict.NG else ())
