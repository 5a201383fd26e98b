"""The page of a run: how far the work is, what came of it, and its files; it can be left and come back to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.desk.runs import report as reports
from calidez.kit.desk.runs import services
from calidez.kit.desk.runs.models import Run
from calidez.kit.faces.pages.common import crumbs, csv_response, viewable_entity
from calidez.kit.platform.display import Link
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import JobStatus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class RunPage:
    """What the page of one kind of work says: `label` while it runs, `template` and its `values` when it is over."""

    label: Promise
    title: Callable[[Entity, Run, Any], str]
    template: str
    values: Callable[[Entity, Run], dict[str, Any]]
    permit: Callable[[Entity, Any], None] = lambda entity, user: None  # refuses who may no longer ask for it
    above: Callable[[Entity], Link] | None = None


_pages: dict[str, RunPage] = {}


def add_run_page(work: str, page: RunPage) -> None:
    _pages[work] = page


def own_run(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Entity, Run, RunPage]:
    """A run is for who asked, as long as they may still ask for such a thing."""
    entity = viewable_entity(request, slug)
    run = get_object_or_404(Run, uid=uid, kind=entity.key, person=request.user, work__in=_pages)
    page = _pages[run.work]
    page.permit(entity, request.user)
    return entity, run, page


def show(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """How far the work is, as a fragment that asks again; when it is over, the whole page is drawn anew."""
    entity, run, page = own_run(request, slug, uid)
    status = services.standing(run)
    running = run.state == Run.State.RUNNING
    if request.htmx and not running:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"running": running, "label": page.label, "status": status, "progress": _progress(status)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "kit/runs/_running.html", context)
    above = (page.above(entity),) if page.above else ()
    context |= {
        "entity": entity,
        "run": run,
        "title": page.title(entity, run, request.user),
        "crumbs": (*crumbs(entity), *above),
    }
    if not running:
        context |= _over(entity, run) | page.values(entity, run)
    return render(request, page.template, context)


def report(request: HttpRequest, slug: str, uid: uuid.UUID) -> StreamingHttpResponse:
    """How it ended for each record, or all faults of a file."""
    entity, run, _page = own_run(request, slug, uid)
    return csv_response(reports.lines(run), f"{entity.slug}-{run.asked_at:%Y-%m-%d}-report.csv")


def file(request: HttpRequest, slug: str, uid: uuid.UUID) -> FileResponse:
    """The file that was made."""
    _entity, run, _page = own_run(request, slug, uid)
    place = services.file_of(run)
    if run.state != Run.State.DONE or not place.is_file():
        raise Http404(_("This file is not there, or not any more."))
    return FileResponse(place.open("rb"), as_attachment=True, filename=run.file_name, content_type=XLSX)


def _over(entity: Entity, run: Run) -> dict[str, Any]:
    count = reports.refused(run).count()
    return {
        "count": count,
        "faults": reports.table(run, entity) if count else None,
        "more": max(0, count - reports.SHOWN_FAULTS),
        "report_url": reverse("kit:run-report", args=[entity.slug, run.uid]),
    }


def _progress(status: JobStatus | None) -> str:
    if status is None or not status.total:
        return ""
    return status.text or _("%(done)s of %(total)s") % {
        "done": number(status.done),
        "total": number(status.total),
    }
