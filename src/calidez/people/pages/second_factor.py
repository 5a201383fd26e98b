"""Turning the second factor on and off, and the codes for paper."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from calidez.kit.platform.errors import RuleBroken
from calidez.people.services import second_factor

SECRET = "second_factor_secret"  # noqa: S105


class TurnOnForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=gettext_lazy("The six digits that the telephone shows now."),
    )


class PasswordAgainForm(forms.Form):
    current = forms.CharField(
        label=gettext_lazy("Your password now"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )


@never_cache
def turn_on(request: HttpRequest) -> HttpResponse:
    """The secret stays in the session until a code proves that the telephone has it."""
    person: Any = request.user
    if second_factor.has(person):
        return redirect("people:security")
    secret = request.session.get(SECRET) or request.session.setdefault(SECRET, generate_totp_secret())
    form = TurnOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.turn_on(person, secret, form.cleaned_data["code"])
        except RuleBroken as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[SECRET]
            request.session[second_factor.DONE] = True
            return render(request, "people/paper_codes.html", {"codes": codes})
    page = {
        "form": form,
        "picture": _picture(person, secret),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "must": second_factor.required(person),
    }
    return render(request, "people/second_factor_on.html", page, status=422 if form.is_bound else 200)


def turn_off(request: HttpRequest) -> HttpResponse:
    person: Any = request.user

    def done() -> HttpResponse:
        second_factor.turn_off(person, by=person)
        request.session.pop(second_factor.DONE, None)
        messages.success(request, _("The second factor is off."))
        return redirect("people:security")

    return _after_password(request, _("Turn the second factor off"), done)


@never_cache
def paper(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if not second_factor.has(person):
        return redirect("people:security")

    def done() -> HttpResponse:
        return render(request, "people/paper_codes.html", {"codes": second_factor.new_paper_codes(person)})

    return _after_password(request, _("New codes for paper"), done)


def _after_password(request: HttpRequest, title: str, done: Any) -> HttpResponse:
    """A session left open must not be enough to weaken the account; people without a password have none to say."""
    person: Any = request.user
    form = PasswordAgainForm(request.POST or None)
    if request.method == "POST":
        if not person.has_usable_password():
            return done()  # type: ignore[no-any-return]
        if form.is_valid():
            if authenticate(request, username=person.email, password=form.cleaned_data["current"]):
                return done()  # type: ignore[no-any-return]
            form.add_error("current", _("This is not your password."))
    page = {"form": form, "title": title, "asks": person.has_usable_password()}
    return render(request, "people/password_again.html", page, status=422 if form.is_bound else 200)


def _picture(person: Any, secret: str) -> str:
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
