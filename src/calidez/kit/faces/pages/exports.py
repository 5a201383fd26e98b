"""Lists as files: CSV that streams, and spreadsheets; long ones are written in the background."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import exchange, spreadsheet
from calidez.kit.desk.exports import jobs
from calidez.kit.desk.exports.models import ListExport
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.lists.selecting import narrowed
from calidez.kit.faces.pages.common import crumbs, viewable_entity
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import describe, enqueue

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet cannot be sent while it is written: so many rows are worth waiting for, more are not.
AT_ONCE = 3_000


def export_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    entity = _exportable(request, slug)
    rows = exchange.export_rows(entity, request.user, ListQuery.of(request.GET))
    response = StreamingHttpResponse(exchange.csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(entity, "csv")}"'
    return response


def export_xlsx(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    entity = _exportable(request, slug)
    query = ListQuery.of(request.GET)
    total = narrowed(entity, request.user, query, verb=access.EXPORT).count()
    if total > AT_ONCE:
        return redirect(_ask(entity, request.user, query, total))
    written = spreadsheet.write_list(entity, request.user, query)
    return FileResponse(written, as_attachment=True, filename=file_name(entity, "xlsx"), content_type=XLSX)


def waiting(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """How far the file is, and then the file."""
    entity, item = _own(request, slug, uid)
    status = describe(item.job) if item.job else None
    running = item.finished_at is None and status is not None and not status.over
    context = {
        "title": _("Spreadsheet: %(kinds)s") % {"kinds": entity.label_plural},
        "crumbs": crumbs(entity),
        "entity": entity,
        "item": item,
        "running": running,
        "ready": item.finished_at is not None and not item.error and jobs.place_of(item).exists(),
        "status": status,
        "progress": _("%(done)s of %(total)s") % {"done": number(status.done), "total": number(status.total)}
        if status and status.total
        else "",
    }
    template = "kit/exports/_waiting.html" if request.htmx else "kit/exports/waiting.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def fetch(request: HttpRequest, slug: str, uid: uuid.UUID) -> FileResponse:
    _entity, item = _own(request, slug, uid)
    place = jobs.place_of(item)
    if item.finished_at is None or not place.exists():
        raise Http404(_("This file is not there, or not any more."))
    return FileResponse(place.open("rb"), as_attachment=True, filename=item.file_name, content_type=XLSX)


def file_name(entity: Any, ending: str) -> str:
    return f"{entity.slug}-{timezone.localdate():%Y-%m-%d}.{ending}"


def _ask(entity: Any, user: Any, query: ListQuery, total: int) -> str:
    item = ListExport.objects.create(
        kind=entity.key, params=dict(query.params), person=user, file_name=file_name(entity, "xlsx")
    )
    item.job = enqueue(jobs.write_spreadsheet, uid=str(item.uid), total=total)
    item.save(update_fields=["job"])
    return reverse("kit:export-waiting", args=[entity.slug, item.uid])


def _exportable(request: HttpRequest, slug: str) -> Any:
    entity = viewable_entity(request, slug)
    if not entity.may(request.user, access.EXPORT):
        raise access.refuse(access.EXPORT, entity.label)
    return entity


def _own(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Any, ListExport]:
    """A file is for who asked for it, as long as they may download the list."""
    entity = _exportable(request, slug)
    return entity, get_object_or_404(ListExport, uid=uid, kind=entity.key, person=request.user)
