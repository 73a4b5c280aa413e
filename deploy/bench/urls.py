"""Every address of the product, and the empty view."""

from __future__ import annotations

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspection.urls import urlpatterns as product


class Nothing(APIView):
    """What Django and DRF cost before anybody has done anything."""

    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        return Response({})


urlpatterns = [path("bench/nothing/", Nothing.as_view()), *product]
