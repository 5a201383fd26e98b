"""What holds, for an auditor with one click; and what each person still has to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.documents.entities import VIEW_OTHERS
from calidez.documents.models import Acknowledgement, Document
from calidez.kit.catalog import catalog
from calidez.kit.core.cells import cell, cell_of, column_label, column_name
from calidez.kit.core.reach import in_a_list
from calidez.kit.platform.display import Button, Cell, Header, Row
from calidez.people.selectors import organisation

DIGITS = 12
MOST_DOCUMENTS = 2000  # an organisation with more downloads the list
COLUMNS = (
    "code",
    "title",
    "kind",
    "version_in_force",
    "effective_since",
    "approved_by",
    "approved_on",
    "review_due",
    "digest",
)


@dataclass(frozen=True)
class InForcePage:
    organisation: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    total: int
    today: Any
    list_url: str
    downloads: tuple[Button, ...]


def in_force(request: HttpRequest) -> HttpResponse:
    """The documents in force as one page that prints, with the digest of what was approved."""
    entity = catalog.of(Document)
    if not entity.may(request.user, "view"):
        raise Http404(_("There is no page at this address."))
    found = entity.queryset(request.user).filter(state=Document.State.IN_FORCE)
    known = {getattr(c, "name", c): c for c in (*entity.columns, *entity.more_columns)}
    columns = [known[name] for name in COLUMNS]
    documents = found.select_related("current", *entity.related()).order_by("code")[:MOST_DOCUMENTS]
    rows = tuple(
        Row(
            entity.url(document),
            tuple(_cell(entity, document, column, request.user) for column in columns),
            str(document),
        )
        for document in documents
    )
    query = urlencode({"state": Document.State.IN_FORCE.value, "columns": ",".join(COLUMNS)})
    downloads: tuple[Button, ...] = ()
    if entity.may(request.user, "export"):
        base = entity.list_url()
        downloads = (
            Button(
                _("Download as a spreadsheet (XLSX)"), f"{base}export.xlsx?{query}", icon="file-spreadsheet"
            ),
            Button(_("Download CSV"), f"{base}export.csv?{query}", icon="download"),
        )
    root = organisation()
    page = InForcePage(
        organisation=root.name if root is not None else "",
        headers=tuple(Header(column_label(entity, column)) for column in columns),
        rows=rows,
        total=found.count(),
        today=timezone.now(),
        list_url=f"{entity.list_url()}?{query}",
        downloads=downloads,
    )
    return render(request, "documents/in_force.html", {"page": page})


def _cell(entity: Any, document: Document, column: Any, user: Any) -> Cell:
    shown = in_a_list(cell_of(entity, document, column), document, column, user)
    # The whole of it is in the file; its beginning tells versions apart on paper.
    return cell(f"{shown.value[:DIGITS]}…") if column_name(column) == "digest" and shown.value else shown


def my_reading(request: HttpRequest) -> HttpResponse:
    """The list of what this person was asked to read, what is open first."""
    entity = catalog.of(Acknowledgement)
    if not entity.may(request.user, "view"):
        raise Http404(_("There is no page at this address."))
    person: Any = request.user
    if not entity.may(person, VIEW_OTHERS):
        return redirect(entity.list_url())  # there is nothing but their own
    return redirect(f"{entity.list_url()}?{urlencode({'person': str(person.uid)})}")
