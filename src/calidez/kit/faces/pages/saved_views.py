"""Saving, renaming, sharing and removing the views of a list."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.saved_views import bar, services
from calidez.kit.desk.saved_views.models import SavedView
from calidez.kit.faces.pages.common import crumbs, viewable_entity


def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """The menu of views for the list as it is; sent to, a new view of it."""
    entity = viewable_entity(request, slug)
    if request.method != "POST":
        seen = list(services.visible(entity, request.user))
        views = bar.bar(entity, request.user, ListQuery.of(request.GET), seen, sharing=True)
        template = "kit/_view_menu.html" if request.htmx else "kit/views.html"  # type: ignore[attr-defined]
        return render(request, template, {"views": views, "crumbs": crumbs(entity)})
    view = services.keep(
        entity,
        request.POST.get("name", ""),
        _query(request),
        by=request.user,
        audience=request.POST.get("audience", ""),
        first="first" in request.POST,
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(services.address(entity, view))


def change(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """A view's lasting address; sent to, it is saved, renamed, removed, or made the first."""
    entity = viewable_entity(request, slug)
    view = services.visible(entity, request.user).filter(uid=uid).first()
    if view is None:
        raise Http404(_("There is no page at this address."))
    if request.method == "POST":
        return _do(request, entity, view, request.POST.get("do", ""))
    return redirect(services.address(entity, view))


def _do(request: HttpRequest, entity: Entity, view: SavedView, what: str) -> HttpResponse:
    person: Any = request.user
    if what == "remove":
        services.remove(view, entity, by=person)
        messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
        return redirect(entity.list_url())
    if what == "first":
        services.begin_with(entity, view, by=person)
    elif what == "not-first":
        services.begin_with(entity, None, by=person)
    elif what == "save":
        services.change(view, entity, by=person, query=_query(request))
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    elif what == "rename":
        audience = request.POST.get("audience")
        services.change(view, entity, by=person, name=request.POST.get("name", ""), audience=audience)
    return redirect(services.address(entity, view))


def _query(request: HttpRequest) -> ListQuery:
    return ListQuery.of(QueryDict(request.POST.get("query", "").lstrip("?")))
