"""The schema, and the page on which people read and try it."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

# Swagger's page has one inline style block; its hash lets in this block and no other. A test compares them.
STYLE = "'sha256-MMpT0iDxyjALd9PdfepImGX3DBfJPXZ4IlDWdPAgtn0='"


class Schema(SpectacularAPIView):
    """Public: it says what there is, not what is in it."""

    authentication_classes: list[Any] = []


@method_decorator(csp_update({"style-src": [STYLE]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The script is a request of its own, so that the page needs no inline script."""

    authentication_classes: list[Any] = []
    url_name = "api_schema"
