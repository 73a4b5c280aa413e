"""Sign a proposal to climb with the password once more, refuse it, ask for it again: forms on the page of the level."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspection import walk
from inspection.acts.sign_proposal import refuse_proposal, sign_proposal
from inspection.api.tries import Tries
from inspection.models import Proposal
from inspection.permissions import may_sign
from inspection.refused import Refused
from inspection.vocabulary import ProposalState
from inspection.web import refusals
from inspection.web.access import Seat, job_page


@require_POST
@job_page(may=may_sign)
def sign(request: HttpRequest, seat: Seat, proposal_id: int) -> HttpResponse:
    """Put one's name under a proposal. Wrong passwords count as wrong log-ins do, or this form would be the place to
    guess one."""
    proposal = _proposal(seat, proposal_id)
    tries = Tries.of(request, seat.person.username)
    if pause := tries.pause():
        paused = render(request, "429.html", status=429)
        paused["Retry-After"] = str(pause)
        return paused
    try:
        signed = sign_proposal(
            proposal=proposal,
            by=seat.person,
            password=request.POST.get("password", ""),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except Refused as refused:
        if refused.code == "wrong_password":
            tries.failed()
        refusals.as_message(request, refused)
    else:
        tries.succeeded()
        messages.success(request, _signed(signed))
    return redirect("level", seat.job.slug)


@require_POST
@job_page(may=may_sign)
def refuse(request: HttpRequest, seat: Seat, proposal_id: int) -> HttpResponse:
    proposal = _proposal(seat, proposal_id)
    try:
        refuse_proposal(proposal=proposal, by=seat.person, reason=request.POST.get("reason", ""), now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The proposal is refused; the job stays where it stands, and counting goes on."))
    return redirect("level", seat.job.slug)


@require_POST
@job_page(may=may_sign)
def again(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask for a proposal that was refused."""
    try:
        walk.propose_again(job=seat.job, by=seat.person)
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("It is proposed again, with the evidence as it stands now."))
    return redirect("level", seat.job.slug)


def _proposal(seat: Seat, proposal_id: int) -> Proposal:
    found = Proposal.objects.filter(job=seat.job, pk=proposal_id).first()
    if found is None:
        raise Http404
    return found


def _signed(proposal: Proposal) -> str:
    if proposal.state == ProposalState.SIGNED:
        return _("Signed. An admin may switch the level now.")
    return _("Signed. It takes the name of one more person.")
