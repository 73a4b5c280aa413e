"""A cast that everyone knows, jobs for it to work in, and parts for it to judge.

Everything is made by the acts and steps that the product itself uses, so that no test stands on rows which the
product could not have written.
"""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from PIL import Image

from inference.bundle import Bundle, Manifest, seal
from inference.predictors.constant import write_constant
from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.acts.create_person import create_person
from inspection.journey import review
from inspection.journey.decide import Recorded
from inspection.journey.intake import Incoming
from inspection.models import Decision, HandOut, Item, Job, ModelVersion, Person, Release, VerdictGiven
from inspection.policy.answers import FINAL_AFTER, Answer
from inspection.policy.job_policy import JobPolicy
from inspection.policy.routing import effective
from inspection.policy.sampling import draw
from inspection.vocabulary import Gate, Level, MemberRole, Severity, Source, State, Verdict

PASSWORD = "a-long-enough-secret"
LABELS = (
    NewLabel(code="scratch", name="Scratch", severity=Severity.MINOR),
    NewLabel(code="dent", name="Dent", severity=Severity.CRITICAL, critical=True),
)
UNDRAWN = {"double_share": 0.0, "recheck_share": 0.0, "seed_share": 0.0}
"""Looks that chance asks for come only where a test asks for them."""
POLICY = JobPolicy(accept_at=0.2, reject_at=0.8).changed(UNDRAWN)


@dataclass(frozen=True)
class Cast:
    """People by role; the outsider has an account and no membership."""

    inspector: Person
    inspector2: Person
    manager: Person
    admin: Person
    outsider: Person
    service: Person


ROLES = {
    "inspector": MemberRole.INSPECTOR,
    "inspector2": MemberRole.INSPECTOR,
    "manager": MemberRole.MANAGER,
    "service": MemberRole.SERVICE,
}


def person(name: str, *, password: str = "") -> Person:
    """Somebody with an account; without a password nobody can log in as them, and no time goes into hashing one."""
    if password:
        return create_person(username=name, password=password)
    somebody = Person(username=name)
    somebody.set_unusable_password()
    somebody.save()
    return somebody


def people(*, password: str = "") -> Cast:
    return Cast(**{name: person(name, password=password) for name in Cast.__dataclass_fields__})


def job(
    cast: Cast,
    *,
    slug: str = "covers",
    level: Level = Level.HUMAN_ONLY,
    gate: Gate = Gate.ADVISORY,
    policy: JobPolicy = POLICY,
    shares: Mapping[str, float] = MappingProxyType({}),
    **more: Any,
) -> Job:
    """A job with labels and the whole cast in its roles; its gate is advisory, so that it may begin at any level.

    `shares` are those of the looks that chance asks for; they are 0 unless given.
    """
    policy = policy.changed({**UNDRAWN, **shares})
    new = NewJob(slug=slug, name=slug.capitalize(), labels=LABELS, level=level, gate=gate, policy=policy, **more)
    made = create_job(new=new, by=cast.admin, now=timezone.now())
    for name, role in ROLES.items():
        add_member(job=made, username=getattr(cast, name).username, role=role)
    return made


def picture(
    seed: int = 0,
    *,
    size: int | tuple[int, int] = 48,
    first: tuple[int, int, int] | None = None,
    format: str = "PNG",
) -> bytes:
    """A drawn part that is fit to be judged; another one for each seed. `size` is its side, or width and height;
    `first` sets the pixel at the top left."""
    rng = np.random.default_rng(seed)
    width, height = (size, size) if isinstance(size, int) else size
    pixels = rng.integers(90, 166, (height, width, 3)).astype(np.uint8)
    if first is not None:
        pixels[0, 0] = first
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format)
    return out.getvalue()


def dark_picture(tone: int = 1) -> bytes:
    """A part with the light switched off: a real picture, and not fit to be judged; another one for each tone."""
    out = io.BytesIO()
    Image.new("RGB", (48, 48), (tone, 1, 1)).save(out, "PNG")
    return out.getvalue()


def bundle(job: Job, *, score: float = 0.5, spot: tuple[int, int] | None = None) -> Bundle:
    """A bundle on disk that gives every part the same score, and looks at the same spot of it if it has one."""
    labels = [label.code for label in job.labels.all()]
    return _shelve(write_constant(_fresh_folder(), labels=labels, score=score, spot=spot))


def bundle_of_kind(job: Job, kind: str) -> Bundle:
    """A bundle without weights for a kind of predictor that needs none."""
    folder = _fresh_folder()
    folder.mkdir(parents=True)
    labels = tuple(label.code for label in job.labels.all())
    return _shelve(seal(folder, Manifest(kind=kind, name=kind, labels=labels)))


def _fresh_folder() -> Path:
    return Path(settings.BUNDLES) / f"fresh-{uuid.uuid4().hex}"


def _shelve(made: Bundle) -> Bundle:
    """Bundles lie under their digest."""
    place = Path(settings.BUNDLES) / made.digest
    if place.exists():
        shutil.rmtree(made.folder)
    else:
        made.folder.rename(place)
    return replace(made, folder=place)


