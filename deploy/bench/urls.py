"""Every address of the product, the empty view, and a switch for what is counted."""

from __future__ import annotations

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection import walk
from inspection.journey import promote
from inspection.models import Job
from inspection.urls import urlpatterns as product


class Nothing(APIView):
    """What Django and DRF cost before anybody has done anything."""

    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        return Response({})


COUNT, LOCK = promote.count, walk.locked


class CountOrNot(APIView):
    """Whether this server counts evidence, and locks the job for it, from the next verdict on."""

    def post(self, request: Request) -> Response:
        on = "on" in request.data
        setattr(promote, "count", COUNT if on else _count_nothing)  # noqa: B010  for measurements alone
        setattr(walk, "locked", LOCK if on else _not_locked)  # noqa: B010
        return Response({})


def _count_nothing(*_args: object, **_more: object) -> None:
    return None


def _not_locked(job: Job) -> Job:
    return job


urlpatterns = [
    path("bench/nothing/", Nothing.as_view()),
    path("bench/counting/", CountOrNot.as_view()),
    *product,
]
