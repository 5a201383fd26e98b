"""Starter packs: chosen by sector, looked at as a whole, loaded into a unit, and what came of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calidez.kit.core import access
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import Unit
from calidez.samples import pack_cards
from calidez.samples.packs import loading
from calidez.samples.packs.shelf import Pack, keys, pack_called, shipped
from calidez.samples.register import TITLE

WELCOME = "welcome"


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    _need(request)
    page = {"cards": pack_cards.cards(shipped()), "title": TITLE, "crumbs": pack_cards.way()}
    return render(request, "samples/packs.html", page)


def pack(request: HttpRequest, key: str) -> HttpResponse:
    """All of it to read first; the button below loads it into the chosen unit."""
    _need(request)
    found = _found(key)
    units = loading.units_for(request.user)
    if request.method == "POST":
        unit = units.filter(uid=_uid(request.POST.get("unit", ""))).first()
        if unit is None:
            raise RuleBroken(_("Choose a unit in which you may create all that the pack holds."))
        _load(request, found, unit)
        return redirect("samples:came", key=key, uid=unit.uid)
    page = {
        "pack": found,
        "shown": pack_cards.preview(found, get_language() or "en"),
        "units": pack_cards.choices(units),
        "crumbs": _way(request),
        "file_url": reverse("samples:file", args=[key]),
    }
    return render(request, "samples/pack.html", page)


@require_safe
def came(request: HttpRequest, key: str, uid: uuid.UUID) -> HttpResponse:
    """What the pack became in a unit, with what to do next."""
    _need(request)
    found = _found(key)
    unit = loading.units_for(request.user).filter(uid=uid).first()
    if unit is None or not loading.loaded_before(found, unit):
        raise Http404(_("This record does not exist, or it belongs to a unit that you cannot see."))
    page = {
        "pack": found,
        "unit": unit,
        "groups": pack_cards.groups(found, unit, request.user),
        "crumbs": (*pack_cards.way(), Link(str(TITLE), reverse("samples:packs"))),
    }
    return render(request, "samples/came.html", page)


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The pack as it is, to be edited and loaded from the command line."""
    _need(request)
    found = _found(key)
    answer = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.key}.yaml"'
    return answer


def _load(request: HttpRequest, found: Pack, unit: Unit) -> None:
    done = loading.load_pack(found, by=request.user, unit=unit, language=get_language() or "en")
    created = len(done.of(loading.Outcome.CREATED))
    said = ngettext("%(count)s record created.", "%(count)s records created.", created)
    if created:
        messages.success(request, said % {"count": created})
    else:
        messages.info(request, _("Nothing new: all of it was there already, and stays as you left it."))
    for why in dict.fromkeys(line.why for line in done.of(loading.Outcome.LEFT_OUT)):
        messages.warning(request, why)


def _need(request: HttpRequest) -> None:
    if not loading.may_load(request.user):
        raise access.refuse(access.CREATE, TITLE)


def _found(key: str) -> Pack:
    if key not in keys():
        raise Http404(_("There is no page at this address."))
    return pack_called(key)


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _way(request: HttpRequest) -> tuple[Link, ...]:
    if request.GET.get("from") == WELCOME:
        return (Link(_("Begin"), reverse("welcome:start")),)
    return (*pack_cards.way(), Link(str(TITLE), reverse("samples:packs")))
