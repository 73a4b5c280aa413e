"""Log-in and log-out. A wrong name and a wrong password get the same answer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspection.api.tries import Tries


class LogIn(LoginView):
    """The log-in page; after too many wrong tries for a name it pauses, as the token door does."""

    template_name = "log_in/log_in.html"
    authentication_form = AuthenticationForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if pause := self._tries().pause():
            paused = render(request, "429.html", status=429)
            paused["Retry-After"] = str(pause)
            return paused
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        self._tries().succeeded()
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        self._tries().failed()
        return super().form_invalid(form)

    def _tries(self) -> Tries:
        return Tries.of(self.request, self.request.POST.get("username", ""))
