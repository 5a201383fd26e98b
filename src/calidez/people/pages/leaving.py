"""What a person holds and to whom it goes: when they leave, when they move, or because somebody has left already."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.catalog import catalog
from calidez.kit.desk.leaving import Handed, Lot, lots
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import number
from calidez.people.models import User
from calidez.people.services import users
from calidez.people.services.leaving import hand_over

MOST_PEOPLE = 500
NOBODY = "-"


class HandOver(forms.Form):
    """One person for everything; of each kind somebody else, or nobody for now."""

    everything = forms.ChoiceField(
        label=gettext_lazy("Everything goes to"),
        help_text=gettext_lazy(
            "What is handed to nobody stands among the broken links until somebody takes it."
        ),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Kept in the history, for whoever asks later."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why.")},
        max_length=2000,
    )

    def __init__(self, found: Sequence[Lot], people: Sequence[User], data: Any = None) -> None:
        super().__init__(data)
        self.people = {str(person.uid): person for person in people}
        names = [(uid, str(person)) for uid, person in self.people.items()]
        held = sum(lot.mine for lot in found)
        left = ngettext("Nobody for now (one record)", "Nobody for now (%(count)s records)", held)
        nobody = (NOBODY, left % {"count": number(held)})
        self._choices("everything", [("", _("Choose a person")), *names, nobody])
        self.kinds = [lot.key for lot in found if lot.mine]
        for lot in found:
            if lot.mine:
                self.fields[lot.key] = forms.ChoiceField(label=_("They go to"), required=False)
                same = ("", _("the same person as above"))
                self._choices(lot.key, [same, *names, (NOBODY, _("Nobody for now"))])
        self.order_fields(["everything", *self.kinds, "note"])

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        field.demanded = True  # one of them is always chosen

    def clean(self) -> dict[str, Any]:
        """To leave work with nobody is a decision too, and never one that the form takes.

        Whoever stays keeps what is not handed over: then one answer is enough.
        """
        values: dict[str, Any] = super().clean() or {}
        said = [values.get(kind) or values.get("everything") for kind in self.kinds]
        if said and not (all(said) if "deactivate" in self.data else any(said)):
            self.add_error("everything", _("Choose who takes it, or say that nobody does for now."))
        return values

    def receivers(self) -> Mapping[str, User]:
        said = {kind: self.cleaned_data[kind] or self.cleaned_data["everything"] for kind in self.kinds}
        return {kind: self.people[uid] for kind, uid in said.items() if uid in self.people}


def leaving(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Whoever sees the person sees the page, and hands over what they themselves may change."""
    entity = catalog.of(User)
    person = record_or_404(request, viewable_entity(request, entity.slug), uid)
    found, may_end = lots(person, request.user), _may_end(person, request.user)
    form = HandOver(found, _others(person, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        ends = may_end and "deactivate" in request.POST
        try:
            handed = hand_over(
                person, form.receivers(), by=request.user, note=form.cleaned_data["note"], deactivated=ends
            )
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, person, handed, ended=ends)
            return redirect(entity.url(person))
    lines = [(lot, form[lot.key] if lot.mine else None) for lot in found]
    page = {
        "person": person,
        "form": form,
        "lines": lines,
        "handable": any(lot.mine for lot in found),
        "may_end": may_end,
        "crumbs": crumbs(entity, person),
        "back": entity.url(person),
    }
    return render(request, "people/leaving.html", page, status=422 if form.errors else 200)


def _may_end(person: User, user: Any) -> bool:
    step = users.deactivate
    return person.is_active and person.pk != user.pk and step.permitted(person, user)


def _others(person: User, user: Any) -> list[User]:
    seen = catalog.of(User).queryset(user).filter(is_active=True).exclude(pk=person.pk)
    return list(seen.order_by("name", "pk")[:MOST_PEOPLE])


def _tell(request: HttpRequest, person: User, handed: Handed, *, ended: bool) -> None:
    said = ngettext("%(count)s record handed over.", "%(count)s records handed over.", handed.count) % {
        "count": handed.count
    }
    if ended:
        gone = _("%(person)s can no longer sign in.") % {"person": person}
        said = f"{said} {gone}" if handed.count else gone
    messages.success(request, said)
    for title, sentence in handed.refused:
        messages.warning(request, _("“%(record)s” stays: %(why)s") % {"record": title, "why": sentence})
