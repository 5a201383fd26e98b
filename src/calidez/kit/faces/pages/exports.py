"""Lists as files: CSV that streams, and spreadsheets; long ones are written in the background."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.desk import exchange, exports, spreadsheet
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.lists.selecting import narrowed
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.faces.pages.common import csv_response, viewable_entity
from calidez.kit.faces.pages.runs import XLSX, RunPage, add_run_page

# A spreadsheet cannot be sent while it is written: so many rows are worth waiting for, more are not.
AT_ONCE = 3_000


def export_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    entity = _exportable(request, slug)
    rows = exchange.export_rows(entity, request.user, ListQuery.of(request.GET))
    return csv_response(rows, file_name(entity, "csv"))


def export_xlsx(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    entity = _exportable(request, slug)
    query = ListQuery.of(request.GET)
    total = narrowed(entity, request.user, query, verb=access.EXPORT).count()
    if total > AT_ONCE:
        name = file_name(entity, "xlsx")
        run = exports.ask(entity, query, by=request.user, file_name=name, total=total)
        return redirect(runs.address(run))
    written = spreadsheet.write_list(entity, request.user, query)
    return FileResponse(written, as_attachment=True, filename=file_name(entity, "xlsx"), content_type=XLSX)


def file_name(entity: Any, ending: str) -> str:
    return f"{entity.slug}-{timezone.localdate():%Y-%m-%d}.{ending}"


def _exportable(request: HttpRequest, slug: str) -> Any:
    entity = viewable_entity(request, slug)
    _permit(entity, request.user)
    return entity


def _permit(entity: Any, user: Any) -> None:
    if not entity.may(user, access.EXPORT):
        raise access.refuse(access.EXPORT, entity.label)


add_run_page(
    exports.WORK,
    RunPage(
        label=gettext_lazy("The spreadsheet is being written"),
        title=lambda entity, run, user: _("Spreadsheet: %(kinds)s") % {"kinds": entity.label_plural},
        template="kit/runs/export.html",
        values=lambda entity, run: {"ready": run.state == Run.State.DONE and runs.file_of(run).exists()},
        permit=_permit,
    ),
)
