"""The site admin: people and memberships can be changed here, everything of history can only be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import HttpRequest

from inspection import models as tables
from inspection.vocabulary import ReviewState, StudyState

admin.site.site_header = "Sightline"
admin.site.site_title = "Sightline"


class ReadOnly(admin.ModelAdmin):
    """A table that can be looked at. History is not rewritten, and nobody outside the acts and steps writes."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


class Settled(ReadOnly):
    """A table that tells what the AI said. Items that somebody is still asked to judge stay out of it: a site admin
    may be that somebody, and this door keeps no record of who has seen what."""

    item = "item"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        still_asked = tables.Review.objects.filter(item=models.OuterRef(self.item), state=ReviewState.OPEN)
        return super().get_queryset(request).exclude(models.Exists(still_asked))


@admin.register(tables.Person)
class PersonAdmin(UserAdmin):
    """People leave by being made inactive: what they judged keeps their name."""

    list_display = ("username", "is_active", "is_staff", "simulated", "last_login")
    list_filter = ("is_active", "is_staff", "simulated")
    readonly_fields = ("simulated", "last_login", "date_joined")

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


@admin.register(tables.Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("job", "person", "role", "since")
    list_filter = ("role", "job")
    list_select_related = ("job", "person")
    autocomplete_fields = ("person",)


@admin.register(tables.Job)
class JobAdmin(ReadOnly):
    """Levels, labels and policy are changed on the pages of a job, where each change becomes a row."""

    list_display = ("slug", "name", "level", "gate", "champion", "created_at")
    list_select_related = ("champion",)
    exclude = ("salts",)


@admin.register(tables.Item)
class ItemAdmin(ReadOnly):
    list_display = ("serial", "pass_number", "job", "lot", "state", "level", "received_at")
    list_filter = ("state", "job")
    list_select_related = ("job",)
    search_fields = ("serial", "lot")
    exclude = ("decision",)


@admin.register(tables.Decision)
class DecisionAdmin(Settled):
    list_display = ("item", "job", "verdict", "by", "person", "level", "at")
    list_filter = ("by", "verdict", "job")
    list_select_related = ("item", "job", "person")


@admin.register(tables.Review)
class ReviewAdmin(ReadOnly):
    list_display = ("id", "job", "state", "holder", "lease_until", "created_at")
    exclude = ("routing", "look", "probability", "note", "known", "wears")
    list_filter = ("state", "job")
    list_select_related = ("job", "holder")


@admin.register(tables.LevelChange)
class LevelChangeAdmin(ReadOnly):
    list_display = ("job", "old", "new", "by", "reason", "at")
    list_select_related = ("job", "by")


@admin.register(tables.Epoch)
class EpochAdmin(ReadOnly):
    list_display = ("job", "model", "opened_at", "counting_since", "demotions", "proven")
    list_select_related = ("job", "model")


@admin.register(tables.LedgerEntry)
class LedgerEntryAdmin(Settled):
    item = "evidence__item"
    list_display = ("id", "job", "level", "reference", "left_out", "at")
    list_select_related = ("job",)


@admin.register(tables.EvidencePlace)
class EvidencePlaceAdmin(Settled):
    item = "evidence__item"


@admin.register(tables.LotCount)
class LotCountAdmin(ReadOnly):
    """What counts of a lot of one part is what was said of that part."""

    exclude = ("entries",)


@admin.register(tables.Proposal)
class ProposalAdmin(ReadOnly):
    list_display = ("job", "old", "new", "state", "at", "closed_at")
    list_select_related = ("job",)


@admin.register(tables.ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = ("job", "name", "kind", "digest", "at")
    list_select_related = ("job",)


@admin.register(tables.HandOut)
class HandOutAdmin(ReadOnly):
    """What was shown is the AI's word too; it stands on the page of the item."""

    list_display = ("review", "person", "at", "end", "ended_at")
    list_select_related = ("person",)
    exclude = ("shown", "committed")


@admin.register(tables.Study)
class StudyAdmin(ReadOnly):
    list_display = ("name", "job", "state", "at", "started_at", "ended_at")
    list_filter = ("state", "job")
    list_select_related = ("job",)
    exclude = ("salt",)


class Through(ReadOnly):
    """What would tell an appraiser too much stays out until nobody is asked any more: a site admin may be one."""

    tie = "study"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        through = (StudyState.CLOSED, StudyState.CANCELLED)
        return super().get_queryset(request).filter(**{f"{self.tie}__state__in": through})


@admin.register(tables.StudyTurn, tables.StudyReading)
class SaidInStudyAdmin(Through):
    tie = "appraiser__study"


admin.site.register(tables.StudyPart, Through)


for told in (tables.Evidence, tables.Prediction, tables.Routing, tables.VerdictGiven):
    admin.site.register(told, Settled)

for table in (
    tables.BarsChange,
    tables.CalendarChange,
    tables.DecisionCell,
    tables.EvidenceCell,
    tables.Exposure,
    tables.Heartbeat,
    tables.Incident,
    tables.KnownPart,
    tables.Label,
    tables.LotCell,
    tables.ModelFault,
    tables.PairCell,
    tables.Picture,
    tables.Refusal,
    tables.Release,
    tables.Sample,
    tables.Signature,
    tables.StudyAppraiser,
    tables.SummaryMark,
    tables.ThresholdSet,
):
    admin.site.register(table, ReadOnly)
