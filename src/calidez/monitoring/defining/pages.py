"""The pages on which an indicator is written as a sentence: a new one, and one that is changed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk.drafts import services as drafts
from calidez.kit.desk.forms import values_of
from calidez.kit.desk.made_from import filled_in
from calidez.kit.faces.pages import forms
from calidez.kit.faces.pages.common import closed, crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import FormPage, Section
from calidez.kit.platform.errors import RuleBroken, VersionConflict
from calidez.monitoring.defining.sentence import Sentence, sentence_of_form, with_figures
from calidez.monitoring.defining.writing import DO, EXPRESSIONS
from calidez.monitoring.models import Indicator

# What the sentence itself asks; the rest of the fields follow it.
ASKED = frozenset(
    {"dataset", "measure", "quantile", "period", "segments", "unit", "name", "better", "measured_in"}
)
OFTEN = ("description", "standard", "owner")


def new(request: HttpRequest) -> HttpResponse:
    entity = viewable_entity(request, "indicators")
    creation = entity.creation
    if creation is None or not entity.may(request.user, access.CREATE):
        raise access.refuse(entity.create_label, entity.label)
    names = creation.fields or entity.all_fields
    draft = _draft(request)
    proposed = {n: value for n, value in entity.proposed(request.user).items() if n in names}
    sentence = sentence_of_form(
        entity,
        names,
        request.user,
        verb=access.CREATE,
        given=_given(request, draft),
        initial={**proposed, **filled_in(entity, names, request.GET.dict(), request.user)},
        required=creation.required,
        asked=_asked(request),
    )
    if _asked(request) and sentence.whole:
        try:
            record = creation(by=request.user, **values_of(sentence.form))
        except RuleBroken as refusal:
            _place(sentence.form, refusal)
        else:
            drafts.forget(request.user, request.get_full_path())
            messages.success(request, _("Created: %(record)s") % {"record": record})
            return redirect(entity.url(record))
    page = _page(request, entity, sentence, names, draft, title=entity.create_label, submit=_("Create"))
    return _answer(request, page, sentence)


def edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, "indicators")
    record = record_or_404(request, entity, uid)
    operation = entity.edition
    if operation is None or not operation.permitted(record, request.user):
        raise access.refuse(_("Edit"), entity.label)
    if not operation.open_for(record, request.user):
        return closed(request, entity, record, operation)
    draft = _draft(request)
    sentence = sentence_of_form(
        entity,
        operation.fields,
        request.user,
        verb=access.EDIT,
        given=_given(request, draft),
        initial=filled_in(entity, operation.fields, request.GET.dict(), request.user),
        instance=record,
        asked=_asked(request),
    )
    form = sentence.form
    if _asked(request) and sentence.whole:
        try:
            done = operation(record, by=request.user, version=form.cleaned_data["version"], **values_of(form))
        except RuleBroken as refusal:
            _place(form, refusal)
        except VersionConflict:
            request.POST = form.data  # type: ignore[assignment]
            return forms.edit(request, entity.slug, uid)
        else:
            drafts.forget(request.user, request.get_full_path())
            messages.success(request, _("Saved: %(record)s") % {"record": done})
            return redirect(entity.url(done))
    page = _page(
        request,
        entity,
        sentence,
        operation.fields,
        draft,
        title=f"{operation.label}: {entity.title(record)}",
        submit=_("Save"),
        record=record,
    )
    return _answer(request, page, sentence)


def _asked(request: HttpRequest) -> bool:
    """Whether the form is to be kept: no button of it changes its parts, and no script asks for its figures."""
    return request.method == "POST" and DO not in request.POST and not _is_fragment(request)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx and not request.htmx.boosted)  # type: ignore[attr-defined]


def _given(request: HttpRequest, draft: Any) -> QueryDict | None:
    if request.method == "POST":
        return request.POST
    return drafts.as_posted(draft) if draft is not None else None


def _draft(request: HttpRequest) -> Any:
    return drafts.find(request.user, request.get_full_path()) if request.method == "GET" else None


def _page(
    request: HttpRequest,
    entity: Any,
    sentence: Sentence,
    names: Any,
    draft: Any,
    *,
    title: str,
    submit: str,
    record: Indicator | None = None,
) -> FormPage:
    form = sentence.form
    rest = [name for name in names if name not in ASKED and name not in EXPRESSIONS]
    often = Section("", tuple(form[name] for name in OFTEN if name in rest))
    later = tuple(form[name] for name in rest if name not in OFTEN)
    wrong = any(field.errors for field in later)
    return FormPage(
        key=entity.key,
        title=title,
        help=str(entity.help),
        form=form,
        sections=(often, Section(_("More about it"), later, folded=not wrong)),
        submit=submit,
        cancel_url=entity.url(record) if record is not None else entity.list_url(),
        crumbs=crumbs(entity, record) if record is not None else crumbs(entity),
        draft_token=drafts.token_for(request.user, request.get_full_path()),
        draft_at=draft.saved_at if draft is not None else None,
    )


def _answer(request: HttpRequest, page: FormPage, sentence: Sentence) -> HttpResponse:
    fragment = "monitoring/defining/_sentence.html"
    template = fragment if _is_fragment(request) else "monitoring/defining/page.html"
    status = 422 if _asked(request) else 200
    values = {"page": page, "sentence": with_figures(sentence), "form": sentence.form}
    return render(request, template, values, status=status)


def _place(form: Any, refusal: RuleBroken) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
