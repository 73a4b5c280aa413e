"""Every address of the API. Below /api/v1/ nothing answers but problem+json and what is listed here."""

from __future__ import annotations

from django.urls import include, path, re_path

from inspection.api import (
    adjudications,
    agreement,
    bulk,
    docs,
    incidents,
    items,
    jobs,
    levels,
    members,
    model_versions,
    people,
    pictures,
    problems,
    reopening,
    reviews,
    samples,
    tokens,
)

v1 = [
    path("token/", tokens.Tokens.as_view(), name="api_token"),
    path("people/", people.People.as_view(), name="api_people"),
    path("jobs/", jobs.Jobs.as_view(), name="api_jobs"),
    path("jobs/<slug:slug>/", jobs.OneJob.as_view(), name="api_job"),
    path("jobs/<slug:slug>/members/", members.Members.as_view(), name="api_members"),
    path("jobs/<slug:slug>/items/", items.Items.as_view(), name="api_items"),
    path("jobs/<slug:slug>/items/bulk/", bulk.BulkItems.as_view(), name="api_bulk"),
    path("jobs/<slug:slug>/reviews/next/", reviews.NextReviews.as_view(), name="api_next_reviews"),
    path("jobs/<slug:slug>/adjudications/next/", adjudications.NextAdjudication.as_view(), name="api_adjudication"),
    path("jobs/<slug:slug>/incidents/", incidents.Incidents.as_view(), name="api_incidents"),
    path("incidents/<int:incident_id>/close/", incidents.OneIncident.as_view(), name="api_incident_close"),
    path("jobs/<slug:slug>/agreement/", agreement.AgreementOfJob.as_view(), name="api_agreement"),
    path("jobs/<slug:slug>/level/", levels.LevelOfJob.as_view(), name="api_level"),
    path("jobs/<slug:slug>/level/history/", levels.LevelHistory.as_view(), name="api_level_history"),
    path("jobs/<slug:slug>/models/", model_versions.Models.as_view(), name="api_models"),
    path("jobs/<slug:slug>/labels/", samples.Labels.as_view(), name="api_labels"),
    path("jobs/<slug:slug>/labels/<slug:code>/", samples.OneLabel.as_view(), name="api_label"),
    path("jobs/<slug:slug>/samples/", samples.Samples.as_view(), name="api_samples"),
    path("samples/<int:sample_id>/", samples.OneSample.as_view(), name="api_sample"),
    path("samples/<int:sample_id>/picture/", samples.SamplePicture.as_view(), name="api_sample_picture"),
    path("items/<uuid:item_id>/", items.OneItem.as_view(), name="api_item"),
    path("items/<uuid:item_id>/picture/", pictures.ItemPicture.as_view(), name="api_item_picture"),
    path("items/<uuid:item_id>/reopen/", reopening.ReopenItem.as_view(), name="api_reopen"),
    path("items/<uuid:item_id>/history/", items.ItemHistory.as_view(), name="api_item_history"),
    path("reviews/heartbeat/", reviews.KeepHolding.as_view(), name="api_heartbeat"),
    path("reviews/<uuid:review_id>/commit/", reviews.Commit.as_view(), name="api_commit"),
    path("reviews/<uuid:review_id>/verdict/", reviews.GiveVerdict.as_view(), name="api_verdict"),
    path("reviews/<uuid:review_id>/skip/", reviews.SkipReview.as_view(), name="api_skip"),
    path("reviews/<uuid:review_id>/escalate/", reviews.Escalate.as_view(), name="api_escalate"),
    path("reviews/<uuid:review_id>/undo/", reviews.UndoVerdict.as_view(), name="api_undo"),
    path("reviews/<uuid:review_id>/outcome/", adjudications.Outcome.as_view(), name="api_outcome"),
    path("reviews/<uuid:review_id>/give-back/", reviews.GiveReviewBack.as_view(), name="api_give_back"),
    path("reviews/<uuid:review_id>/picture/", pictures.ReviewPicture.as_view(), name="api_review_picture"),
    path(
        "reviews/<uuid:review_id>/nearest/<int:number>/picture/",
        pictures.ExamplePicture.as_view(),
        name="api_example_picture",
    ),
]

urlpatterns = [
    path("schema/", docs.Schema.as_view(), name="api_schema"),
    path("docs/", docs.Docs.as_view(), name="api_docs"),
    path("v1/", include(v1)),
    re_path(r"^v1/(?P<rest>(?s:.*))\Z", problems.unknown_address, name="api_unknown"),
]
