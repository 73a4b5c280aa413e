"""The forms on a job's page that change the job: its policy, and the thresholds that the model suggests."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspection.permissions import may_administer
from inspection.policy.presets import Preset
from inspection.refused import Refused
from inspection.sentences import Sentence
from inspection.vocabulary import HintMode
from inspection.walk import change_job
from inspection.web import refusals
from inspection.web.access import Seat, job_page

FIELDS = {
    "blind_share": Sentence("Blind share"),
    "audit_share": Sentence("Random audit"),
    "double_share": Sentence("Judged twice"),
    "recheck_share": Sentence("Agreements looked at again"),
    "seed_share": Sentence("Known parts"),
    "hold": Sentence("Parts held ahead"),
    "lease_seconds": Sentence("Lease"),
    "patience_seconds": Sentence("Patience"),
    "accept_at": Sentence("OK up to a score of"),
    "reject_at": Sentence("NG from a score of"),
}
"""The numbers of the form, as the page calls them."""


@require_POST
@job_page(may=may_administer)
def policy(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        change_job(
            job=seat.job,
            by=seat.person,
            name=request.POST.get("name") or None,
            animations="animations" in request.POST,
            presets=_presets(request.POST.get("presets", "")),
            policy=_policy(request.POST),
        )
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The settings are in force for parts that come from now on."))
    return redirect("job", seat.job.slug)


@require_POST
@job_page(may=may_administer)
def adopt(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put the thresholds in force that the live model suggests."""
    suggested = seat.job.champion.suggested if seat.job.champion else {}
    wanted = {name: suggested[name] for name in ("accept_at", "reject_at") if name in suggested}
    try:
        change_job(job=seat.job, by=seat.person, policy=wanted)
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The suggested thresholds are in force for parts that come from now on."))
    return redirect("job", seat.job.slug)


def _policy(said: QueryDict) -> dict[str, Any]:
    """What the form says. Raises `Refused` for what is no number."""
    return {
        "blind_share": _share(said, "blind_share"),
        "audit_share": _share(said, "audit_share"),
        "double_share": _share(said, "double_share"),
        "recheck_share": _share(said, "recheck_share"),
        "seed_share": _share(said, "seed_share"),
        "hold": _seconds(said, "hold"),
        "hint_mode": _hint_mode(said),
        "lease_seconds": _seconds(said, "lease_seconds"),
        "patience_seconds": _seconds(said, "patience_seconds"),
        "accept_at": _threshold(said, "accept_at"),
        "reject_at": _threshold(said, "reject_at"),
    }


def _presets(text: str) -> list[Preset]:
    """One to a line: its name, brightness and contrast in percent, and perhaps the word negative."""
    return [_preset(line.strip()) for line in text.splitlines() if line.strip()]


def _preset(line: str) -> Preset:
    name, *facts = (part.strip() for part in line.split(";"))
    try:
        brightness, contrast = (float(fact.rstrip("% ").replace(",", ".")) / 100 for fact in facts[:2])
    except ValueError as error:
        raise Refused(
            "bad_presets", Sentence("Write a way to look as: name; 140; 180. Not: {line}", line=line)
        ) from error
    return Preset(name=name, brightness=brightness, contrast=contrast, invert=len(facts) > 2)


def _share(said: QueryDict, name: str) -> float:
    """The page speaks in percent, the policy in shares of 1."""
    return round(_number(said, name) / 100, 6)


def _threshold(said: QueryDict, name: str) -> float | None:
    return _number(said, name) if said.get(name, "").strip() else None


def _seconds(said: QueryDict, name: str) -> int:
    return int(_number(said, name))


def _number(said: QueryDict, name: str) -> float:
    try:
        return float(said.get(name, "").replace(",", "."))
    except ValueError as error:
        raise Refused(f"bad_{name}", Sentence("{field} is a number.", field=Sentence(FIELDS[name]))) from error


def _hint_mode(said: QueryDict) -> HintMode:
    try:
        return HintMode(said.get("hint_mode", ""))
    except ValueError as error:
        raise Refused("bad_hint_mode", "Hints come concurrent or commit_first.") from error
