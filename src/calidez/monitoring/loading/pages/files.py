"""What an import gives to take along: the rows it refused, those it took with a cell left empty, and how it read the file."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from calidez.engine.formulas import original
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import csv_response, record_or_404, viewable_entity
from calidez.monitoring.loading import report as imports_report
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.seen import heading
from calidez.monitoring.models import Import


def rejects(request: HttpRequest, uid: uuid.UUID) -> StreamingHttpResponse:
    """The rows that were left out, with their reasons in the reader's language, safe for spreadsheets."""
    return _listed(request, uid, _("left-out"), lambda item: item.reject_file, imports.lead())


def gaps(request: HttpRequest, uid: uuid.UUID) -> StreamingHttpResponse:
    """The rows that were loaded with a cell left empty, and what stood there."""
    # Other headings than those of rejected rows, which may be mended and loaded: these rows are there already.
    headings = (_("row"), _("column left empty"), _("code"), _("reason"), _("value"))
    return _listed(
        request, uid, _("left-empty"), lambda item: item.report.get("emptied_file") or "", headings
    )


def _listed(
    request: HttpRequest,
    uid: uuid.UUID,
    name: str,
    file_of: Callable[[Import], str],
    headings: tuple[str, ...],
) -> StreamingHttpResponse:
    item = record_or_404(request, viewable_entity(request, "imports"), uid)
    if not access.scope(request.user, "import", access.EXPORT).covers(item.unit.path):
        raise access.refuse(_("Download"), catalog.of(Import).label)
    path = Path(file_of(item)) if file_of(item) else None
    if path is None or not path.is_file():
        raise Http404(_("There is no file of rows left out of this import."))
    return csv_response(_reject_lines(path, headings), f"{item.code}-{name}.csv")


def mapping(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How the file was read, for the command line, for programs, and for the next file of its kind."""
    item = record_or_404(request, viewable_entity(request, "imports"), uid)
    found = imports.mapping_of(item)
    if found is None:
        raise Http404(_("Nobody has said yet how this file is read."))
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{item.code}-{_('mapping')}.json")
    return response


def _reject_lines(path: Path, lead: tuple[str, ...]) -> Iterator[list[Any]]:
    """The engine's file with its own five columns, and names that it made up, translated; what it made harmless is made so again on the way out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = ([original(cell) for cell in line] for line in csv.reader(file))
        headings = next(lines)
        yield [*lead, *map(heading, headings[5:])]
        for _number, same in groupby(lines, key=lambda line: line[0]):
            yield _one_row(list(same))


def _one_row(problems: list[list[str]]) -> list[Any]:
    """A row with all that is wrong with it on one line, so that mended it comes in once."""
    first = problems[0]
    told = ([heading(p[1]), p[2], imports_report.reason(p[2]), p[4]] for p in problems)
    together = ("; ".join(filter(None, parts)) for parts in zip(*told, strict=True))
    return [first[0], *together, *first[5:]]
