"""What changed between two versions of a document: a page of its own, and a panel for those who approve."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.documents import panels, selectors
from calidez.documents.content.compare import Change, Difference, Stretch, difference
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.pages.files import document_or_404
from calidez.documents.pages.readable import paragraphs, readable
from calidez.kit.catalog import catalog
from calidez.kit.faces.pages.common import crumbs
from calidez.kit.platform.display import Link, Option
from calidez.kit.platform.formats import day

MOST_CHANGES = 400  # changed stretches that a page draws


@dataclass(frozen=True)
class Compared:
    """The difference of two versions; `problem` says why there is none to show."""

    before: int
    after: int
    sentence: str
    stretches: tuple[Stretch, ...] = ()
    problem: str = ""
    left: int = 0
    url: str = ""


def compared(before: DocumentVersion, after: DocumentVersion) -> Compared:
    url = f"{reverse('documents:compare', args=[after.document.uid])}?from={before.number}&to={after.number}"
    old, fault = paragraphs(before)
    new, other_fault = paragraphs(after)
    if fault or other_fault:
        return Compared(before.number, after.number, "", problem=fault or other_fault, url=url)
    found = difference(old, new)
    stretches = found.stretches()
    return Compared(
        before.number,
        after.number,
        _sentence(found, before, after),
        () if found.nothing else stretches[:MOST_CHANGES],
        left=max(0, len(stretches) - MOST_CHANGES),
        url=url,
    )


def _sentence(found: Difference, before: DocumentVersion, after: DocumentVersion) -> str:
    if found.nothing:
        files = selectors.file_digest(before), selectors.file_digest(after)
        same = before.text == after.text and files[0] == files[1]
        if same:
            return _("Nothing has changed.")
        return _("No word has changed; what differs is how it is set, or whether it is text or a file.")
    parts = [
        ngettext("%(count)s paragraph changed", "%(count)s paragraphs changed", found.count(Change.CHANGED)),
        ngettext("%(count)s new", "%(count)s new ones", found.count(Change.NEW)),
        ngettext("%(count)s removed", "%(count)s removed ones", found.count(Change.GONE)),
    ]
    counts = [found.count(change) for change in (Change.CHANGED, Change.NEW, Change.GONE)]
    return (
        ", ".join(part % {"count": count} for part, count in zip(parts, counts, strict=True) if count) + "."
    )


def changes(version: DocumentVersion, user: Any, request: Any) -> Compared | None:
    """For the page of a version: against the one in force, or the one that it replaced."""
    before = _base(version)
    if before is None or not readable(version.document, user).filter(pk=before.pk).exists():
        return None
    return compared(before, version)


def _base(version: DocumentVersion) -> DocumentVersion | None:
    document = version.document
    if version.state in DocumentVersion.OPEN:
        return document.current
    held = document.versions.filter(number__lt=version.number, effective_on__isnull=False)
    return held.select_related("document").order_by("-number").first()


def compare(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Two versions chosen by the address, whichever the reader may open; without one, the last two."""
    document = document_or_404(request, uid)
    versions = list(readable(document, request.user))
    after = _chosen(versions, request.GET.get("to", "")) or (versions[0] if versions else None)
    before = _chosen(versions, request.GET.get("from", "")) or _earlier(versions, after)
    entity = catalog.of(Document)
    context = {
        "document": document,
        "crumbs": (*crumbs(entity), Link(entity.title(document), entity.url(document))),
        "befores": _options(versions, before),
        "afters": _options(versions, after),
        "compared": compared(before, after) if before is not None and after is not None else None,
        "swapped": _swapped(document, before, after),
    }
    return render(request, "documents/compare.html", context)


def _chosen(versions: Sequence[DocumentVersion], number: str) -> DocumentVersion | None:
    return next((version for version in versions if str(version.number) == number), None)


def _earlier(versions: Sequence[DocumentVersion], after: DocumentVersion | None) -> DocumentVersion | None:
    return next((v for v in versions if after is not None and v.number < after.number), None)


def _swapped(document: Document, before: DocumentVersion | None, after: DocumentVersion | None) -> str:
    if before is None or after is None or before.pk == after.pk:
        return ""
    return f"{reverse('documents:compare', args=[document.uid])}?from={after.number}&to={before.number}"


def _options(versions: Sequence[DocumentVersion], chosen: DocumentVersion | None) -> tuple[Option, ...]:
    return tuple(
        Option(str(version.number), _label(version), chosen is not None and version.pk == chosen.pk)
        for version in versions
    )


def _label(version: DocumentVersion) -> str:
    words = {"number": version.number, "state": version.get_state_display(), "day": day(version.effective_on)}
    if version.effective_on:
        return _("Version %(number)s · %(state)s · from %(day)s") % words
    return _("Version %(number)s · %(state)s") % words


@dataclass(frozen=True)
class Versions:
    """The list of versions with what can be done from it."""

    table: Any
    compare_url: str


def versions(document: Document, user: Any, request: Any) -> Versions | None:
    table = panels.versions(document, user, request)
    if table is None:
        return None
    several = len(table.rows) > 1
    return Versions(table, reverse("documents:compare", args=[document.uid]) if several else "")
