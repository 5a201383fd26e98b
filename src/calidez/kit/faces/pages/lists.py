"""The list of one kind of record, whole or as the fragment that htmx swaps, and what its long filters offer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit.desk.lists import ListQuery, columns, filters, list_page
from calidez.kit.desk.saved_views import bar
from calidez.kit.desk.saved_views.services import visible
from calidez.kit.faces.pages.common import viewable_entity
from calidez.kit.platform.display import Option


def index(request: HttpRequest, slug: str) -> HttpResponse:
    entity = viewable_entity(request, slug)
    query = ListQuery.of(request.GET)
    if "move" in request.GET:
        # Without scripts a column moves by a page of its own, and the address stays one that can be kept.
        order = columns.moved(entity, query, request.GET["move"])
        return redirect(entity.list_url() + query.url(move=None, columns=order) + "#list-columns")
    views = list(visible(entity, request.user))
    if not request.GET and not request.htmx and (begins := bar.first_address(entity, views)):  # type: ignore[attr-defined]
        return redirect(begins)
    page = list_page(entity, request.user, query, bar.bar(entity, request.user, query, views))
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "kit/_list_body.html" if fragment else "kit/list.html"
    return render(request, template, {"page": page})


def options(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """What a filter over many records offers for the letters typed so far."""
    entity = viewable_entity(request, slug)
    if name not in entity.narrowing:
        raise Http404(_("There is no page at this address."))
    text = request.GET.get(f"{name}_text", "")[:200]
    found = tuple(Option(value, label) for value, label in filters.options(entity, request.user, name, text))
    return render(request, "kit/_filter_options.html", {"name": name, "options": found})
