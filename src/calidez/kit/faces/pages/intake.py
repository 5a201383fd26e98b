"""Records from a file: the template, the upload, what would happen, and the loading."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import Entity
from calidez.kit.core import access
from calidez.kit.desk.exchange import csv_lines
from calidez.kit.desk.intake import services, template, work
from calidez.kit.desk.intake.matching import columns_of, heading
from calidez.kit.desk.intake.models import Intake
from calidez.kit.faces.pages.common import crumbs, viewable_entity
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = Intake.State


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)


class NotationForm(forms.Form):
    """What a file does not say of itself."""

    dates = forms.ChoiceField(
        label=gettext_lazy("Dates in the file"),
        choices=(
            ("iso", gettext_lazy("2026-03-12 (or real dates of a workbook)")),
            ("dmy", gettext_lazy("12/03/2026: day first")),
            ("mdy", gettext_lazy("03/12/2026: month first")),
        ),
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Numbers in the file"),
        choices=(
            (".", gettext_lazy("95.5: decimal point")),
            (",", gettext_lazy("95,5: decimal comma")),
        ),
    )


def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be loaded, the file to fill in, and the upload."""
    entity = _loadable(request, slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            intake = services.take_in(entity, upload.name, upload.chunks(), by=request.user)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
        else:
            work.check_or_queue(intake)
            return redirect(_url(entity, intake))
    context = {
        "entity": entity,
        "title": _title(entity),
        "form": form,
        "crumbs": crumbs(entity),
        "columns": [
            (heading(entity, name), template.explanation(entity, entity.model._meta.get_field(name)))
            for name in columns_of(entity)
        ],
        "may_export": entity.may(request.user, access.EXPORT),
        "limit": services.LIMIT_BYTES >> 20,
        "template_url": reverse("kit:intake-template", args=[entity.slug, "xlsx"]),
        "template_csv_url": reverse("kit:intake-template", args=[entity.slug, "csv"]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "kit/intake/start.html", context, status=status)


def file_to_fill(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The template; with `?records` also the records that exist, to be changed and loaded again."""
    entity = _loadable(request, slug)
    if form not in template.FORMATS:
        raise Http404
    rows: Any = iter(())
    if "records" in request.GET:
        if not entity.may(request.user, access.EXPORT):
            raise access.refuse(access.EXPORT, entity.label)
        rows = template.existing(entity, request.user)
    if form == "csv":
        response: Any = StreamingHttpResponse(
            template.as_csv(entity, rows), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(template.as_workbook(entity, rows), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{entity.slug}.{form}"'
    return response


def intake(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """What the check found or how far the loading is; a fragment while it runs."""
    entity, item = _own(request, slug, uid)
    status = describe(item.job) if item.job else None
    if status is not None and status.over and status.error and item.state in {State.CHECKING, State.LOADING}:
        services.fail(item, status.error)
    running = item.state in {State.CHECKING, State.LOADING}
    fragment = request.htmx and running  # type: ignore[attr-defined]
    if request.htmx and not running:  # type: ignore[attr-defined]
        # The work is done: the whole page is drawn anew, with other buttons.
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    context = {
        "entity": entity,
        "title": _title(entity),
        "crumbs": (*crumbs(entity), Link(_title(entity), reverse("kit:intake-start", args=[entity.slug]))),
        "item": item,
        "running": running,
        "status": status,
        "report": _readable(entity, item),
        "notation": NotationForm(initial=item.notation),
        "url": _url(entity, item),
    }
    return render(request, "kit/intake/_running.html" if fragment else "kit/intake/intake.html", context)


def act(request: HttpRequest, slug: str, uid: uuid.UUID, what: str) -> HttpResponse:
    """The steps of the page: read the file in another way, load it, forget it."""
    entity, item = _own(request, slug, uid)
    if request.method != "POST":
        return redirect(_url(entity, item))
    deeds: dict[str, Callable[[], None]] = {
        "read": lambda: _read_as(request, item),
        "load": lambda: _load(item),
    }
    if what == "discard":
        services.discard(item)
        messages.success(request, _("The file is forgotten; nothing of it was loaded."))
        return redirect(entity.list_url())
    if what not in deeds:
        raise Http404
    deeds[what]()
    return redirect(_url(entity, item))


def faults(request: HttpRequest, slug: str, uid: uuid.UUID) -> StreamingHttpResponse:
    """All faults as a table, for whoever mends the file."""
    entity, item = _own(request, slug, uid)

    def rows() -> Any:
        yield [_("Row"), _("Column"), _("Value"), _("What is wrong")]
        for fault in services.faults_of(item):
            yield [fault.row, fault.column, fault.value, fault.sentence]

    response = StreamingHttpResponse(csv_lines(rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{entity.slug}-faults.csv"'
    return response


def _read_as(request: HttpRequest, item: Intake) -> None:
    form = NotationForm(request.POST)
    form.is_valid()
    services.read_as(
        item, decimal=form.cleaned_data.get("decimal", ""), dates=form.cleaned_data.get("dates", "")
    )
    work.check_or_queue(item)


def _load(item: Intake) -> None:
    services.start_loading(item)
    work.load_or_queue(item)


def _readable(entity: Entity, item: Intake) -> dict[str, Any]:
    """The report with field names in the reader's words."""
    report = dict(item.report)
    examples = report.get("examples", [])
    report["examples"] = [
        {**e, "changes": ", ".join(heading(entity, name) for name in e["changes"])} for e in examples
    ]
    written = (models.DateField, models.FloatField, models.DecimalField, models.IntegerField)
    fields = (entity.model._meta.get_field(name) for name in report.get("columns", []))
    report["written"] = any(isinstance(field, written) and not field.is_relation for field in fields)
    report["unknown"] = ", ".join(report.get("unknown", []))
    report["to_load"] = report.get("new", 0) + report.get("changed", 0)
    report["holds_others"] = services.holds_others(report["to_load"])
    return report


def _loadable(request: HttpRequest, slug: str) -> Entity:
    entity = viewable_entity(request, slug)
    if not services.may_load(entity, request.user):
        raise access.refuse(_("Load from a file"), entity.label)
    return entity


def _own(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Entity, Intake]:
    entity = _loadable(request, slug)
    return entity, get_object_or_404(Intake, uid=uid, person=request.user, entity=entity.key)


def _title(entity: Entity) -> str:
    return _("Load from a file: %(kinds)s") % {"kinds": entity.label_plural}


def _url(entity: Entity, item: Intake) -> str:
    return reverse("kit:intake", args=[entity.slug, item.uid])
