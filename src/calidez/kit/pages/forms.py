"""Create, edit and steps: one form page, one way to answer a refusal or a version conflict."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit import access, audit, cells
from calidez.kit.catalog import Entity
from calidez.kit.display import Clash, ConflictPage, FormPage
from calidez.kit.drafts import services as drafts
from calidez.kit.drafts.models import Draft
from calidez.kit.errors import RuleBroken, VersionConflict
from calidez.kit.forms import record_form, sections_of, values_of
from calidez.kit.operations import Operation
from calidez.kit.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.panels import readable


def create(request: HttpRequest, slug: str) -> HttpResponse:
    entity = viewable_entity(request, slug)
    if entity.creation is None or not entity.created_in_form or not entity.may(request.user, access.CREATE):
        raise access.refuse(entity.create_label, entity.label)
    names = entity.creation.fields or entity.all_fields
    posted = request.POST if request.method == "POST" else None
    proposed = {**entity.proposed(request.user), **request.GET.dict()}
    initial = {name: value for name, value in proposed.items() if name in names}
    draft = _draft(request)
    form = record_form(
        entity, names, request.user, data=_written(draft) if posted is None else posted, initial=initial
    )
    _without_errors(form, draft)
    if posted is not None and form.is_valid():
        try:
            record = entity.creation(by=request.user, **values_of(form))
        except RuleBroken as refusal:
            _place(form, refusal)
        else:
            drafts.forget(request.user, request.get_full_path())
            messages.success(request, _("Created: %(record)s") % {"record": record})
            return redirect(entity.url(record))
    page = FormPage(
        key=entity.key,
        title=entity.create_label,
        help=str(entity.help),
        form=form,
        sections=sections_of(entity, form, names),
        submit=_("Create"),
        cancel_url=entity.list_url(),
        crumbs=crumbs(entity),
        draft_token=drafts.token_for(request.user, request.get_full_path()),
        draft_at=draft.saved_at if draft is not None else None,
    )
    return _form_response(request, page, posted is not None)


def edit(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    if entity.edition is None:
        raise access.refuse(_("Edit"), entity.label)
    return perform(request, entity, record, entity.edition, submit=_("Save"))


def step(request: HttpRequest, slug: str, uid: uuid.UUID, name: str) -> HttpResponse:
    entity = viewable_entity(request, slug)
    record = record_or_404(request, entity, uid)
    operation = entity.step(name)
    if operation is None:
        raise access.refuse(name, entity.label)
    return perform(request, entity, record, operation, submit=str(operation.label))


def perform(
    request: HttpRequest, entity: Entity, record: Any, operation: Operation, *, submit: str
) -> HttpResponse:
    """Ask what the operation needs, run it, and answer refusals beside the field."""
    if not operation.permitted(record, request.user):
        raise access.refuse(operation.label, entity.label)
    if not operation.open_for(record):
        raise RuleBroken(entity.closed_sentence(operation, record))
    posted = request.POST if request.method == "POST" else None
    draft = _draft(request)
    form = record_form(
        entity,
        operation.fields,
        request.user,
        instance=record,
        data=_written(draft) if posted is None else posted,
        note=operation.note,
    )
    _without_errors(form, draft)
    if posted is not None and form.is_valid():
        try:
            done = operation(
                record,
                by=request.user,
                version=form.cleaned_data["version"] if "version" in posted else None,
                note=form.cleaned_data.get("note", ""),
                **values_of(form),
            )
        except RuleBroken as refusal:
            _place(form, refusal)
        except VersionConflict as conflict:
            return _conflict(request, entity, conflict.record, operation, form)
        else:
            drafts.forget(request.user, request.get_full_path())
            edited = operation is entity.edition
            said = _("Saved: %(record)s") if edited else _("Done: %(step)s · %(record)s")
            messages.success(request, said % {"step": submit, "record": done})
            return redirect(entity.url(done))
    page = FormPage(
        key=entity.key,
        title=f"{operation.label}: {entity.title(record)}",
        help=operation.help_for(record),
        form=form,
        sections=sections_of(entity, form, operation.fields),
        submit=submit,
        cancel_url=entity.url(record),
        crumbs=crumbs(entity, record),
        draft_token=drafts.token_for(request.user, request.get_full_path()),
        draft_at=draft.saved_at if draft is not None else None,
    )
    return _form_response(request, page, posted is not None)


def _draft(request: HttpRequest) -> Draft | None:
    """What the person wrote here before and did not save."""
    return drafts.find(request.user, request.get_full_path()) if request.method == "GET" else None


def _written(draft: Draft | None) -> QueryDict | None:
    return drafts.as_posted(draft) if draft is not None else None


def _without_errors(form: ModelForm, draft: Draft | None) -> None:
    """A draft is shown as it was left: nobody asked yet whether it may be saved."""
    if draft is not None:
        form._errors = ErrorDict()  # type: ignore[attr-defined]


def _form_response(request: HttpRequest, page: FormPage, refused: bool) -> HttpResponse:
    return render(request, "kit/form.html", {"page": page}, status=422 if refused else 200)


def _place(form: ModelForm, refusal: RuleBroken) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _conflict(
    request: HttpRequest, entity: Entity, current: Any, operation: Operation, form: ModelForm
) -> HttpResponse:
    """Both texts side by side; sending again keeps this person's, over the version just shown."""
    last = audit.history(current, limit=1)
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = record_form(
        entity, operation.fields, request.user, instance=current, data=data, note=operation.note
    )
    page = ConflictPage(
        key=entity.key,
        title=entity.title(current),
        by=last[0].actor if last else "",
        moment=last[0].at if last else current.created_at,
        clashes=tuple(_clash(entity, current, name, form) for name in operation.fields),
        form=again,
        submit_url=request.path,
        cancel_url=entity.url(current),
        crumbs=crumbs(entity, current),
        draft_token=drafts.token_for(request.user, request.get_full_path()),
    )
    return render(request, "kit/conflict.html", {"page": page}, status=409)


def _clash(entity: Entity, current: Any, name: str, form: ModelForm) -> Clash:
    theirs = readable(entity, name, audit.snapshot(current).get(name))
    value: Any = form.cleaned_data.get(name)
    if hasattr(value, "all") or isinstance(value, (list, tuple)):
        value = sorted(str(v) for v in value)
    elif hasattr(value, "_meta"):
        value = str(value)
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    yours = readable(entity, name, value)
    return Clash(cells.column_label(entity, name), name, theirs, yours, theirs != yours)
