"""Where there is no organisation yet, every address leads to the greeting."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from calidez.people.selectors import organisation

# What works without an organisation.
OPEN = ("/welcome/", "/language/", "/static/")
_founded = False


class WelcomeMiddleware:
    """Once an organisation was seen it is never looked for again: it cannot be taken away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        global _founded
        if not _founded and not request.path.startswith(OPEN):
            _founded = organisation() is not None
            if not _founded:
                return redirect("welcome:language")
        return self.get_response(request)
