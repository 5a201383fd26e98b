"""The form for a new token: what uses it, for how long, and what it may do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import access
from calidez.kit.faces.api import token_lines
from calidez.kit.faces.api.callers import unit_kind
from calidez.kit.faces.api.tokens import Line

READ, ALL, SOME = "read", "all", "some"
SPANS = ((7, _("one week")), (30, _("one month")), (90, _("three months")), (365, _("one year")))


class LineForm(forms.Form):
    """One line: a verb on a kind of record, here and below; empty lines count for nothing."""

    entity = forms.ChoiceField(label=_("Kind of record"), required=False)
    verb = forms.ChoiceField(label=_("May do"), required=False)
    unit = forms.ChoiceField(label=_("Where"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = [("", "–"), *((o.value, o.text) for o in token_lines.kinds())]  # type: ignore[attr-defined]
        self.fields["verb"].choices = [(o.value, o.text) for o in token_lines.all_verbs()]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Wherever I may")), *_units(user)]  # type: ignore[attr-defined]

    def line(self) -> Line | None:
        said = self.cleaned_data
        return Line(said["entity"], said["verb"] or access.ALL, said["unit"]) if said["entity"] else None


Lines = forms.formset_factory(LineForm, extra=4, max_num=20, absolute_max=100)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What uses it"),
        max_length=100,
        help_text=_("So that you know it again, for example: nightly export to the accounts."),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, choices=SPANS, initial=90)
    may = forms.ChoiceField(
        label=_("What it may do"),
        choices=(
            (READ, _("Read what I may read")),
            (ALL, _("All that I may do")),
            (SOME, _("Only the following")),
        ),
        initial=READ,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data)
        self.lines = Lines(data, prefix="lines", form_kwargs={"user": user})

    def is_valid(self) -> bool:
        return bool(super().is_valid() and (self.cleaned_data["may"] != SOME or self.lines.is_valid()))

    def chosen(self) -> list[Line]:
        if self.cleaned_data["may"] == READ:
            return [Line(verb=access.VIEW), Line(verb=access.EXPORT)]
        if self.cleaned_data["may"] == ALL:
            return [Line()]
        return [line for form in self.lines if (line := form.line()) is not None]

    def expires_at(self) -> dt.datetime:
        return timezone.now() + dt.timedelta(days=self.cleaned_data["days"])


def _units(user: Any) -> list[tuple[str, str]]:
    kind = unit_kind()
    if kind is None:
        return []
    return [(str(unit.uid), str(unit)) for unit in kind.queryset(user).order_by(*kind.ordering)[:2000]]
