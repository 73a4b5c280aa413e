"""Whether the process is up, and whether every part of the system works. Both public."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inspection.queries import health


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The web process answers; it asks nobody else."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, broker, workers, sweeper and model all work, else 503; each by name with the reason."""
    parts = health.parts(timezone.now())
    ready = all(part.works for part in parts)
    return JsonResponse({"ready": ready, "parts": [asdict(part) for part in parts]}, status=200 if ready else 503)
