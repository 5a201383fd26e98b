"""Who calls: a program with a token, or a person signed in to the pages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.api.models import ApiToken
from calidez.kit.faces.api.problems import Problem

SAFE = {"GET", "HEAD", "OPTIONS"}
NOTED_EVERY = dt.timedelta(minutes=1)


class Caller:
    """What the endpoints ask before anything else; leaves the acting person in `request.user`."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> str:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer" or not secret.strip():
                raise unknown(_("Send the token as “Authorization: Bearer …”."))
            return _by_token(request, secret.strip())
        return _by_session(request)


def unknown(detail: str) -> Problem:
    return Problem(401, "not-signed-in", detail, headers={"WWW-Authenticate": 'Bearer realm="Calidez"'})


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def limit_of(lines: Iterable[Mapping[str, str]]) -> access.Limit:
    """The token's lines with the present place of their units; a unit that is gone covers nothing."""
    lines = list(lines)
    paths = _paths({line["unit"] for line in lines if line["unit"]})
    return access.Limit(
        tuple(
            (
                line["entity"],
                line["verb"],
                access.Scope((paths.get(line["unit"], ""),) if line["unit"] else ("/",)),
            )
            for line in lines
            if not line["unit"] or line["unit"] in paths
        )
    )


def _by_token(request: HttpRequest, secret: str) -> str:
    token = ApiToken.objects.select_related("owner").filter(digest=digest_of(secret)).first()
    if token is None or token.state == ApiToken.State.REVOKED:
        raise unknown(_("This token is not known or was revoked."))
    if token.expired:
        raise unknown(
            _("This token is no longer valid: make a new one in the browser, under “My API tokens”.")
        )
    owner: Any = token.owner
    if not owner.is_active:
        raise unknown(_("The person whom this token acts for can no longer sign in."))
    access.limit(owner, limit_of(token.lines))
    request.user = owner
    if not request.headers.get("Accept-Language"):
        translation.activate(getattr(owner, "language", "") or translation.get_language() or "en")
    _note_use(token)
    return f"token:{token.uid}"


def _by_session(request: HttpRequest) -> str:
    user: Any = request.user
    if not user.is_authenticated:
        raise unknown(_("Send a token as “Authorization: Bearer …”, or sign in with the browser."))
    if request.method not in SAFE and not getattr(request, "_dont_enforce_csrf_checks", False):
        _need_csrf(request)
    return f"person:{user.uid}"


def _need_csrf(request: HttpRequest) -> None:
    check = CsrfViewMiddleware(_no_view)
    check.process_request(request)
    if check.process_view(request, _no_view, (), {}) is not None:
        raise Problem(
            403,
            "not-allowed",
            _(
                "A change with the browser's session needs the CSRF token as X-CSRFToken. Programs use API tokens."
            ),
        )


def _no_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.used_at is None or token.used_at < now - NOTED_EVERY:
        # Several programs may share a token: the condition again, so that one of them writes.
        older = Q(used_at__isnull=True) | Q(used_at__lt=now - NOTED_EVERY)
        ApiToken.objects.filter(older, pk=token.pk).update(used_at=now)


def _paths(uids: set[str]) -> dict[str, str]:
    kind = unit_kind()
    if kind is None or not uids:
        return {}
    return {
        str(uid): path
        for uid, path in kind.model._default_manager.filter(uid__in=uids).values_list("uid", "path")
    }


def unit_kind() -> Any:
    """The kind of record whose records are themselves units; kit knows it only by its declaration."""
    return next((entity for entity in catalog if entity.scope == ""), None)
