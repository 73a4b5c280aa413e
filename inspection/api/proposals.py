"""Proposals to climb: read, sign, refuse, ask for again. The switch itself is `levels.py`."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspection import walk
from inspection.acts.sign_proposal import refuse_proposal, sign_proposal
from inspection.api import paging, shapes
from inspection.api.access import Door, demand, seat_in, who
from inspection.api.problems import FAILURES
from inspection.api.tokens import Paused
from inspection.api.tries import Tries
from inspection.models import Job, Proposal
from inspection.permissions import may_read_readiness, may_sign, role_in
from inspection.queries import proposals
from inspection.queries.proposals import ComingBack, signatures_missing
from inspection.queries.readiness import digest_of
from inspection.refused import Refused, spoken
from inspection.vocabulary import Level, ProposalState


class Signing(serializers.Serializer):
    reason = shapes.Text(max_length=2000, allow_blank=True)
    password = shapes.Text(max_length=1000, help_text="Of whoever signs, once more.")


class Refusing(serializers.Serializer):
    reason = shapes.Text(max_length=2000, allow_blank=True)


class SignatureShape(serializers.Serializer):
    by = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class Nothing(serializers.Serializer):
    pass


class ReturnShape(serializers.Serializer):
    not_before = serializers.DateTimeField()
    parts = serializers.IntegerField(help_text="Parts that have to be counted before; 0: enough have been.")


class ProposalShape(serializers.Serializer):
    id = serializers.IntegerField()
    old = serializers.ChoiceField(choices=Level.choices)
    new = serializers.ChoiceField(choices=Level.choices)
    state = serializers.ChoiceField(choices=ProposalState.choices)
    evidence = serializers.DictField(help_text="Criteria with their counts, bars and tallies, frozen.")
    digest = serializers.CharField(help_text="SHA-256 over `evidence` as JSON with sorted keys.")
    epoch = serializers.IntegerField()
    ledger = serializers.IntegerField(help_text="Key of the ledger entry that completed the proof.")
    signatures = SignatureShape(many=True)
    missing = serializers.IntegerField(help_text="Signatures that are missing.")
    criteria = serializers.ListField(
        child=serializers.CharField(),
        help_text="The sentences of `evidence` in the language of whoever asks.",
    )
    why = serializers.CharField(help_text="Why it was refused or overtaken; in English where no person gave it.")
    says = serializers.CharField(help_text="The same in the language of whoever asks.")
    closed_by = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    returns = ReturnShape(allow_null=True, help_text="What a refused one waits for before it comes back.")
    asked_by = serializers.CharField(allow_null=True, help_text="Who asked for it; null: the evidence brought it.")
    at = serializers.DateTimeField()


class ProposalPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ProposalShape(many=True)


class Proposals(Door):
    @extend_schema(
        operation_id="list_proposals", parameters=paging.PARAMETERS, responses={200: ProposalPage, **FAILURES}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every proposal of a job to climb, newest first."""
        seat = seat_in(request, slug, may_read_readiness)
        paging.read_filter(paging.NoFilter, request)
        rows = Proposal.objects.filter(job=seat.job).select_related("closed_by", "asked_by")
        page = paging.page(rows.prefetch_related("signatures__person"), request, order=paging.BY_AT)
        coming = proposals.coming_back_of(seat.job, now=timezone.now())
        return Response(page.body(request, [_shape(row, coming) for row in page.rows]))

    @extend_schema(operation_id="propose_again", request=Nothing, responses={201: ProposalShape, **FAILURES})
    def post(self, request: Request, slug: str) -> Response:
        """Ask for the next climb although it was refused: managers and admins, and only what is proven."""
        seat = seat_in(request, slug, may_sign)
        shapes.read(Nothing, request.data)
        return Response(_shape(walk.propose_again(job=seat.job, by=seat.person)), status=201)


class SignProposal(Door):
    @extend_schema(operation_id="sign_proposal", request=Signing, responses={200: ProposalShape, **FAILURES})
    def post(self, request: Request, proposal_id: int) -> Response:
        """Put one's name under a proposal: a manager's first, for full automation a second person's too."""
        proposal = _proposal(request, proposal_id)
        given = shapes.read(Signing, request.data)
        # Counted together with wrong log-ins, or this would be the door to guess a password at.
        tries = Tries.of(request._request, who(request).username)
        if wait := tries.pause():
            raise Paused(wait)
        try:
            signed = sign_proposal(proposal=proposal, by=who(request), now=timezone.now(), **given)
        except Refused as refused:
            if refused.code == "wrong_password":
                tries.failed()
            raise
        tries.succeeded()
        return Response(_shape(signed))


class RefuseProposal(Door):
    @extend_schema(operation_id="refuse_proposal", request=Refusing, responses={200: ProposalShape, **FAILURES})
    def post(self, request: Request, proposal_id: int) -> Response:
        """Turn a proposal down; the job stays where it stands, and counting goes on."""
        proposal = _proposal(request, proposal_id)
        given = shapes.read(Refusing, request.data)
        return Response(_shape(refuse_proposal(proposal=proposal, by=who(request), now=timezone.now(), **given)))


def _proposal(request: Request, proposal_id: int) -> Proposal:
    """A proposal of one of the person's jobs; elsewhere it does not exist."""
    mine = Job.objects.filter(memberships__person=who(request))
    found = Proposal.objects.filter(pk=proposal_id, job__in=mine).select_related("job").first()
    if found is None:
        raise Http404
    role = role_in(who(request), found.job)
    demand(may_sign.covers(role), role)
    return found


def _shape(row: Proposal, coming: ComingBack | None = None) -> dict[str, Any]:
    returns = coming.returns if coming is not None and coming.proposal == row else None
    signatures = [
        {"by": one.person.shown_name, "reason": one.reason, "at": one.at.isoformat()} for one in row.signatures.all()
    ]
    return {
        "id": row.pk,
        "old": row.old,
        "new": row.new,
        "state": row.state,
        "evidence": row.evidence,
        "digest": digest_of(row),
        "epoch": row.epoch_id,
        "ledger": row.ledger,
        "signatures": signatures,
        "missing": signatures_missing(row),
        "criteria": [spoken(words) for words in proposals.criteria(row)],
        "why": row.why,
        "says": spoken(row.words),
        "closed_by": row.closed_by.shown_name if row.closed_by else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "returns": {"not_before": returns.not_before.isoformat(), "parts": returns.parts} if returns else None,
        "asked_by": row.asked_by.shown_name if row.asked_by else None,
        "at": row.at.isoformat(),
    }
