"""Fields that several of these pages ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=gettext_lazy(
            "At least twelve characters; several words are easy to remember and hard to guess."
        ),
    )
