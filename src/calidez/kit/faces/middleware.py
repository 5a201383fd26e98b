"""Refusals become pages with a sentence and a way on, never a technical error."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from calidez.kit.faces.pages.common import came_from
from calidez.kit.platform import preferences
from calidez.kit.platform.errors import NotAllowed, RuleBroken


class FollowMiddleware:
    """What another process changed for the whole installation is put in place before the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences.follow()
        return self.get_response(request)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"sentence": str(error)}, status=403)
        if isinstance(error, RuleBroken):
            # A rule broken outside a form (a button): back to where the person was, with the sentence.
            messages.error(request, str(error))
            return redirect(came_from(request, "home"))
        return None
