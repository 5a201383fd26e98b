"""The rows of a dataset, to look at and to take along."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import crumbs, csv_response, record_or_404, viewable_entity
from calidez.kit.platform.display import Button, Link
from calidez.monitoring import dataset_rows
from calidez.monitoring.models import Dataset


def rows(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, "datasets")
    dataset = record_or_404(request, entity, uid)
    asked = dataset_rows.asked_of(request.GET.dict(), dataset, request.user)
    actions: tuple[Button, ...] = ()
    if dataset_rows.may_download(dataset, request.user):
        address = reverse("dataset-rows-file", args=[dataset.uid]) + asked.address(page=None)
        actions = (Button(_("Download as CSV"), address, icon="download"),)
    values = {
        "page": dataset_rows.rows_page(dataset, asked, request.user),
        "dataset": dataset,
        "title": _("Rows of %(dataset)s") % {"dataset": dataset},
        "crumbs": (*crumbs(entity), Link(str(dataset), entity.url(dataset))),
        "actions": actions,
    }
    return render(request, "monitoring/rows.html", values)


def rows_file(request: HttpRequest, uid: uuid.UUID) -> StreamingHttpResponse:
    dataset = record_or_404(request, viewable_entity(request, "datasets"), uid)
    if not dataset_rows.may_download(dataset, request.user):
        raise access.refuse(_("Download"), catalog.of(Dataset).label)
    asked = dataset_rows.asked_of(request.GET.dict(), dataset, request.user)
    return csv_response(dataset_rows.rows_file(dataset, asked, request.user), f"{dataset.code}.csv")
