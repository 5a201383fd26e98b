"""Other columns for a dataset that holds rows: said as for a new file, tried, and then decided."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.forms import record_form
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.column_forms import ColumnsForm
from calidez.monitoring.models import Dataset


def columns(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, "datasets")
    dataset = record_or_404(request, entity, uid)
    if not access.scope(request.user, entity.key, access.EDIT).covers(dataset.unit.path):
        raise access.refuse(_("Change the columns"), entity.label)
    values: dict[str, Any] = {
        "dataset": dataset,
        "title": _("Columns of %(dataset)s") % {"dataset": dataset},
        "crumbs": (*crumbs(entity), Link(str(dataset), entity.url(dataset))),
    }
    if imports.is_underway(dataset):
        values["status"] = describe(dataset.wanted["job"])
    elif dataset.wanted.get("found"):
        values |= _found(dataset, request.user)
    else:
        answer = _asked(request, dataset, values)
        if answer is not None:
            return answer
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "monitoring/columns/_state.html" if fragment else "monitoring/columns/page.html"
    return render(request, template, values, status=422 if values.get("refused") else 200)


def _found(dataset: Dataset, user: Any) -> dict[str, Any]:
    def step(operation: Any) -> str:
        return reverse("kit:step", args=["datasets", dataset.uid, operation.name])

    return {
        "sentences": list(imports.trial_sentences(dataset)),
        "change_url": step(imports.change_columns),
        "keep_url": step(imports.keep_columns),
        # Asked here, so that the decision is one press and not a second page.
        "why": record_form(catalog.of(Dataset), (), user, instance=dataset, note=True),
    }


def _asked(request: HttpRequest, dataset: Dataset, values: dict[str, Any]) -> HttpResponse | None:
    values["error"] = dataset.wanted.get("error", "")
    try:
        now = imports.columns_now(dataset)
    except RuleBroken as refused:
        values["error"] = str(refused)
        return None
    form = ColumnsForm(
        now.choices,
        imports.profile_of(now.item),
        request.POST if request.method == "POST" else None,
        one_day=now.one_day,
        said=True,
        renames=True,
    )
    for name in ("name", "code"):  # these the dataset has, and its own form changes the name
        del form.fields[name]
    values |= {"form": form, "file": now.item}
    if request.method != "POST":
        return None
    if form.is_valid():
        try:
            schema = imports.schema_for_new(now.named(form.said(), dataset))
            imports.ask_columns(dataset, by=request.user, schema=schema)
        except RuleBroken as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return redirect("dataset-columns", dataset.uid)
    values["refused"] = True
    return None
