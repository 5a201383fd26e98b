"""The file of a version and its pictures, given out to whoever may read that version, and never as a page of its own."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from calidez.documents.content.files import PDF
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.pages.readable import readable
from calidez.kit.catalog import catalog
from calidez.kit.desk.files.models import Attachment
from calidez.kit.faces.pages.common import record_or_404
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.sniffing import IMAGES

logger = logging.getLogger("calidez.documents")
# Nothing that a file holds may run, load or send anything; only a page of this site may show it in a frame.
LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
# A browser's own PDF reader does not work in a sandbox; it runs nothing of ours and gets nothing of ours.
LOCKED_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@require_GET
@cache_control(private=True, no_store=True)
@xframe_options_sameorigin
def file(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponseBase:
    """A PDF is shown where a look is asked for; everything else is saved."""
    version = version_or_404(document_or_404(request, uid), number, request.user)
    if not version.file:
        raise Http404(_("There is no page at this address."))
    kept: Any = version.file
    kind = kept.media_type
    look = kind == PDF and "look" in request.GET
    return _bytes(kept.sha256, kept.called, kind if look else "application/octet-stream", look=look)


@require_GET
@cache_control(private=True, max_age=300)
def picture(request: HttpRequest, uid: uuid.UUID, number: int, picture: uuid.UUID) -> HttpResponseBase:
    version = version_or_404(document_or_404(request, uid), number, request.user)
    attached = Attachment.objects.filter(about=version, uid=picture, withdrawn_at=None).first()
    if attached is None or attached.media_type not in IMAGES:
        raise Http404(_("There is no page at this address."))
    return _bytes(attached.sha256, attached.name, attached.media_type, look=True)


def document_or_404(request: HttpRequest, uid: uuid.UUID) -> Document:
    found: Document = record_or_404(request, catalog.of(Document), uid)
    return found


def version_or_404(document: Document, number: int, user: Any) -> DocumentVersion:
    found = readable(document, user).filter(number=number).first()
    if found is None:
        raise Http404(_("This version does not exist, or it is not for you to read."))
    return found


def _bytes(sha256: str, name: str, kind: str, *, look: bool) -> HttpResponseBase:
    if not store.whole(sha256):
        logger.error("the file %s no longer has its digest", sha256)
        raise RuleBroken(
            _(
                "The file is damaged or missing: ask whoever runs the installation to bring it back from a backup."
            )
        )
    response = FileResponse(
        store.path_of(sha256).open("rb"), as_attachment=not look, filename=name, content_type=kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED_PDF if kind == PDF else LOCKED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
