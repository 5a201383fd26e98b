"""What pages share: the kind of record and the record, or a 404 that reveals nothing; ways back; rows as a file."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import ForeignKey
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import cells
from calidez.kit.desk.exchange import csv_lines
from calidez.kit.desk.navigation import above
from calidez.kit.desk.panels import Fields
from calidez.kit.platform.display import Link


def entity_or_404(slug: str) -> Entity:
    entity = catalog.by_slug(slug)
    if entity is None:
        raise Http404(_("There is no page at this address."))
    return entity


def viewable_entity(request: HttpRequest, slug: str) -> Entity:
    """The kind, if the person may see any of it; else the same 404 as for an unknown address."""
    entity = entity_or_404(slug)
    if not entity.may(request.user, "view"):
        raise Http404(_("There is no page at this address."))
    return entity


def record_or_404(request: HttpRequest, entity: Entity, uid: uuid.UUID) -> Any:
    """A record outside the person's units is as absent as one that does not exist."""
    along = {*entity.related(), *_named_in_panels(entity)}
    record = entity.queryset(request.user).select_related(*sorted(along)).filter(uid=uid).first()
    if record is None:
        raise Http404(_("This record does not exist, or it belongs to a unit that you cannot see."))
    return record


def _named_in_panels(entity: Entity) -> Iterator[str]:
    """The single records that fields of a panel name."""
    for panel in entity.panels:
        for name in panel.names if isinstance(panel, Fields) else ():
            if isinstance(name, str) and cells.has_field(entity.model, name):
                field = entity.model._meta.get_field(name)
                if isinstance(field, ForeignKey):
                    yield name


def crumbs(entity: Entity, record: Any = None) -> tuple[Link, ...]:
    plural = entity.label_plural[:1].upper() + entity.label_plural[1:]
    way = (*above(entity.section), Link(plural, entity.list_url()))
    return way if record is None else (*way, Link(str(record), entity.url(record)))


def own_address(request: HttpRequest, target: str, otherwise: str) -> str:
    """`target` if it is an address of this site, else `otherwise`: nothing sent along may carry people elsewhere."""
    own = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # What is no address at all, Django would look for among the names of its pages.
    return target if own and target.startswith(("/", "http://", "https://")) else otherwise


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page that a button stood on, with its filters; a page that turns people away is none to lead them back to."""
    back = own_address(request, request.META.get("HTTP_REFERER", ""), otherwise)
    return otherwise if request.method == "GET" and urlsplit(back).path == request.path else back


def closed(request: HttpRequest, entity: Entity, record: Any, operation: Any) -> HttpResponse:
    """The way back from a step that is not open: to the page where its button stood, else to the record's own."""
    messages.error(request, entity.closed_sentence(operation, record))
    back = came_from(request, entity.url(record))
    # Sent from the step's own page it would be asked for there again, and refused again.
    return redirect(entity.url(record) if urlsplit(back).path == request.path else back)


def back_to_record(request: HttpRequest, entity: Entity, record: Any, anchor: str = "") -> str:
    """The page of the record from which the person came, with its tab or filter; else the record's own."""
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    url = entity.url(record)
    if came.netloc == request.get_host() and came.path == url and came.query:
        url += f"?{came.query}"
    return f"{url}#{anchor}" if anchor else url


def csv_response(rows: Iterable[list[Any]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(iter(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
