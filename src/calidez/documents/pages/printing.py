"""A version on paper: with its code, number and dates on every page, and that the copy is not controlled."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from calidez.documents.content import files
from calidez.documents.content.files import PDF
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.pages.files import LOCKED_PDF, document_or_404, version_or_404
from calidez.documents.pages.readable import shown
from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day, moment
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.site_address import absolute


@require_GET
def print_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The version in force, or the one that the address names and the reader may open."""
    document = document_or_404(request, uid)
    number = request.GET.get("version", "")
    if number.isdecimal() and len(number) < 9:
        version = version_or_404(document, int(number), request.user)
    elif document.current is not None:
        version = document.current
    else:
        raise Http404(_("No version of this document is in force."))
    is_pdf = bool(version.file) and version.file.media_type == PDF  # type: ignore[attr-defined]
    context = {
        "stamped_url": reverse("documents:stamped", args=[document.uid, version.number]) if is_pdf else "",
        "document": document,
        "title": version.title or document.title,
        "kind": version.get_kind_display() or document.get_kind_display(),
        "version": version,
        "state": catalog.of(type(version)).state_badge(version),
        "in_force": version.pk == document.current_id,
        "shown": shown(version, shift=1),
        "now": timezone.localtime(),
        "address": absolute(catalog.of(Document).url(document)),
        "back_url": catalog.of(Document).url(document),
    }
    return render(request, "documents/print.html", context)


@require_GET
@cache_control(private=True, no_store=True)
def stamped_file(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """The PDF of a version for the printer: what it is, and that the copy is not controlled, on every page."""
    document = document_or_404(request, uid)
    version = version_or_404(document, number, request.user)
    kept: Any = version.file
    if not kept or kept.media_type != PDF:
        raise Http404(_("There is no page at this address."))
    content, fault = files.stamped(store.path_of(kept.sha256), _head(document, version), _foot(request))
    if fault:
        raise RuleBroken(fault)
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = (
        content_disposition_header(False, f"{document.code}-{version.number}.pdf") or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED_PDF
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _head(document: Document, version: DocumentVersion) -> tuple[str, ...]:
    words = {"number": version.number, "day": day(version.effective_on)}
    told = _("version %(number)s") % words
    if version.effective_on:
        told = _("version %(number)s, in force from %(day)s") % words
    if version.pk != document.current_id:
        told = _("version %(number)s, not in force") % words
    return (f"{document.code} {version.title or document.title}", told, _("COPY NOT CONTROLLED"))


def _foot(request: HttpRequest) -> tuple[str, ...]:
    words = {"moment": moment(timezone.localtime()), "person": request.user}
    return (_("Printed %(moment)s by %(person)s") % words,)
