"""The label book of a job: what counts as each defect, in words and pictures. Inspectors read it, managers keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from inference import pictures
from inspection.acts.add_sample import NewSample, add_sample
from inspection.acts.describe_label import describe_label
from inspection.acts.retire_sample import retire_sample
from inspection.models import Item, Label, Sample
from inspection.permissions import may_keep_book, may_read_book
from inspection.policy.words import is_storable
from inspection.queries import samples
from inspection.refused import Refused
from inspection.vocabulary import Language, SampleKind, Severity
from inspection.web import refusals
from inspection.web.access import Seat, job_page

SHOWN_PIXELS = 720
SEVERITY_WORDS = {
    Severity.MINOR: gettext_lazy("Minor: it looks worse and works all the same"),
    Severity.MAJOR: gettext_lazy("Major: it may not fit, not work or not last"),
    Severity.CRITICAL: gettext_lazy("Critical: it can do harm"),
}


@dataclass(frozen=True)
class Said:
    """What one language says of a label, as the form shows it; `code` is blank for the catalogue's own words."""

    code: str
    language: str
    name: str
    definition: str


@dataclass(frozen=True)
class Row:
    """One label on the page."""

    entry: samples.Entry
    severity: str
    said: list[Said]


@require_safe
@job_page(may=may_read_book)
def book(request: HttpRequest, seat: Seat) -> HttpResponse:
    found = samples.book(seat.job, language=get_language() or "")
    keeps = may_keep_book.covers(seat.role)
    context = {
        **seat.context,
        "keeps": keeps,
        "golden": found.golden,
        "rows": [_row(entry) for entry in found.entries],
        # A part's page leads here with its serial; the forms then stand open and filled in.
        "serial": request.GET.get("serial", "")[:200] if keeps else "",
    }
    return render(request, "book/book.html", context)


def _row(entry: samples.Entry) -> Row:
    label = entry.label
    said = [Said("", _("In the catalogue"), label.name, label.definition)]
    for language in Language:
        words = label.translations.get(language, {})
        said.append(Said(language, str(language.label), words.get("name", ""), words.get("definition", "")))
    return Row(entry=entry, severity=str(SEVERITY_WORDS[Severity(label.severity)]), said=said)


@require_safe
@cache_control(private=True, max_age=86_400)
@job_page(may=may_read_book)
def picture(_request: HttpRequest, seat: Seat, sample_id: int) -> HttpResponse:
    """A sample at the size of the page: the stored picture may have 40 MB."""
    with default_storage.open(_sample(seat, sample_id).picture.name) as stored:
        return HttpResponse(pictures.thumbnail(stored.read(), SHOWN_PIXELS), content_type="image/jpeg")


@require_POST
@job_page(may=may_keep_book)
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    label = request.POST.get("label", "")
    try:
        new = NewSample(SampleKind(request.POST.get("kind", "")), label=label, words=request.POST.get("words", ""))
        add_sample(job=seat.job, new=new, shown=_shown(request, seat), by=seat.person, now=timezone.now())
    except ValueError:
        messages.error(request, _("Say which kind of picture it is. Nothing was changed."))
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The picture stands in the label book now."))
    return _back(seat, label)


@require_POST
@job_page(may=may_keep_book)
def retire(request: HttpRequest, seat: Seat, sample_id: int) -> HttpResponse:
    sample = _sample(seat, sample_id)
    try:
        retire_sample(sample=sample, now=timezone.now())
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The picture was taken out of the label book."))
    return _back(seat, sample.label.code if sample.label else "")


@require_POST
@job_page(may=may_keep_book)
def describe(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    try:
        describe_label(job=seat.job, code=code, **_words(request))
    except Refused as refused:
        refusals.as_message(request, refused)
    else:
        messages.success(request, _("The words are in force."))
    return _back(seat, code)


def _words(request: HttpRequest) -> dict[str, Any]:
    """The form's fields: `name` and `definition`, then the same with a dash and a language."""
    said = request.POST
    translations = {
        language.value: {key: said.get(f"{key}-{language.value}", "") for key in ("name", "definition")}
        for language in Language
    }
    return {"name": said.get("name", ""), "definition": said.get("definition", ""), "translations": translations}


def _shown(request: HttpRequest, seat: Seat) -> bytes | Item:
    """The uploaded file, or the newest pass of the part whose serial was written."""
    file, serial = request.FILES.get("picture"), request.POST.get("serial", "").strip()
    if (file is None) == (not serial):
        raise Refused("picture_missing", _("Choose a picture, or write the serial of a part; one of the two."))
    if file is not None:
        return bytes(file.read())
    mine = Item.objects.filter(job=seat.job, serial=serial) if is_storable(serial) else Item.objects.none()
    item = mine.select_related("picture").order_by("-pass_number").first()
    if item is None:
        raise Refused("unknown_item", _("This job has no such part."))
    return item


def _sample(seat: Seat, sample_id: int) -> Sample:
    found = samples.in_use().filter(pk=sample_id, job=seat.job).first()
    if found is None:
        raise Http404
    return found


def _back(seat: Seat, code: str) -> HttpResponse:
    """To the label's own place on the page, where there is one."""
    known = code and Label.objects.filter(job=seat.job, code=code).exists() if is_storable(code) else False
    answer = redirect("book", seat.job.slug)
    answer["Location"] += f"#label-{code}" if known else ""
    return answer
