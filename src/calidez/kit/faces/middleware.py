"""Refusals become pages with a sentence and a way on, never a technical error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from calidez.kit.faces.pages.common import came_from
from calidez.kit.platform import access_log, preferences
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.site_address import reached_by


class FollowMiddleware:
    """What another process changed for the whole installation is put in place before the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences.follow()
        return self.get_response(request)


class AddressMiddleware:
    """Links made while a request is answered lead back by the name by which it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reached_by(request):
            return self.get_response(request)


class NullMiddleware:
    """No text has the null character and PostgreSQL keeps none: what comes with one is turned away before any page reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or _holds_null(request.GET):
            return render(request, "400.html", status=400)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # Only what was read already, for its token: the content of a file or of an interface's call has its own reader.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False) and _holds_null(request.POST):
            return render(request, "400.html", status=400)
        return None


def _holds_null(given: QueryDict) -> bool:
    return any("\x00" in name or any("\x00" in value for value in values) for name, values in given.lists())


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (NotAllowed, PermissionDenied)):
            access_log.refused(request, error)
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"sentence": str(error)}, status=403)
        if isinstance(error, RuleBroken):
            # A rule broken outside a form (a button): back to where the person was, with the sentence.
            messages.error(request, str(error))
            return redirect(came_from(request, "home"))
        return None
