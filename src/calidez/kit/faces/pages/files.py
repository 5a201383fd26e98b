"""To add, look at, fetch and withdraw files. Each time the reader's right to the record is asked anew."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from calidez.kit.catalog import Entity
from calidez.kit.core import access, cells
from calidez.kit.desk.files import services
from calidez.kit.desk.files.models import Attachment
from calidez.kit.desk.files.panel import AttachForm, file_row
from calidez.kit.faces.pages.common import back_to_record, crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import FormPage, Section
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.field import KeptFileField
from calidez.kit.platform.kept_files.sniffing import PDF, PREVIEWED, TEXT

logger = logging.getLogger("calidez.files")
TEXT_SHOWN = 20_000
# Nothing that a file holds may run, load or send anything, or stand in another page.
LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
# A browser's own PDF reader does not work in a sandbox; it runs nothing of ours and gets nothing of ours.
LOCKED_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@csrf_exempt  # asked for below, once the announced size is known to be bearable
def add(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    most = settings.FILE_LIMIT_BYTES * services.MOST_AT_ONCE
    if not announced.isdecimal() or int(announced) > most:
        raise store.too_large(_("What you send"))
    return _add(request, slug, uid)


@csrf_protect
def _add(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    entity, record = _record(request, slug, uid)
    if not services.may_attach(record, request.user):
        raise access.refuse(access.ATTACH, entity.label)
    posted = request.method == "POST"
    form = AttachForm(request.POST, request.FILES) if posted else AttachForm()
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            kept = services.attach(
                record,
                given["files"],
                by=request.user,
                effective_on=given["effective_on"],
                note=given["note"],
            )
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            said = ngettext("%(count)s file added.", "%(count)s files added.", len(kept))
            messages.success(request, said % {"count": len(kept)})
            return redirect(back_to_record(request, entity, record, "panel-files"))
    page = FormPage(
        key="file",
        title=_("Add files: %(record)s") % {"record": entity.title(record)},
        help=_("They stand beside the record as evidence, with their digest and both dates."),
        form=form,
        sections=(Section("", tuple(form)),),
        submit=_("Add files"),
        cancel_url=entity.url(record),
        crumbs=crumbs(entity, record),
        multipart=True,
    )
    return render(request, "kit/form.html", {"page": page}, status=422 if posted else 200)


@require_GET
def show(request: HttpRequest, slug: str, uid: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """The file's own page: what it is, whether it is whole, and a look at it where that is safe."""
    entity, record, attachment = _file(request, slug, uid, file)
    row = file_row(entity, record, attachment, services.may_attach(record, request.user))
    intact = store.whole(attachment.sha256)
    text, cut = "", False
    if intact and row.preview == "text" and attachment.withdrawn_at is None:
        with store.path_of(attachment.sha256).open("rb") as handle:
            raw = handle.read(TEXT_SHOWN + 1)
        text, cut = raw[:TEXT_SHOWN].decode("utf-8", errors="replace"), len(raw) > TEXT_SHOWN
    context = {
        "file": row,
        "crumbs": crumbs(entity, record),
        "intact": intact,
        "text": text,
        "cut": cut,
    }
    return render(request, "kit/file.html", context)


@require_GET
@cache_control(private=True, no_store=True)
def content(request: HttpRequest, slug: str, uid: uuid.UUID, file: uuid.UUID) -> HttpResponseBase:
    """The bytes: shown only where the type is harmless and a look was asked for, else saved as a file."""
    entity, record, attachment = _file(request, slug, uid, file)
    if attachment.withdrawn_at is not None:
        raise RuleBroken(_("This file was withdrawn; its content is no longer given out."))
    if not store.whole(attachment.sha256):
        logger.error("file %s of %s no longer has its digest", attachment.uid, record.uid)
        row = file_row(entity, record, attachment, allowed=False)
        context = {"file": row, "crumbs": crumbs(entity, record), "intact": False}
        return render(request, "kit/file.html", context, status=409)
    return _bytes(attachment.sha256, attachment.name, attachment.media_type, look="look" in request.GET)


@require_GET
@cache_control(private=True, no_store=True)
def of_field(request: HttpRequest, slug: str, uid: uuid.UUID, name: str) -> HttpResponseBase:
    """The file that a field of the record holds, for whoever may see the record."""
    entity, record = _record(request, slug, uid)
    known = {f.name for f in record._meta.concrete_fields if isinstance(f, KeptFileField)}
    if name not in known or name not in {cells.column_name(c) for c in (*entity.shown, *entity.all_fields)}:
        raise Http404(_("There is no page at this address."))
    file = getattr(record, name)
    if not file:
        raise Http404(_("There is no page at this address."))
    if not store.whole(file.sha256):
        logger.error("file %s of %s no longer has its digest", name, record.uid)
        raise RuleBroken(
            _(
                "The file is damaged or missing: ask whoever runs the installation to bring it back from a backup."
            )
        )
    return _bytes(file.sha256, file.called, file.media_type, look="look" in request.GET)


def _bytes(sha256: str, name: str, kind: str, *, look: bool) -> HttpResponseBase:
    shown = look and kind in PREVIEWED
    # Anything that could be a page of its own is only ever bytes.
    served = kind if kind in PREVIEWED else "application/octet-stream"
    response = FileResponse(
        store.path_of(sha256).open("rb"),
        as_attachment=not shown,
        filename=name,
        content_type=f"{served}; charset=utf-8" if served == TEXT else served,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED_PDF if kind == PDF else LOCKED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def withdraw(request: HttpRequest, slug: str, uid: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    entity, record, attachment = _file(request, slug, uid, file)
    services.withdraw_file(attachment, record, request.POST.get("why", ""), by=request.user)
    messages.success(request, _("Withdrawn: %(record)s") % {"record": attachment.name})
    return redirect(f"{entity.url(record)}#panel-files")


def _record(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Entity, Any]:
    entity = viewable_entity(request, slug)
    return entity, record_or_404(request, entity, uid)


def _file(request: HttpRequest, slug: str, uid: uuid.UUID, file: uuid.UUID) -> tuple[Entity, Any, Attachment]:
    entity, record = _record(request, slug, uid)
    found = Attachment.objects.filter(about=record, uid=file)
    attachment = found.select_related("uploaded_by", "withdrawn_by").first()
    if attachment is None:
        raise Http404(_("There is no page at this address."))
    return entity, record, attachment
