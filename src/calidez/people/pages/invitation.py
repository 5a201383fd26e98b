"""Accepting an invitation: the name, a password, and in."""

from __future__ import annotations

from django import forms
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from calidez.kit.platform.errors import RuleBroken
from calidez.people.pages.fields import new_password_field
from calidez.people.services import invitations

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = new_password_field()


@never_cache
@login_not_required
@sensitive_post_parameters()
def accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find(token)
    if invitation is None:
        return render(request, "people/link_over.html", {"invitation": True}, status=410)
    translation.activate(invitation.language)
    request.LANGUAGE_CODE = invitation.language
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(invitation, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            login(request, user, backend=BACKEND)
            return redirect("home")
    page = {"form": form, "invitation": invitation}
    return render(request, "people/accept.html", page, status=422 if form.is_bound else 200)
