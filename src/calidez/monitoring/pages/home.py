"""Home: are we keeping our promises, where is it changing, what must be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.display import Button, Empty
from calidez.monitoring.models import Import
from calidez.monitoring.overview import overview
from calidez.people.selectors import chosen_unit


def home(request: HttpRequest) -> HttpResponse:
    page = overview(request.user, chosen_unit(request))
    return render(request, "monitoring/home.html", {"page": page, "empty": _first_step(request)})


def _first_step(request: HttpRequest) -> Empty:
    imports = catalog.of(Import)
    if not imports.may(request.user, access.CREATE):
        return Empty(
            _("Nothing has been measured for your units yet. Whoever loads the data will see to it.")
        )
    return Empty(
        _(
            "Load a file of what happened, one row per visit, call, order or answer; "
            "the system asks what each column means and proposes a first indicator."
        ),
        Button(_("Load a file"), imports.list_url() + "new/", icon="file-import", primary=True),
    )
