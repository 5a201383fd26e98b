"""Each request has an identifier that answers and log lines carry, and leaves one line: who asked for what and how it went."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

from calidez.config.operating import counted
from calidez.config.operating.probes import PROBES
from calidez.config.operating.told_paths import secret_pieces, told_path
from calidez.kit.platform import log_lines

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=-]{7,99}")
log = logging.getLogger("calidez.requests")


class RequestMiddleware:
    """The outermost: what the others answer by themselves, a redirect to HTTPS too, is named, told and counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request.request_id = _identifier(request)  # type: ignore[attr-defined]
        with log_lines.about(request=request.request_id, person=lambda: person_of(request)):  # type: ignore[attr-defined]
            answer = self.get_response(request)
            seconds = time.perf_counter() - began
            answer[HEADER] = request.request_id  # type: ignore[attr-defined]
            if not _repeats_itself(request, answer):
                counted.request(request, answer.status_code, seconds)
                if settings.ACCESS_LOG:
                    _tell(request, answer, seconds)
        return answer


def person_of(request: HttpRequest) -> str:
    """The identifier of who asks, as far as it is known by now: no line of the log costs a query."""
    person: Any = request.__dict__.get("_cached_user") or request.__dict__.get("user")
    if isinstance(person, LazyObject) and person._wrapped is empty:  # type: ignore[attr-defined]
        return ""
    return str(getattr(person, "uid", "") or "")


def _repeats_itself(request: HttpRequest, answer: HttpResponse) -> bool:
    """Styles, scripts and probes would hide in the log, and blur in the figures, what people do."""
    if answer.status_code >= 400:
        return False
    return request.path_info in PROBES or request.path_info.startswith(str(settings.STATIC_URL))


def _identifier(request: HttpRequest) -> str:
    """A proxy's own, where there is one to be believed; else one of ours."""
    given = request.headers.get(HEADER, "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return given if SANE.fullmatch(given) else secrets.token_hex(8)


def _tell(request: HttpRequest, answer: HttpResponse, seconds: float) -> None:
    path = told_path(request.path, secret_pieces(request.resolver_match))
    milliseconds = round(seconds * 1000, 1)
    fields = {
        "method": request.method,
        "path": path,
        "status": answer.status_code,
        "milliseconds": milliseconds,
    }
    log.info(
        "%s %s %s in %s ms",
        request.method,
        path,
        answer.status_code,
        milliseconds,
        extra={"fields": fields},
    )
