"""What machines ask: does the process live, can the installation do its work, what are its figures.

    /health/        200 while the database answers (for load balancers)
    /health/live    200 while this process answers; asks nothing of anybody
    /health/ready   200 or 503, by every look there is but those named by ?exclude=
    /metrics        figures for Prometheus, behind CALIDEZ_METRICS_TOKEN

Answered before anything else looks at the request: a probe comes by an address that is no name of the site, without
HTTPS and without a session, and also while nobody has founded the organisation.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from calidez.config.operating import counted, looks
from calidez.kit.platform import readiness

PASSED_ON = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


class ProbeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        looks.register()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        answer = probe(request)
        answer["Cache-Control"] = "no-store"
        answer._has_been_logged = True  # type: ignore[attr-defined]  # a probe repeats itself; the answer says it
        return answer


def health(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _said(False, 503)
    return _said(True, 200)


def live(request: HttpRequest) -> HttpResponse:
    return _said(True, 200)


def ready(request: HttpRequest) -> HttpResponse:
    seen = readiness.look(without=request.GET.getlist("exclude"))
    ok = all(one.ok for one in seen.values())
    checks = [{"name": name, "ok": one.ok, **one.figures} for name, one in seen.items()]
    return _said(ok, 200 if ok else 503, **({"checks": checks} if _may_see(request) else {}))


def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    if not _has_token(request):
        answer = HttpResponse(status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    figures, called = counted.exposition()
    return HttpResponse(figures, content_type=called)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/": health,
    "/health/live": live,
    "/health/ready": ready,
    "/metrics": metrics,
}


def _said(ok: bool, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"status": "ok" if ok else "failing", **more}, status=status)


def _may_see(request: HttpRequest) -> bool:
    """Figures are for who holds the token, and for who sits at the machine: not for whom a proxy of it passed on."""
    return _has_token(request) or _from_here(request)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())


def _from_here(request: HttpRequest) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER or any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
