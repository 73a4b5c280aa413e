"""The addresses of the pages."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from inspection.web import (
    adjudication,
    agreement,
    book,
    change_job,
    demonstration,
    inspect,
    item,
    job,
    jobs,
    language,
    level,
    log_in,
    lot,
    new_job,
    parts,
    people,
    status,
    uploads,
)

urlpatterns = [
    path("", jobs.home, name="home"),
    path("log-in/", log_in.LogIn.as_view(), name="login"),
    path("log-out/", LogoutView.as_view(), name="logout"),
    path("language/", language.choose, name="language"),
    path("words/<str:language>/<str:mark>.js", language.words, name="words"),
    path("status/", status.status, name="status"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("new-job/", new_job.new_job, name="new_job"),
    path("jobs/<slug:slug>/", job.job, name="job"),
    path("jobs/<slug:slug>/items/", job.items, name="job_items"),
    path("jobs/<slug:slug>/pictures/", uploads.pictures, name="pictures"),
    path("jobs/<slug:slug>/policy/", change_job.policy, name="policy"),
    path("jobs/<slug:slug>/adopt/", change_job.adopt, name="adopt"),
    path("jobs/<slug:slug>/inspect/", inspect.inspect, name="inspect"),
    path("jobs/<slug:slug>/adjudication/", adjudication.adjudication, name="adjudication"),
    path("jobs/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("jobs/<slug:slug>/level/", level.level, name="level"),
    path("jobs/<slug:slug>/parts/", parts.parts, name="parts"),
    path("jobs/<slug:slug>/parts.csv", parts.export, name="parts_csv"),
    path("jobs/<slug:slug>/book/", book.book, name="book"),
    path("jobs/<slug:slug>/book/add/", book.add, name="book_add"),
    path("jobs/<slug:slug>/book/labels/<slug:code>/", book.describe, name="book_label"),
    path("jobs/<slug:slug>/book/samples/<int:sample_id>/", book.picture, name="book_picture"),
    path("jobs/<slug:slug>/book/samples/<int:sample_id>/retire/", book.retire, name="book_retire"),
    path("jobs/<slug:slug>/people/", people.people, name="people"),
    path("jobs/<slug:slug>/lots.csv", lot.results_without_lot, name="without_lot"),
    path("jobs/<slug:slug>/lots/<path:lot>.csv", lot.results, name="lot"),
    path("jobs/<slug:slug>/remove-demonstration/", demonstration.remove, name="remove_demonstration"),
    path("items/<uuid:item_id>/", item.item, name="item"),
    path("items/<uuid:item_id>/reopen/", parts.reopen, name="reopen"),
    path("items/<uuid:item_id>/picture/", item.picture, name="item_picture"),
    path("items/<uuid:item_id>/thumbnail/", item.thumbnail, name="item_thumbnail"),
]
