"""One step for the chosen rows of a list: what it asks, how far it is, what was refused and why."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core import access
from calidez.kit.desk import exchange
from calidez.kit.desk.bulk import jobs, offers, services
from calidez.kit.desk.bulk.models import BulkRun
from calidez.kit.desk.bulk.offers import Offer
from calidez.kit.desk.forms import sections_of
from calidez.kit.desk.lists import ListQuery
from calidez.kit.faces.pages.common import crumbs, viewable_entity
from calidez.kit.platform.display import FormPage
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import describe, enqueue

AT_ONCE = 200
SHOWN = 500


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
        if len(picks) > AT_ONCE:
            run.job = enqueue(jobs.run_bulk, uid=str(run.uid))
            run.save(update_fields=["job"])
        else:
            services.carry_out(run)
        return redirect(reverse("kit:bulk-report", args=[entity.slug, run.uid]))
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


def report(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """What was done and what was refused; while it runs, how far it is."""
    entity, run = _own(request, slug, uid)
    status = describe(run.job) if run.job else None
    running = run.finished_at is None and status is not None and not status.over
    refused = run.outcomes.exclude(refusal="").order_by("position")
    count = refused.count()
    offer = offers.find(entity, request.user, run.action)
    context = {
        "title": f"{offer.text if offer else run.action}: {_how_many(entity, len(run.picks))}",
        "crumbs": crumbs(entity),
        "run": run,
        "running": running,
        "failed": run.finished_at is None and not running,
        "status": status,
        "progress": _("%(done)s of %(total)s")
        % {"done": number(status.done), "total": number(len(run.picks))}
        if status
        else "",
        "done": run.outcomes.filter(refusal="").count(),
        "count": count,
        "refused": [(item, f"{entity.list_url()}{item.record}/") for item in refused[:SHOWN]],
        "more": max(0, count - SHOWN),
        "entity": entity,
    }
    template = "kit/bulk/_report.html" if request.htmx else "kit/bulk/report.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def report_csv(request: HttpRequest, slug: str, uid: uuid.UUID) -> StreamingHttpResponse:
    entity, run = _own(request, slug, uid)

    def rows() -> Any:
        yield [_("Record"), _("Identifier"), _("Result"), _("Why")]
        for item in run.outcomes.order_by("position").iterator(chunk_size=1000):
            yield [item.label, str(item.record), _("refused") if item.refusal else _("done"), item.refusal]

    response = StreamingHttpResponse(exchange.csv_lines(rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{entity.slug}-{run.created_at:%Y-%m-%d}-report.csv"'
    )
    return response


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


def _own(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Entity, BulkRun]:
    """Reports are for who asked."""
    entity = viewable_entity(request, slug)
    return entity, get_object_or_404(BulkRun, uid=uid, kind=entity.key, person=request.user)
