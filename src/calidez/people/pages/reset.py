"""A forgotten password: asking for a link, and choosing a new one."""

from __future__ import annotations

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from calidez.kit.catalog import catalog
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.people import lockout
from calidez.people.models import User
from calidez.people.pages.fields import new_password_field
from calidez.people.sentences import time_to_wait
from calidez.people.services import resets


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class NewPasswordForm(forms.Form):
    password = new_password_field()


@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and not settings.MAIL_SERVER:  # nothing would go anywhere
        return render(request, "people/forgotten_sent.html", {"mailed": False})
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if seconds := resets.seconds_to_wait(lockout.counted_network(request)):
            form.add_error(None, _asked_too_often(seconds))
            refused = render(request, "people/forgotten.html", {"form": form}, status=429)
            refused["Retry-After"] = str(seconds)
            return refused
        resets.ask(form.cleaned_data["email"])
        page = {"email": form.cleaned_data["email"], "mailed": settings.MAIL_SERVER}
        return render(request, "people/forgotten_sent.html", page)
    return render(request, "people/forgotten.html", {"form": form}, status=422 if form.is_bound else 200)


def _asked_too_often(seconds: int) -> str:
    return _("New passwords were asked for too often from your network. Wait %(time)s and try again.") % {
        "time": time_to_wait(seconds)
    }


@never_cache
def give(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A link for somebody else, shown once to whoever hands it over."""
    entity = catalog.of(User)
    person = record_or_404(request, viewable_entity(request, entity.slug), uid)
    if request.method != "POST":
        return redirect(entity.url(person))
    try:
        resets.give_link(person, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(entity.url(person))
    page = {
        "person": person,
        "link": resets.link(person),
        "crumbs": (*crumbs(entity), Link(entity.title(person), entity.url(person))),
    }
    return render(request, "people/give_password.html", page)


@never_cache
@login_not_required
@sensitive_post_parameters()
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    user = resets.find(token)
    if user is None:
        return render(request, "people/link_over.html", {"invitation": False}, status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resets.choose(user, form.cleaned_data["password"])
        except RuleBroken as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.success(request, _("Your password is changed. Sign in with it."))
            return redirect("login")
    return render(request, "people/new_password.html", {"form": form}, status=422 if form.is_bound else 200)