def champion(job: Job, made: Bundle) -> ModelVersion:
    """Make a bundle the live model of a job."""
    version, _ = ModelVersion.objects.get_or_create(
        job=job,
        digest=made.digest,
        defaults={
            "core": made.manifest.core,
            "name": made.manifest.name,
            "kind": made.manifest.kind,
            "labels": list(made.manifest.labels),
        },
    )
    if job.champion_id != version.pk:
        Release.objects.create(job=job, model=version, replaced=job.champion)
        job.champion = version
        job.save(update_fields=["champion"])
    return version


def load_dice(
    job: Job,
    items: list[Item],
    *,
    blind: bool = False,
    audit: bool = False,
    double: bool | None = None,
    recheck: bool | None = None,
) -> None:
    """Choose salts under which each of these items is drawn as the test wants it.

    Item ids are random and the shares are never 0 where the AI decides; left alone, one test in fifty would go astray.
    """
    job.refresh_from_db()
    shares = effective(level=Level(job.level), shares=job.shares)
    keys = [str(item.pk) for item in items]
    wanted = {"blind": (blind, shares.blind), "audit": (audit, shares.audit)}
    # Audits picked by risk are drawn with at most twice the share of the random ones.
    wanted |= {"risk": (False, min(0.99, 2 * shares.audit))}
    wanted |= {"double": (double, job.double_share)} if double is not None else {}
    wanted |= {"recheck": (recheck, job.recheck_share)} if recheck is not None else {}
    found = {purpose: _salt(keys, hit=hit, share=share) for purpose, (hit, share) in wanted.items()}
    job.salts = {**job.salts, **found}
    job.save(update_fields=["salts"])


def _salt(keys: list[str], *, hit: bool, share: float) -> str:
    salts = (f"salt-{number}" for number in range(100_000))
    return next(salt for salt in salts if all(draw(salt=salt, key=key, share=share).hit == hit for key in keys))


def take_in(job: Job, *, data: bytes | None = None, by: Person | None = None, **said: Any) -> Item:
    """One part through the door. Without `data` it is a drawn part of its own."""
    job.refresh_from_db()
    content = picture(seed=Item.objects.filter(job=job).count() + 1000 * job.pk) if data is None else data
    return walk.take_in(job=job, incoming=Incoming(data=content, **said), source=Source.API, by=by).item


def item(
    job: Job,
    *,
    score: float | None = None,
    spot: tuple[int, int] | None = None,
    blind: bool = False,
    audit: bool = False,
    **said: Any,
) -> Item:
    """A part that has gone as far as it goes without a person; with a score the job's model gives it that one."""
    if score is not None:
        champion(job, bundle(job, score=score, spot=spot))
    made = take_in(job, **said)
    if made.state == State.RECEIVED:
        load_dice(job, [made], blind=blind, audit=audit)
        walk.predict_and_advance([str(made.pk)])
        made.refresh_from_db()
    return made


def claim(job: Job, person: Person, *, hold: int = 1, adjudication: bool = False) -> list[review.Held]:
    job.refresh_from_db()
    return review.claim(job=job, person=person, hold=hold, now=timezone.now(), adjudication=adjudication)


def claim_one(job: Job, person: Person, *, adjudication: bool = False) -> review.Held:
    """The review that this person gets next; a test that asks for one expects one."""
    [held] = claim(job, person, adjudication=adjudication)
    return held


def undo(recorded: Recorded) -> review.Held:
    """Whoever gave this verdict takes it back."""
    given = recorded.given
    answered = HandOut.objects.filter(review=given.review, person=given.person).order_by("id").last()
    assert answered is not None
    return walk.undo(asked=given.review, person=given.person, lease=answered.lease, new_lease=uuid.uuid4())


def answer(
    held: review.Held, verdict: Verdict = Verdict.OK, *, labels: tuple[str, ...] = (), key: str = "", **more: Any
) -> Recorded:
    """The verdict of whoever was handed this review."""
    return walk.give_verdict(
        asked=held.review,
        person=held.hand_out.person,
        lease=held.hand_out.lease,
        client_key=key or uuid.uuid4().hex,
        answer=Answer(verdict=verdict, labels=labels, **more),
    )


def let_stand() -> None:
    """A quarter of an hour later: no verdict given so far can be taken back any more."""
    past = F("at") - (FINAL_AFTER + timedelta(minutes=1))
    VerdictGiven.objects.update(at=past)
    Decision.objects.update(at=past)


def commit(held: review.Held, verdict: Verdict = Verdict.OK, *, key: str = "") -> dict[str, Any] | None:
    """The own answer of whoever was handed this review, given before the AI is shown."""
    return review.commit(
        review=held.review,
        person=held.hand_out.person,
        lease=held.hand_out.lease,
        client_key=key or uuid.uuid4().hex,
        answer=Answer(verdict=verdict),
        now=timezone.now(),
    )
