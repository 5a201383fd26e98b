"""Several closed days at once: as the address proposes them, each with its own tick, and written down only when asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import crumbs
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day as day_words
from calidez.people.models import ClosedDay, Unit
from calidez.people.services.calendars import Closing, close_days

MOST = 200
_PROPOSED = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)(\*?)")


@dataclass(frozen=True)
class Line:
    """One closing with its words; `name` and the ticks as the person left them."""

    value: str
    closing: Closing
    words: str
    ticked: bool = True


def several(request: HttpRequest) -> HttpResponse:
    """The proposed days of a unit, to tick and to name."""
    kind = catalog.of(ClosedDay)
    unit = _unit(request)
    if not access.scope(request.user, kind.key, access.CREATE).covers(unit.path):
        raise access.refuse(kind.create_label, kind.label)
    lines, refusal = list(_proposed(request.GET.getlist("day"))), ""
    if request.method == "POST":
        lines = [_answered(line, request.POST) for line in lines]
        chosen = [line.closing for line in lines if line.ticked]
        try:
            if not chosen:
                raise RuleBroken(_("Tick the days on which the service was closed."))
            close_days(unit, chosen, by=request.user)
        except RuleBroken as refused:
            refusal = str(refused)
        else:
            said = ngettext("%(count)s line written down.", "%(count)s lines written down.", len(chosen))
            messages.success(request, said % {"count": len(chosen)})
            return redirect(f"{kind.list_url()}?unit={unit.uid}")
    page = {
        "unit": unit,
        "lines": lines,
        "refusal": refusal,
        "crumbs": crumbs(kind),
        "cancel": kind.list_url(),
    }
    return render(request, "people/close_days.html", page, status=422 if refusal else 200)


def _unit(request: HttpRequest) -> Unit:
    found = catalog.of(Unit).queryset(request.user)
    asked = request.GET.get("unit", "")
    try:
        unit: Unit | None = found.filter(uid=asked).first()
    except (ValueError, ValidationError):
        unit = None
    if unit is None:
        raise Http404(_("There is no page at this address."))
    return unit


def _proposed(given: list[str]) -> Iterator[Line]:
    """What the address says, without what cannot be read."""
    for text in dict.fromkeys(given[:MOST]):
        match = _PROPOSED.fullmatch(text)
        if match is None:
            continue
        try:
            first, last = dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2])
        except ValueError:
            continue
        if first <= last:
            words = day_words(first) if first == last else f"{day_words(first)} – {day_words(last)}"
            yearly = bool(match[3])
            # A single day that never came back may be a file that was lost: whoever knows better ticks it.
            yield Line(text, Closing(first, last, yearly=yearly), words, ticked=yearly or first < last)


def _answered(line: Line, answers: Mapping[str, Any]) -> Line:
    name = str(answers.get(f"name:{line.value}", ""))[:100].strip()
    yearly = f"yearly:{line.value}" in answers
    return replace(
        line,
        closing=replace(line.closing, name=name, yearly=yearly),
        ticked=f"closed:{line.value}" in answers,
    )
