"""My API tokens: made here, shown once, revoked here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from calidez.kit.catalog import catalog
from calidez.kit.faces.api import tokens
from calidez.kit.faces.api.forms import TokenForm
from calidez.kit.faces.api.models import ApiToken
from calidez.kit.faces.api.token_lines import lines_in_words
from calidez.kit.platform.display import Badge
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.site_address import absolute


@dataclass(frozen=True)
class OwnToken:
    """A token as its owner sees it; `revoke_url` is empty where there is nothing left to revoke."""

    token: ApiToken
    state: Badge | None
    may: str
    revoke_url: str


@never_cache
@sensitive_variables("issued")
def index(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    issued: tokens.Issued | None = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = tokens.issue(
                name=form.cleaned_data["name"],
                lines=form.chosen(),
                expires_at=form.expires_at(),
                by=request.user,
            )
        except RuleBroken as refusal:
            form.add_error("may" if refusal.field == "lines" else None, str(refusal))
        else:
            form = TokenForm(user=request.user)
    context = {
        "form": form,
        "issued": issued,
        "tokens": [_shown(token) for token in tokens.own(request.user)],
        "base": absolute("/api/v1/"),
    }
    return render(request, "kit/api/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    token = ApiToken.objects.filter(uid=uid, owner=request.user).first()  # type: ignore[misc]
    if token is not None:
        tokens.revoke_own(token, by=request.user)
        messages.success(request, _("Revoked: %(token)s") % {"token": token})
    return redirect("kit:tokens")


def _shown(token: ApiToken) -> OwnToken:
    over = token.state == ApiToken.State.REVOKED or token.expired
    return OwnToken(
        token=token,
        state=catalog.of(ApiToken).state_badge(token),
        may=lines_in_words(token),
        revoke_url="" if over else reverse("kit:token-revoke", args=[token.uid]),
    )
