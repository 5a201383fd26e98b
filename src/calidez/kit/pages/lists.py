"""The list of one kind of record, whole or as the fragment that htmx swaps, and its CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from calidez.kit import access, exchange
from calidez.kit.lists import list_page
from calidez.kit.pages.common import viewable_entity


def index(request: HttpRequest, slug: str) -> HttpResponse:
    entity = viewable_entity(request, slug)
    page = list_page(entity, request.user, request.GET.dict())
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "kit/_list_body.html" if fragment else "kit/list.html"
    return render(request, template, {"page": page})


def export_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    entity = viewable_entity(request, slug)
    if not entity.may(request.user, access.EXPORT):
        raise access.refuse(access.EXPORT, entity.label)
    rows = exchange.export_rows(entity, request.user, request.GET.dict())
    response = StreamingHttpResponse(exchange.csv_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"{entity.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
