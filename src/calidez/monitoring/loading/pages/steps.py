"""What the steps of loading a file share: who may take them, where they lead, and how they look."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import crumbs
from calidez.kit.platform.display import Button, Link
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs import describe
from calidez.monitoring.loading import report as imports_report
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Import

State = Import.State


def step(
    page: Callable[[HttpRequest, Import], HttpResponse],
) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """A step before the load: it is given the import, and leads to the result once the load has begun."""

    @functools.wraps(page)
    def open_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        item = item_or_404(request, uid)
        if item.state in {State.LOADING, State.LOADED}:
            return redirect("imports-load", item.uid)
        if item.state in {State.DISCARDED, State.TAKING_BACK, State.TAKEN_BACK}:
            return redirect(catalog.of(Import).url(item))
        return page(request, item)

    return open_page


def item_or_404(request: HttpRequest, uid: uuid.UUID) -> Import:
    """An import on which this person may work; one outside their units is as absent as an unknown one."""
    found = catalog.of(Import).queryset(request.user, access.CREATE)
    item = found.select_related("dataset", "unit", "created_by").filter(uid=uid).first()
    if item is None:
        raise Http404(_("This record does not exist, or it belongs to a unit that you cannot see."))
    return item


def step_page(
    request: HttpRequest,
    template: str,
    item: Import | None,
    current: int,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    shared = {
        "item": item,
        "steps": _steps(item),
        "current": current,
        "crumbs": crumbs(catalog.of(Import)),
        "actions": _actions(request, item),
        "title": item.file_name if item else _("Load a file"),
    }
    return render(request, f"monitoring/imports/{template}.html", shared | values, status=status)


def _actions(request: HttpRequest, item: Import | None) -> tuple[Button, ...]:
    """A file that turns out to be the wrong one can be put away at any step; its page asks once more."""
    step = imports.discard
    if item is None or not (step.open_for(item, request.user) and step.permitted(item, request.user)):
        return ()
    url = reverse("kit:step", args=[catalog.of(Import).slug, item.uid, step.name])
    return (Button(str(step.label), url, icon=step.icon),)


def _steps(item: Import | None) -> tuple[Link, ...]:
    words = (_("File"), _("Reading"), _("Columns"), _("Check"), _("Load"))
    if item is None or item.state in {State.LOADING, State.LOADED}:
        return tuple(Link(word, "") for word in words)
    urls = ("", *(reverse(name, args=[item.uid]) for name in imports_report.STEP_ROUTES))
    return tuple(Link(word, url) for word, url in zip(words, urls, strict=True))


def status_of(item: Import, job: str) -> Any:
    """How the worker gets on with the file, where that is what it does or did last."""
    status = describe(item.job) if item.job else None
    return status if status is not None and status.name == job else None


def to_step(request: HttpRequest, name: str, item: Import) -> HttpResponse:
    """Another step, also for a page that asked for a part of itself."""
    if not is_fragment(request):
        return redirect(name, item.uid)
    return HttpResponse(headers={"HX-Redirect": reverse(name, args=[item.uid])})


def is_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx and not request.htmx.boosted)  # type: ignore[attr-defined]


def add_refusal(form: Form, refusal: RuleBroken | NotAllowed) -> None:
    field = getattr(refusal, "field", "")
    if field in form.errors:  # "required" says less than why the file was not taken
        del form.errors[field]
    form.add_error(field if field in form.fields else None, str(refusal))
