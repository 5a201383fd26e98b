"""The steps of loading a file, each a page that can be left and taken up again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import viewable_entity
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe
from calidez.monitoring.loading import forms as imports_forms
from calidez.monitoring.loading import report as imports_report
from calidez.monitoring.loading import seen
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.column_forms import ColumnsForm, MatchForm
from calidez.monitoring.loading.pages.steps import (
    add_refusal,
    is_fragment,
    item_or_404,
    status_of,
    step,
    step_page,
    to_step,
)
from calidez.monitoring.loading.pages.uploads import IntoUploads
from calidez.monitoring.models import Dataset, Import
from calidez.people.models import Unit
from calidez.people.selectors import chosen_unit

State = Import.State
SHOWN_BRANCHES = 60
OPENED_BRANCHES = 3  # beyond these, creating all of them at once is the usual way


# 1 upload


@csrf_exempt  # the handler must be in place before anything reads the body; the inner page protects
def new(request: HttpRequest) -> HttpResponse:
    entity = viewable_entity(request, "imports")
    if not entity.may(request.user, access.CREATE):
        raise access.refuse(entity.create_label, entity.label)
    handler = IntoUploads(request)
    request.upload_handlers = [handler]
    try:
        return _new(request, handler)
    finally:
        handler.drop()


@csrf_protect
def _new(request: HttpRequest, handler: IntoUploads) -> HttpResponse:
    posted = request.method == "POST"
    form = imports_forms.UploadForm(request.POST, request.FILES) if posted else imports_forms.UploadForm()
    unit = _unit(request)
    if posted:
        if handler.refusal is not None:
            add_refusal(form, handler.refusal)
        elif form.is_valid():
            try:
                item = imports.receive_upload(_received(form), unit=unit, by=request.user)
            except RuleBroken as refusal:
                add_refusal(form, refusal)
            else:
                handler.keep()
                return redirect("imports-reading", item.uid)
    values = {
        "form": form,
        "unit": unit,
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "limit_text": _("CSV, Excel, Parquet or JSON lines, also packed with gzip; at most %(limit)s.")
        % {"limit": filesizeformat(settings.UPLOAD_LIMIT_BYTES)},
        "too_large": str(imports.too_large()),
    }
    return step_page(request, "new", None, 1, values, status=422 if posted else 200)


def _received(form: Form) -> imports.Received:
    file = form.cleaned_data["file"]
    received: imports.Received = (
        file.received if file else imports.receive_pasted(form.cleaned_data["pasted"])
    )
    return received


def _unit(request: HttpRequest) -> Unit:
    """The unit that the person looks at, if files may be loaded there; else the highest where they may."""
    allowed = access.scope(request.user, "import", access.CREATE)
    unit = chosen_unit(request)
    if unit is not None and allowed.covers(unit.path):
        return unit
    found = Unit.objects.filter(allowed.query("path"), is_active=True).order_by("path").first()
    if found is None:
        raise access.refuse(_("Load a file"), catalog.of(Import).label)
    return found


# 2 reading


@step
def reading(request: HttpRequest, item: Import) -> HttpResponse:
    if request.method == "POST":
        imports.confirm_reading(item, by=request.user)
        return redirect("imports-columns", item.uid)
    values = _reading_values(item)
    if is_fragment(request):  # whoever watches the worker look
        if item.reading.get("like"):
            return to_step(request, "imports-check", item)
        return render(request, "monitoring/imports/_reading.html", values | {"item": item})
    return step_page(request, "reading", item, 2, values)


@require_POST
@step
def look(request: HttpRequest, item: Import) -> HttpResponse:
    """Read the file's start, as it is or as the person says; htmx swaps the preview."""
    profile = imports.profile_of(item)
    form = imports_forms.ReadingForm(profile, request.POST) if profile and "said" in request.POST else None
    error = ""
    if form is None or form.is_valid():
        try:
            item = imports.look_or_queue(item, by=request.user, options=form.options() if form else None)
        except RuleBroken as refusal:
            error = str(refusal)
    else:
        error = " ".join(str(text) for texts in form.errors.values() for text in texts)
    # A file of a known kind, of which nothing is to be said, is checked at once; the steps lead back.
    done = form is None and not error and imports.profile_of(item) is not None
    if done and imports.go_on_as_before(item, by=request.user, limits=engine.LOOKING_AT_ONCE):
        return to_step(request, "imports-check", item)
    if not is_fragment(request):
        if error:
            messages.error(request, error)
        return redirect("imports-reading", item.uid)
    values = _reading_values(item) | ({"error": error} if error else {}) | {"item": item}
    if error and form is not None:
        values["form"] = form
    return render(request, "monitoring/imports/_reading.html", values)


