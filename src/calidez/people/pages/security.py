"""My security: one's own password and the places where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from calidez.kit.platform.errors import RuleBroken
from calidez.people import selectors, services
from calidez.people.pages.fields import new_password_field
from calidez.people.services import second_factor, sessions


@dataclass(frozen=True)
class SecurityPage:
    sessions: tuple[selectors.SignedIn, ...]
    has_password: bool
    second_factor: bool
    must: bool
    provider: str


class PasswordForm(forms.Form):
    current = forms.CharField(
        label=gettext_lazy("Your password now"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    password = new_password_field()


def security(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    page = SecurityPage(
        selectors.signed_in(person, request.session.session_key or ""),
        person.has_usable_password(),
        second_factor.has(person),
        second_factor.required(person),
        settings.OIDC_NAME,
    )
    return render(request, "people/security.html", {"page": page})


def password(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, person, form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Your password is changed. Your other sessions have ended."))
            return redirect("people:security")
    return render(request, "people/password.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    sessions.end_session(request.user, key)  # type: ignore[arg-type]
    messages.success(request, _("That session has ended."))
    return redirect("people:security")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    count = sessions.end_other_sessions(request.user, request.session.session_key)  # type: ignore[arg-type]
    said = ngettext("%(count)s other session has ended.", "%(count)s other sessions have ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("people:security")


def _change(request: HttpRequest, person: Any, values: dict[str, str]) -> None:
    # Through the door's own limits: a session left open is no place to guess the password at leisure.
    if authenticate(request, username=person.email, password=values["current"]) is None:
        raise RuleBroken(_("This is not your password."), field="current")
    services.set_password(person, values["password"], by=person, keep=request.session.session_key)
    update_session_auth_hash(request, person)
