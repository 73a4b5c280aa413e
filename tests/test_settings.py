"""Which lines reach the log, and as what."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response


def logged(caplog: pytest.LogCaptureFixture, status: int, path: str = "/jobs/") -> list[str]:
    request = HttpRequest()
    request.path = path
    with caplog.at_level(logging.INFO, "django.request"):
        log_response("%s", path, response=HttpResponse(status=status), request=request)
    return [record.levelname for record in caplog.records]


def test_a_fault_of_ours_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    assert logged(caplog, 500) == ["ERROR"]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_is_the_daily_round(caplog: pytest.LogCaptureFixture, status: int) -> None:
    assert logged(caplog, status) == ["INFO"]


def test_that_not_all_is_ready_is_told_to_who_asks_and_not_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert logged(caplog, 503, "/readyz") == []
