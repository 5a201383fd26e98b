"""A form that arrives after the session ended keeps its text: it waits at the form for who signs in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from calidez.kit.desk.drafts import services

LARGEST = 4 * 1024 * 1024  # bytes of a form that is looked at; a stranger's upload is not
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class DraftMiddleware:
    """Stands before the middleware that sends strangers to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, values: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated:
            return None
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) > LARGEST:
            return None
        if request.content_type not in FORM_TYPES or not getattr(view, "login_required", True):
            return None
        known = services.read_token(request.POST.get(services.FIELD, ""))
        if known is None or not services.keep(*known, request.POST):
            return None
        messages.warning(request, str(services.SESSION_ENDED))
        return redirect_to_login(known[1])
