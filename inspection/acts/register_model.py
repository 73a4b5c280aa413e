"""Register a bundle as a model version of a job and take it live."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from inference import bundle
from inspection.models import Job, ModelVersion, Person, Release
from inspection.queries.jobs import label_codes
from inspection.refused import Kind, Refused, conflict
from inspection.sentences import Sentence

CHECK_SECONDS = 120
WentLive = Callable[[Job], None]
"""What a model that has gone live leads to, in the transaction in which it does."""


def _nothing(job: Job) -> None:
    pass


def register_bundle(*, job: Job, archive: Path, by: Person | None, then: WentLive = _nothing) -> ModelVersion:
    """Verify an uploaded bundle (one zip file), keep it, and take it live in a job.

    Raises `Refused` with the code of what is wrong with the bundle; nothing is kept then.
    """
    arriving = settings.BUNDLES / f".arriving-{secrets.token_hex(8)}"
    try:
        found = bundle.unpack(archive, arriving)
        return register_folder(job=job, folder=found.folder, by=by, then=then)
    except bundle.BundleRefused as refused:
        raise _refused(refused) from refused
    finally:
        shutil.rmtree(arriving, ignore_errors=True)


def register_folder(*, job: Job, folder: Path, by: Person | None, then: WentLive = _nothing) -> ModelVersion:
    """Verify a bundle that lies on this machine, keep a copy of it, and take it live in a job. Raises `Refused`."""
    try:
        found = bundle.read(folder, labels=label_codes(job))
    except bundle.BundleRefused as refused:
        raise _refused(refused) from refused
    _check_answers(folder)
    _keep(found)
    return _take_live(job=job, found=found, taken_from=None, by=by, then=then)


def register_from_job(*, job: Job, source: Job, by: Person | None, then: WentLive = _nothing) -> ModelVersion:
    """Take the live model of another job live in this one; the label lists must be equal. Raises `Refused`."""
    live = source.champion
    if live is None:
        raise conflict("no_model", Sentence("The job {slug} has no live model.", slug=source.slug))
    try:
        found = bundle.read(settings.BUNDLES / live.digest, digest=live.digest, labels=label_codes(job))
    except bundle.BundleRefused as refused:
        raise _refused(refused) from refused
    return _take_live(job=job, found=found, taken_from=live, by=by, then=then)


def _check_answers(folder: Path) -> None:
    """Let the bundle give its golden answers once more, in a process of its own: no engine enters the web process."""
    command = [sys.executable, "-m", "inference", "check", str(folder)]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=CHECK_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(
            "check_timed_out", Sentence("The bundle gave no answers within {seconds} seconds.", seconds=CHECK_SECONDS)
        ) from error
    if done.returncode != 0:
        said = (done.stdout.strip() or done.stderr.strip()).splitlines()
        raise Refused(
            "golden_mismatch",
            Sentence("The bundle does not give its own known answers: {why}", why=said[-1] if said else ""),
        )


def _keep(found: bundle.Bundle) -> None:
    """Copy the bundle to its place, named by its digest; whoever comes second finds the same bytes there."""
    place = settings.BUNDLES / found.digest
    if place.exists():
        return
    settings.BUNDLES.mkdir(parents=True, exist_ok=True)
    fresh = settings.BUNDLES / f".keeping-{secrets.token_hex(8)}"
    shutil.copytree(found.folder, fresh)
    try:
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh)
        if not place.exists():
            raise


def _take_live(
    *, job: Job, found: bundle.Bundle, taken_from: ModelVersion | None, by: Person | None, then: WentLive
) -> ModelVersion:
    manifest = found.manifest
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        model, fresh = ModelVersion.objects.get_or_create(
            job=job,
            digest=found.digest,
            defaults={
                "core": manifest.core,
                "name": manifest.name,
                "kind": manifest.kind,
                "labels": list(manifest.labels),
                "suggested": {"accept_at": manifest.suggested.accept_at, "reject_at": manifest.suggested.reject_at},
                "report": dict(manifest.holdout),
                "taken_from": taken_from,
                "by": by,
            },
        )
        if not fresh and not model.core:
            # A row from before cores were kept: without one, the same weights under another name began with no past.
            model.core = manifest.core
            model.save(update_fields=["core"])
        if job.champion_id != model.pk:
            Release.objects.create(job=job, model=model, replaced=job.champion, by=by)
            job.champion = model
            job.save(update_fields=["champion"])
            then(job)
    return model


def _refused(refused: bundle.BundleRefused) -> Refused:
    kind = Kind.TOO_LARGE if refused.code == "too_large" else Kind.INVALID
    return Refused(refused.code, refused.detail, kind=kind)
