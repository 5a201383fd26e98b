"""Pages speak the person's own language, whatever the browser asks for; sessions end when their time is over."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from calidez.people.services import second_factor, sessions
from calidez.people.services.session_store import ENDED

# Sent by pages that ask something by themselves: that nobody is there must not keep a session open.
UNATTENDED = "X-Unattended"
Next = Callable[[HttpRequest], HttpResponse]


class SessionLimitMiddleware:
    """Ends what was left open, and what has been open too long, before the page is made."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            reason = sessions.over(request.session, now)
            if reason:
                logout(request)
                request.session[ENDED] = reason
            elif UNATTENDED not in request.headers:
                sessions.touch(request, now)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Whose role asks for a second factor sets one up before anything else."""

    OPEN = ("people:second_factor", "logout", "set_language")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and not request.session.get(second_factor.DONE)
            and request.path not in {reverse(name) for name in self.OPEN}
            and second_factor.required(request.user)
        ):
            return redirect("people:second_factor")
        return self.get_response(request)


class PersonLanguageMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or ""
        return self.get_response(request)
