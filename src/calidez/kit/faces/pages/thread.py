"""What lies further along the thread, for the panel that asks for it record by record."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit.core.edges import Way
from calidez.kit.desk.thread import strands, strands_then
from calidez.kit.desk.thread_past import values_then
from calidez.kit.faces.pages.common import record_or_404, viewable_entity
from calidez.kit.faces.pages.past import look_of

MOST_PASSED = 60


def further(request: HttpRequest, slug: str, uid: uuid.UUID, way: str) -> HttpResponse:
    if way not in set(Way):
        raise Http404(_("There is no page at this address."))
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{entity.url(record)}#panel-thread")
    passed = request.GET.get("passed", "").split(",")[:MOST_PASSED]
    look = look_of(request)
    if look is None:
        found = strands(record, Way(way), request.user, passed=passed)
    else:
        values = values_then(record, look)
        found = (
            ()
            if values is None
            else strands_then(record, values, Way(way), request.user, look, passed=passed)
        )
    return render(request, "kit/_strands.html", {"strands": found, "way": way, "ended": not found})