def _reading_values(item: Import) -> dict[str, Any]:
    profile = imports.profile_of(item)
    status = status_of(item, imports.LOOK_JOB)
    if status is not None and not status.over:
        return {"profile": None, "status": status}
    values: dict[str, Any] = {"error": status.error if status is not None else ""}
    if profile is None:
        return {"error": imports_report.what_is_wrong(item) or values["error"], "profile": None}
    problems = seen.noticed(profile)
    return values | {
        "profile": profile,
        "form": imports_forms.ReadingForm(profile),
        "headings": [seen.heading(column.source) for column in profile.columns[: len(profile.preview[0])]],
        "hidden": max(0, len(profile.columns) - len(profile.preview[0])),
        "problems": problems,
        "problems_tone": "concern" if any(one.tone == "concern" for one in problems) else "neutral",
        "rows": seen.rows_seen(profile),
        "turned": bool(profile.found.turned),
    }


# 3 columns


@step
def columns(request: HttpRequest, item: Import) -> HttpResponse:
    profile = imports.profile_of(item)
    if profile is None or not item.reading.get("confirmed"):
        return redirect("imports-reading", item.uid)
    proposal = imports.propose(item, by=request.user, anew="anew" in request.GET)
    target = _target(request, proposal)
    if target is None and len(proposal.choices) > imports.MANY_COLUMNS:
        return _pick(request, item, profile, proposal)
    posted = request.POST if request.method == "POST" else None
    if target is None:
        form: Any = ColumnsForm(
            proposal.choices,
            profile,
            posted,
            one_day=proposal.one_day,
            said="anew" not in request.GET and bool(item.mapping.get("schema")),
            code=item.mapping.get("code") or imports.proposed_code(item),
            name=item.mapping.get("name") or imports.proposed_name(item),
        )
    else:
        said = item.dataset_id == target.pk and bool(item.mapping.get("schema"))
        form = MatchForm(imports.choices_for(item, target, by=request.user), profile, posted, said=said)
    if posted is not None and form.is_valid() and _confirm(request, item, form, target):
        return redirect("imports-check", item.uid)
    values = {
        "form": form,
        "target": target,
        "targets": imports_forms.dataset_options(imports.targets(item, by=request.user), target),
        "proposal": proposal,
        "repaired": proposal.earlier is not None
        and imports.lead_of([column.source for column in profile.columns]),
        "profile": profile,
        "key": [seen.heading(choice.source) for choice in proposal.choices if choice.key],
        "columns_url": _columns_url(request, target),
    }
    return step_page(request, "columns", item, 3, values, status=422 if posted is not None else 200)


def _target(request: HttpRequest, proposal: imports.Proposal) -> Dataset | None:
    """The dataset asked for in the address or the form; `new` for none, silence for the proposed one."""
    asked = request.POST.get("dataset") or request.GET.get("dataset")
    if asked is None:
        return proposal.dataset
    if asked == "new":
        return None
    try:
        wanted = uuid.UUID(asked)
    except ValueError:
        return None
    found: Dataset | None = (
        catalog.of(Dataset).queryset(request.user).filter(uid=wanted, state=Dataset.State.IN_USE).first()
    )
    return found


def _columns_url(request: HttpRequest, target: Dataset | None) -> str:
    """Where the dataset is given further columns, once it has rows and for who may edit it."""
    if target is None or not target.rows:
        return ""
    may = access.scope(request.user, "dataset", access.EDIT).covers(target.unit.path)
    return reverse("dataset-columns", args=[target.uid]) if may else ""


