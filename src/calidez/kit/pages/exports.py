"""Lists as files: CSV that streams, and spreadsheets."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from calidez.kit import access, exchange, spreadsheet
from calidez.kit.lists import ListQuery
from calidez.kit.pages.common import viewable_entity

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    entity = _exportable(request, slug)
    rows = exchange.export_rows(entity, request.user, ListQuery.of(request.GET))
    response = StreamingHttpResponse(exchange.csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(entity, "csv")}"'
    return response


def export_xlsx(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    entity = _exportable(request, slug)
    query = ListQuery.of(request.GET)
    written = spreadsheet.write_list(entity, request.user, query)
    return FileResponse(written, as_attachment=True, filename=file_name(entity, "xlsx"), content_type=XLSX)


def file_name(entity: Any, ending: str) -> str:
    return f"{entity.slug}-{timezone.localdate():%Y-%m-%d}.{ending}"


def _exportable(request: HttpRequest, slug: str) -> Any:
    entity = viewable_entity(request, slug)
    if not entity.may(request.user, access.EXPORT):
        raise access.refuse(access.EXPORT, entity.label)
    return entity
