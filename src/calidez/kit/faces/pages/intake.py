"""Records from a file: the template, the upload, what would happen, and the loading."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import Entity
from calidez.kit.core import access
from calidez.kit.desk.intake import jobs, services, template
from calidez.kit.desk.intake.matching import columns_of, heading
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.faces.pages.common import crumbs, viewable_entity
from calidez.kit.faces.pages.runs import XLSX, RunPage, add_run_page, own_run
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken


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
            run = services.take_in(entity, upload.name, upload.chunks(), by=request.user)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
        else:
            jobs.check_or_queue(run)
            return redirect(runs.address(run))
    context = {
        "entity": entity,
        "title": _title(entity),
        "form": form,
        "crumbs": crumbs(entity),
        "rows": template.what_rows_do(entity),
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
        response = HttpResponse(template.as_workbook(entity, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{entity.slug}.{form}"'
    return response


def act(request: HttpRequest, slug: str, uid: uuid.UUID, what: str) -> HttpResponse:
    """The steps of the page: read the file in another way, load it, forget it."""
    entity, run, _page = own_run(request, slug, uid)
    if run.work not in (services.CHECK, services.LOAD):
        raise Http404
    if request.method != "POST":
        return redirect(runs.address(run))
    if what == "discard":
        runs.discard(run)
        messages.success(request, _("The file is forgotten; nothing of it was loaded."))
        return redirect(entity.list_url())
    if what == "read":
        form = NotationForm(request.POST)
        form.is_valid()
        services.read_as(
            run, decimal=form.cleaned_data.get("decimal", ""), dates=form.cleaned_data.get("dates", "")
        )
        jobs.check_or_queue(run)
    elif what == "load":
        services.start_loading(run)
        jobs.load_or_queue(run)
    else:
        raise Http404
    return redirect(runs.address(run))


def _values(entity: Entity, run: Run) -> dict[str, Any]:
    return {"report": _readable(entity, run), "notation": NotationForm(initial=run.asked)}


def _readable(entity: Entity, run: Run) -> dict[str, Any]:
    """The report with field names in the reader's words."""
    report = dict(run.report)
    examples = report.get("examples", [])
    report["examples"] = [
        {**e, "changes": ", ".join(heading(entity, name) for name in e["changes"])} for e in examples
    ]
    written = (models.DateField, models.FloatField, models.DecimalField, models.IntegerField)
    fields = (entity.model._meta.get_field(name) for name in report.get("columns", []))
    report["written"] = any(isinstance(field, written) and not field.is_relation for field in fields)
    report["unknown"] = ", ".join(report.get("unknown", []))
    report["to_load"] = report.get("new", 0) + report.get("changed", 0)
    report["in_groups"] = services.comes_in_groups(report.get("rows", 0))
    return report


def _loadable(request: HttpRequest, slug: str) -> Entity:
    entity = viewable_entity(request, slug)
    _permit(entity, request.user)
    return entity


def _permit(entity: Entity, user: Any) -> None:
    if not services.may_load(entity, user):
        raise access.refuse(_("Load from a file"), entity.label)


def _title(entity: Entity) -> str:
    return _("Load from a file: %(kinds)s") % {"kinds": entity.label_plural}


for _work, _label in ((services.CHECK, gettext_lazy("Checking")), (services.LOAD, gettext_lazy("Loading"))):
    add_run_page(
        _work,
        RunPage(
            label=_label,
            title=lambda entity, run, user: run.file_name,
            template="kit/runs/intake.html",
            values=_values,
            permit=_permit,
            above=lambda entity: Link(_title(entity), reverse("kit:intake-start", args=[entity.slug])),
        ),
    )
