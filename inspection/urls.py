"""Every address. Pages live in web/, programs in api/."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from inspection.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("inspection.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("inspection.web.urls")),
]

handler400 = "inspection.api.problems.bad_request"