def _confirm(request: HttpRequest, item: Import, form: Any, target: Dataset | None) -> bool:
    try:
        if target is None:
            schema = imports.schema_for_new(form.said())
            named = {"code": form.cleaned_data["code"], "name": form.cleaned_data["name"]}
        else:
            schema, named = imports.schema_for_existing(target, form.said()), {}
        imports.confirm_mapping(item, by=request.user, schema=schema, dataset=target, **named)
    except RuleBroken as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _pick(request: HttpRequest, item: Import, profile: Any, proposal: imports.Proposal) -> HttpResponse:
    """A file of hundreds of columns: first which of them matter."""
    likely = [c.source for c in proposal.choices if c.key or c.role in {"time", "branch"}]
    form = imports_forms.PickForm(profile, likely, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            imports.choose_columns(item, by=request.user, sources=form.cleaned_data["sources"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("imports-columns", item.uid)
    values = {"form": form, "count": len(profile.columns), "most": imports.MANY_COLUMNS}
    return step_page(request, "pick", item, 3, values, status=422 if request.method == "POST" else 200)


# 4 check


@step
def check(request: HttpRequest, item: Import) -> HttpResponse:
    if not item.mapping.get("schema"):
        return redirect("imports-columns", item.uid)
    error = ""
    if request.method == "POST":
        try:
            if "skip" in request.POST:
                item = imports.skip_alike(item, by=request.user, skip=request.POST["skip"] == "yes")
            item = imports.check_or_queue(item, by=request.user)
        except RuleBroken as refusal:
            error = str(refusal)
    values = _check_values(request, item)
    if error:
        values["error"] = error
    if is_fragment(request):
        return render(request, "monitoring/imports/_check.html", values | {"item": item})
    return step_page(request, "check", item, 4, values)


def _check_values(request: HttpRequest, item: Import) -> dict[str, Any]:
    report = imports_report.report_of(item, request.user)
    checked = item.state in {State.CHECKED, State.FAILED} and "rows_read" in item.report
    status = None if checked else status_of(item, imports.CHECK_JOB)
    open_ = checked or (status is not None and not status.over)
    values = {
        "like": item.reading.get("like", ""),
        "report": report,
        "checked": checked,
        "status": status,
        "error": "" if open_ else imports_report.what_is_wrong(item),
        "skips_alike": bool(item.mapping.get("skip_alike")),
    }
    if checked and report.unknown:
        values |= {
            "unknown": [_Unknown(one.text, one.rows) for one in report.unknown[:SHOWN_BRANCHES]],
            "beyond": max(0, len(report.unknown) - SHOWN_BRANCHES),
            "opened": len(report.unknown) <= OPENED_BRANCHES,
            "units": [f"{code} · {name}" for code, name in imports.units_below(item.unit).items()],
            "parents": _parents(request, item),
            "regions": [
                (heading, ", ".join(sorted(set(names.values()))[:4]))
                for heading, names in item.report.get("regions", {}).items()
            ],
        }
    return values


@dataclass
class _Unknown:
    """A name that no unit has, with what was said of it."""

    text: str
    rows: int
    same: str = ""
    create: bool = False
    error: str = ""


def _parents(request: HttpRequest, item: Import) -> list[Unit]:
    """Under which units this person may create others."""
    entity = catalog.of(Unit)
    found = entity.queryset(request.user, access.CREATE).filter(
        path__startswith=item.unit.path, is_active=True
    )
    return list(found.exclude(kind=Unit.Kind.BRANCH).order_by("path")[:200])


@require_POST
@step
def branches(request: HttpRequest, item: Import) -> HttpResponse:
    """Create the unknown units, all at once or as decided name by name, or say which unit each is."""
    parent = next((p for p in _parents(request, item) if str(p.uid) == request.POST.get("parent")), None)
    regions = item.report.get("regions", {}).get(request.POST.get("regions", ""), {})
    decisions, rows = [], []
    for position, (name, count) in enumerate(item.report.get("unknown_branches", {}).items()):
        same = request.POST.get(f"{position}-same", "").strip()
        row = _Unknown(name, count, same, f"{position}-create" in request.POST)
        rows.append(row)
        if row.create and same and "all" not in request.POST:
            row.error = _("Either create it, or say which unit it is.")
        elif parent is not None and ("all" in request.POST or row.create):
            decisions.append(imports.Decision(name, parent=parent, within=regions.get(name, "")))
        elif same and (code := imports.unit_called(item, same)):
            decisions.append(imports.Decision(name, unit=code))
        elif same:
            row.error = _("There is no unit, or more than one, with this code or name.")
    if any(row.error for row in rows):
        values = _check_values(request, item) | {
            "unknown": rows[:SHOWN_BRANCHES],
            "chosen_parent": parent,
            "opened": True,
        }
        return step_page(request, "check", item, 4, values, status=422)
    if decisions:
        imports.resolve_branches(item, by=request.user, decisions=decisions)
    return redirect("imports-check", item.uid)


# 5 load


def load(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, uid)
    if request.method == "POST":
        imports.start_load(item, by=request.user)
        return redirect("imports-load", item.uid)
    if item.state not in {State.LOADING, State.LOADED, State.FAILED}:
        return redirect("imports-check", item.uid)  # which knows what a discarded one shows
    status = describe(item.job) if item.job else None
    values = {
        "report": imports_report.report_of(item, request.user),
        "status": status,
        "running": item.state == State.LOADING and status is not None and not status.over,
    }
    if is_fragment(request):
        return render(request, "monitoring/imports/_load.html", values | {"item": item})
    return step_page(request, "load", item, 5, values)
