"""Create, edit and steps: one form page, one way to answer a refusal or a version conflict."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.forms import ChoiceField, DateField, ModelForm, RadioSelect
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.core import access, audit, cells
from calidez.kit.core.children import Row, texts_of
from calidez.kit.core.operations import Operation
from calidez.kit.desk.asides import asides_for, asides_of, block, typed_values
from calidez.kit.desk.child_forms import ChildForm, child_forms, place_refusal, without_errors
from calidez.kit.desk.drafts import services as drafts
from calidez.kit.desk.drafts.models import Draft
from calidez.kit.desk.forms import record_form, sections_of, values_of
from calidez.kit.desk.made_from import filled_in
from calidez.kit.desk.panels import readable
from calidez.kit.faces.pages.common import closed, crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import Clash, ConflictPage, FormPage, RowsClash
from calidez.kit.platform.errors import RuleBroken, VersionConflict


def create(request: HttpRequest, slug: str) -> HttpResponse:
    entity = viewable_entity(request, slug)
    if entity.creation is None or not entity.created_in_form or not entity.may(request.user, access.CREATE):
        raise access.refuse(entity.create_label, entity.label)
    names = entity.creation.fields or entity.all_fields
    posted = request.POST if request.method == "POST" else None
    proposed = {n: value for n, value in entity.proposed(request.user).items() if n in names}
    initial = {**proposed, **filled_in(entity, names, request.GET.dict(), request.user)}
    draft = _draft(request)
    form = record_form(
        entity,
        names,
        request.user,
        data=_written(draft) if posted is None else posted,
        files=request.FILES if posted is not None else None,
        initial=initial,
        required=entity.creation.required,
    )
    rows = child_forms(entity, request.user, None, _written(draft) if posted is None else posted)
    _without_errors(form, draft, rows)
    if posted is not None and _all_valid(form, rows):
        try:
            record = entity.creation(by=request.user, child_rows=_rows(rows), **values_of(form))
        except RuleBroken as refusal:
            _place(form, refusal, rows)
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
        children=rows,
        asides=asides_for(entity, form, None, request.user),
        multipart=form.is_multipart(),
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
    if not operation.open_for(record, request.user):
        return closed(request, entity, record, operation)
    posted = request.POST if request.method == "POST" else None
    draft = _draft(request)
    form = record_form(
        entity,
        operation.fields,
        request.user,
        instance=record,
        data=_written(draft) if posted is None else posted,
        files=request.FILES if posted is not None else None,
        # A link may propose a change; whoever opens it sees it and saves it, or does not.
        initial=filled_in(entity, operation.fields, request.GET.dict(), request.user),
        note=operation.note,
    )
    _offer(form, operation, record)
    _demand(form, operation, record)
    given = _written(draft) if posted is None else posted
    rows = child_forms(entity, request.user, record, given) if operation is entity.edition else ()
    _without_errors(form, draft, rows)
    if posted is not None and _all_valid(form, rows):
        try:
            done = operation(
                record,
                by=request.user,
                version=form.cleaned_data["version"] if "version" in posted else None,
                note=form.cleaned_data.get("note", ""),
                **({"child_rows": _rows(rows)} if rows else {}),
                **values_of(form),
            )
        except RuleBroken as refusal:
            _place(form, refusal, rows)
        except VersionConflict as conflict:
            return _conflict(request, entity, conflict.record, operation, form, rows)
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
        children=rows,
        asides=asides_for(entity, form, record, request.user),
        multipart=form.is_multipart(),
        grave=operation.grave,
    )
    return _form_response(request, page, posted is not None)


def aside(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What is said beside the form as it stands now; nothing is saved and nothing refused."""
    entity = viewable_entity(request, slug)
    found = next((one for one in asides_of(entity) if one.key == key), None)
    if found is None or request.method != "POST":
        raise Http404(_("There is no page at this address."))
    asked = request.GET.get("record", "")
    record = record_or_404(request, entity, _uid(asked)) if asked else None
    writing = entity.edition if record is not None else entity.creation
    if writing is None or not entity.may(request.user, writing.verb):
        raise access.refuse(entity.create_label, entity.label)
    names = [name for name in entity.all_fields if name in request.POST or name in found.watches]
    form = record_form(entity, names, request.user, instance=record, data=request.POST)
    drawn = block(entity, found, form, record, request.user, typed_values(form))
    return render(request, "kit/_aside.html", {"aside": drawn})


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404(_("There is no page at this address.")) from error


def _offer(form: ModelForm, operation: Operation, record: Any) -> None:
    """Where the step knows the answers that the record at hand takes, they are offered to choose from."""
    told = {answers: answers(record) for answers in operation.offers.values()}
    for name, answers in operation.offers.items():
        taken = told[answers]
        if taken is None:
            continue
        found = [(answer, answer) for answer in taken]
        if found:
            field = form.fields[name]
            form.fields[name] = ChoiceField(
                choices=found, label=field.label, help_text=field.help_text, widget=RadioSelect
            )
        else:
            del form.fields[name]


def _demand(form: ModelForm, operation: Operation, record: Any) -> None:
    """What the step refuses empty is not called optional; the step says why, and in its own words. A day begins as today."""
    for name in operation.demands(record):
        if name not in form.fields:
            continue
        field = form.fields[name]
        field.demanded = True  # type: ignore[attr-defined]
        if isinstance(field, DateField) and form.get_initial_for_field(field, name) is None:
            form.initial[name] = timezone.localdate()


def _draft(request: HttpRequest) -> Draft | None:
    """What the person wrote here before and did not save."""
    return drafts.find(request.user, request.get_full_path()) if request.method == "GET" else None


def _written(draft: Draft | None) -> QueryDict | None:
    return drafts.as_posted(draft) if draft is not None else None


def _without_errors(form: ModelForm, draft: Draft | None, rows: tuple[ChildForm, ...]) -> None:
    """A draft is shown as it was left: nobody asked yet whether it may be saved."""
    if draft is not None:
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        without_errors(rows)


def _all_valid(form: ModelForm, rows: tuple[ChildForm, ...]) -> bool:
    """Everything is checked, so that all errors show at once."""
    return all([form.is_valid(), *(one.formset.is_valid() for one in rows)])


def _rows(rows: tuple[ChildForm, ...]) -> dict[str, list[Row]]:
    return {one.child.name: one.rows() for one in rows}


def _form_response(request: HttpRequest, page: FormPage, refused: bool) -> HttpResponse:
    return render(request, "kit/form.html", {"page": page}, status=422 if refused else 200)


def _place(form: ModelForm, refusal: RuleBroken, rows: tuple[ChildForm, ...] = ()) -> None:
    if place_refusal(rows, refusal):
        return
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _conflict(
    request: HttpRequest,
    entity: Entity,
    current: Any,
    operation: Operation,
    form: ModelForm,
    rows: tuple[ChildForm, ...],
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
        rows=tuple(RowsClash(tuple(texts_of(one.child, current)), tuple(one.texts()), one) for one in rows),
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
