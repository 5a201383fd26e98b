"""One step for the chosen rows of a list: what it asks, how far it is, what was refused and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import Entity
from calidez.kit.core import access
from calidez.kit.desk.bulk import jobs, offers, services
from calidez.kit.desk.bulk.offers import Offer
from calidez.kit.desk.forms import sections_of
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.faces.pages.common import crumbs, viewable_entity
from calidez.kit.faces.pages.runs import RunPage, add_run_page
from calidez.kit.platform.display import FormPage
from calidez.kit.platform.formats import number

AT_ONCE = 200


def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what the step needs and whether it is meant; then do it, at once or in the background."""
    entity = viewable_entity(request, slug)
    if request.method != "POST":
        return redirect(entity.list_url())
    offer = offers.find(entity, request.user, request.POST.get("action", ""))
    if offer is None:
        raise access.refuse(_("Steps for many records"), entity.label)
    back = entity.list_url() + "?" + request.POST.get("query", "").lstrip("?")
    query = ListQuery.of(QueryDict(request.POST.get("query", "").lstrip("?")))
    whole = "all" in request.POST
    picks = services.all_of(entity, request.user, query) if whole else services.picked(_boxes(request))
    if not picks:
        messages.warning(request, _("Choose at least one row first."))
        return redirect(back)
    confirmed = "meant" in request.POST
    form = services.form_for(entity, offer, request.user, data=request.POST if confirmed else None)
    asked = list(form.fields)
    hidden = {"action": offer.key, "query": query.url(), "meant": "yes"} | (
        {"all": "yes"}
        if whole
        else {"picks": " ".join(f"{uid}:{'' if v is None else v}" for uid, v in picks)}
    )
    if confirmed and form.is_valid():
        answers = {name: request.POST.getlist(name) for name in asked if name in request.POST}
        run = services.ask(entity, offer, picks, answers, by=request.user)
        runs.begin(run, jobs.run_bulk, at_once=len(picks) <= AT_ONCE)
        return redirect(runs.address(run))
    for name, value in hidden.items():
        form.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value, required=False)
    form.data = {**form.data.dict(), **hidden} if confirmed else form.data  # type: ignore[attr-defined]
    page = FormPage(
        key=entity.key,
        title=f"{offer.text}: {_how_many(entity, len(picks))}",
        help=_meaning(offer),
        form=form,
        sections=sections_of(entity, form, asked),
        submit=offer.text if not offer.key.startswith("field:") else _("Change all of them"),
        cancel_url=back,
        crumbs=crumbs(entity),
    )
    return render(request, "kit/form.html", {"page": page}, status=422 if confirmed else 200)


def _boxes(request: HttpRequest) -> list[str]:
    return [*request.POST.getlist("pick"), *request.POST.get("picks", "").split()]


def _how_many(entity: Entity, count: int) -> str:
    return f"{number(count)} {entity.label if count == 1 else entity.label_plural}"


def _meaning(offer: Offer) -> str:
    said = (
        "" if callable(offer.operation.help) or offer.key.startswith("field:") else str(offer.operation.help)
    )
    each = _("Each record is treated by itself: what is not possible is refused and listed with its reason.")
    return f"{said} {each}".strip()


def _title(entity: Entity, run: Run, user: Any) -> str:
    offer = offers.find(entity, user, run.asked["action"])
    return f"{offer.text if offer else run.asked['action']}: {_how_many(entity, len(run.asked['picks']))}"


add_run_page(
    services.WORK,
    RunPage(
        label=gettext_lazy("One record after the other"),
        title=_title,
        template="kit/runs/bulk.html",
        values=lambda entity, run: {"done": run.outcomes.filter(sentence="").count()},
    ),
)
