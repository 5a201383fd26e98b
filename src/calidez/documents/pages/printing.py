"""A version on paper: with its code, number and dates on every page, and that the copy is not controlled."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from calidez.documents.models import Document
from calidez.documents.pages.served import document_or_404, version_or_404
from calidez.documents.pages.shown import shown
from calidez.kit.catalog import catalog


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
    context = {
        "document": document,
        "title": version.title or document.title,
        "kind": version.get_kind_display() or document.get_kind_display(),
        "version": version,
        "state": catalog.of(type(version)).state_badge(version),
        "in_force": version.pk == document.current_id,
        "shown": shown(version, shift=1),
        "now": timezone.localtime(),
        "address": request.build_absolute_uri(catalog.of(Document).url(document)),
        "back_url": catalog.of(Document).url(document),
    }
    return render(request, "documents/print.html", context)
