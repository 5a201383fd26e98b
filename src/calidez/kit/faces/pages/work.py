"""“My work”: one page of all that waits for a person, with what they may do about it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from calidez.kit.desk.brought import brought
from calidez.kit.desk.inbox import badge, permission, services, waiting
from calidez.kit.desk.inbox.board import board
from calidez.kit.desk.inbox.models import Delegation
from calidez.kit.desk.inbox.sources import source
from calidez.kit.faces.pages.common import own_address
from calidez.kit.platform import far_days
from calidez.kit.platform.display import Empty, Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day


def index(request: HttpRequest) -> HttpResponse:
    found = board(request.user, timezone.localdate(), request.GET.get("kind", ""))
    badge.agree(request.user, len(waiting.waiting(request.user).items))
    empty = Empty(
        _("Nothing of this kind waits for you.")
        if found.filtered
        else _("Nothing waits for you. What is handed to you, or falls due, will stand here.")
    )
    page = {
        "board": found,
        "empty": empty,
        "here": request.get_full_path(),
        "brought": brought(request.user),
    }
    return render(request, "kit/work/index.html", page)


def counts(request: HttpRequest) -> JsonResponse:
    """What the frame of a page asks for once it stands, and again while it stays open: numbers, and the sentences that say them."""
    found = badge.counts(request.user)
    said = {
        "pending": ngettext("%(count)s thing waits for you", "%(count)s things wait for you", found.pending)
        % {"count": found.pending},
        "unread": ngettext("%(count)s unread notification", "%(count)s unread notifications", found.unread)
        % {"count": found.unread},
    }
    return JsonResponse({"pending": found.pending, "unread": found.unread, "said": said})


@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    until = far_days.day_asked(request.POST.get("until", ""))
    if until is None:
        raise RuleBroken(_("Choose the day on which it comes back."))
    item = services.snooze(request.POST.get("key", ""), until, by=request.user)
    messages.success(
        request, _("Put off: “%(what)s” comes back on %(day)s.") % {"what": item.text, "day": day(until)}
    )
    return _back(request)


@require_POST
def wake(request: HttpRequest) -> HttpResponse:
    services.wake(request.POST.get("key", ""), by=request.user)
    return _back(request)


class HandOn(forms.Form):
    receiver: Any = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("To whom?"),
        help_text=gettext_lazy("Only those whose role allows it there are offered."),
        empty_label=gettext_lazy("Choose a person"),
    )
    note = forms.CharField(
        label=gettext_lazy("What should they know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, people: list[Any], data: Any = None) -> None:
        super().__init__(data)
        choice = self.fields["receiver"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = (
            get_user_model()._default_manager.filter(pk__in=[p.pk for p in people]).order_by("name")
        )


def hand_on(request: HttpRequest) -> HttpResponse:
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    item = waiting.find(request.user, key)
    one = source(item.source) if item is not None else None
    if item is None or one is None:
        raise RuleBroken(_("This waits for you no more: it was done meanwhile, or somebody else has it."))
    form = HandOn(
        permission.candidates(request.user, one, item), request.POST if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        receiver = form.cleaned_data["receiver"]
        try:
            services.delegate(key, receiver, by=request.user, note=form.cleaned_data["note"])
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request,
                _("Handed to %(name)s, who has been told. It stands below until it is done.")
                % {"name": receiver},
            )
            return redirect("kit:my-work")
    context = {"form": form, "item": item, "crumbs": (Link(_("My work"), reverse("kit:my-work")),)}
    return render(request, "kit/work/hand_on.html", context, status=422 if form.errors else 200)


@require_POST
def give_back(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    mine = Delegation.objects.filter(Q(giver=request.user) | Q(receiver=request.user), ended_at=None)
    delegation = mine.select_related("giver", "receiver").filter(uid=uid).first()
    if delegation is None:
        raise Http404(_("There is no page at this address."))
    services.give_back(delegation, by=request.user, note=request.POST.get("note", "")[:2000])
    if delegation.receiver_id == request.user.pk:
        said = _("Given back to %(name)s, who has been told.") % {"name": delegation.giver}
    else:
        said = _("Taken back; %(name)s has been told.") % {"name": delegation.receiver}
    messages.success(request, said)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the same view of the page; only addresses of this site."""
    return redirect(own_address(request, request.POST.get("next", ""), "kit:my-work"))
