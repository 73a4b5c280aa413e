"""Small pictures of what one has judged oneself: by the address of the review, since the part is not open yet."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from inference import pictures
from inspection.models import VerdictGiven
from inspection.web.access import who
from inspection.web.item import THUMBNAIL_PIXELS


@require_safe
@cache_control(private=True, max_age=86_400)
@login_required
def thumbnail(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """For whoever answered the review; for everybody else it does not exist."""
    mine = VerdictGiven.objects.filter(review=review_id, person=who(request)).select_related("item__picture").first()
    if mine is None:
        raise Http404
    with default_storage.open(mine.item.picture.name) as stored:
        small = pictures.thumbnail(stored.read(), THUMBNAIL_PIXELS)
    return HttpResponse(small, content_type="image/jpeg")
