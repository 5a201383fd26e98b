"""Puts the interface together: who calls, what is answered when it goes wrong, where everything is."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Http404, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from calidez.kit.faces.api import document, extend, jobs, problems, rates, routes, writing
from calidez.kit.faces.api.callers import Caller
from calidez.kit.faces.api.problems import Problem, missing

VERSION = "1"


def build() -> NinjaAPI:
    api = NinjaAPI(
        title="Calidez",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        auth=_Counted(),
        parser=writing.Parser(),
    )
    # Ninja looks an error's handler up by its classes; these it knows by itself.
    for kind in (Exception, AuthenticationError, ValidationError, HttpError, Http404):
        api.add_exception_handler(kind, _answer)
    for prefix, router in extend.routers():
        api.add_router(prefix, router, auth=api.auth)
    api.add_router("", jobs.router, auth=api.auth)
    api.add_router("", routes.router, auth=api.auth)
    return api


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.response(problems.of(error), request)


class _Counted(Caller):
    """Whoever is known is also counted."""

    def __call__(self, request: HttpRequest) -> str:
        caller = super().__call__(request)
        request.allowance = rates.spend(caller)  # type: ignore[attr-defined]
        return caller


api = build()


def description() -> dict[str, Any]:
    """The whole interface as OpenAPI 3.1, in the language that is active."""
    found = json.loads(json.dumps(OpenAPISchema(api, "api/v1"), cls=DjangoJSONEncoder))
    found["info"]["description"] = _(
        "Every kind of record, with the same permissions, rules and history as the pages. Records are known by their "
        "uid or code. Lists come in pages: follow “next”. A change says the version it changes (If-Match); a creation "
        "may carry an Idempotency-Key and is then done once. Refusals are problem details (RFC 9457)."
    )
    return document.complete(found)


def openapi(request: HttpRequest) -> HttpResponse:
    """The description itself needs a known caller: it tells how the house is built."""
    _Counted()(request)
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def docs(request: HttpRequest) -> HttpResponse:
    """To read and to try, with the session of whoever is signed in; made by Swagger UI without a word from outside."""
    return render(request, "kit/api/docs.html")


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise missing()


def patterns() -> list[URLPattern]:
    found: list[Any] = [
        path("openapi.json", openapi, name="openapi"),
        *api.urls[0],
        re_path(r"^(?P<rest>.*)$", nothing),
    ]
    for pattern in found:
        if isinstance(pattern, URLPattern):
            pattern.callback = _guarded(pattern.callback)
    # A page, so it sends people to sign in where an endpoint says 401.
    return [path("docs", docs, name="docs"), *found]


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every endpoint: refusals of the frame become problems too, and nothing is kept by caches on the way."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if "\x00" in request.get_full_path() or "%00" in request.get_full_path():
                raise Problem(400, "malformed", _("The address holds a character that no record can have."))
            response = view(request, *args, **kwargs)
            if response.status_code == 405 and response["Content-Type"] != problems.MEDIA_TYPE:
                allowed = response["Allow"]
                raise Problem(
                    405,
                    "method",
                    _("This address understands: %(verbs)s.") % {"verbs": allowed},
                    headers={"Allow": allowed},
                )
        except Exception as error:
            response = problems.response(problems.of(error), request)
        allowance = getattr(request, "allowance", None)
        if allowance is not None:
            for name, value in allowance.headers.items():
                response.setdefault(name, value)
        response.setdefault("Cache-Control", "no-store")
        response["Content-Language"] = translation.get_language() or ""
        return response

    # A caller without a session is answered by 401 here, never sent to a page to sign in.
    answer.login_required = False  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


__all__ = ["api", "build", "description", "patterns"]
