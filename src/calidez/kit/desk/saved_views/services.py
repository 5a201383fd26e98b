"""Keeping, sharing, renaming and removing views. What others see leaves a trace; one's own taste does not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access, audit
from calidez.kit.core.following import tell
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.saved_views.models import FirstView, SavedView
from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken

SHARE = "share_view"
Audience = SavedView.Audience


def visible(entity: Any, user: Any) -> QuerySet[SavedView]:
    """One's own, everybody's, and those of the units one belongs to; `begins` marks where one's list begins."""
    above = [path for path in _prefixes(_place_of(user)) if path]
    seen = (
        Q(created_by=user) | Q(audience=Audience.EVERYBODY) | Q(audience=Audience.UNIT, unit_path__in=above)
    )
    first = FirstView.objects.filter(person=user, kind=entity.key, view=OuterRef("pk"))
    views = SavedView.objects.filter(seen, kind=entity.key)
    return views.annotate(begins=Exists(first)).order_by("name", "pk")


def may_share(entity: Any, user: Any) -> bool:
    """Who may change records of a kind may also say how all look at them."""
    return entity.may(user, SHARE) or entity.may(user, access.EDIT)


def may_change(view: SavedView, entity: Any, user: Any) -> bool:
    own = view.created_by_id == user.pk
    return own if view.audience == Audience.OWNER else may_share(entity, user)


def units_to_share(user: Any, entity: Any) -> list[tuple[str, str]]:
    """The units within the person's reach, as uid and name."""
    units = _unit_entity()
    if units is None:
        return []
    granted = access.scope(user, entity.key, SHARE) or access.scope(user, entity.key, access.EDIT)
    records = units.model._default_manager.filter(granted.query("path")).order_by(*units.ordering)
    return [(str(unit.uid), str(unit)) for unit in records[:300]]


@transaction.atomic
def keep(
    entity: Any, name: str, query: ListQuery, *, by: Any, audience: str = "", first: bool = False
) -> SavedView:
    """A new view of the list as it is asked for."""
    view = SavedView(kind=entity.key, name=_named(name), params=told(entity, query), created_by=by)
    _aim(view, entity, audience, by)
    view.save()
    if view.audience != Audience.OWNER:
        tell("create", [(view, None, audit.snapshot(view))], by=by)
    if first:
        begin_with(entity, view, by=by)
    return view


@transaction.atomic
def change(
    view: SavedView,
    entity: Any,
    *,
    by: Any,
    query: ListQuery | None = None,
    name: str = "",
    audience: str | None = None,
) -> None:
    _check(view, entity, by)
    before = audit.snapshot(view)
    was_shared = view.audience != Audience.OWNER
    if query is not None:
        view.params = told(entity, query)
    if name:
        view.name = _named(name)
    if audience is not None:
        _aim(view, entity, audience, by)
    view.version += 1
    view.save()
    if was_shared or view.audience != Audience.OWNER:
        tell("edit", [(view, before, audit.snapshot(view))], by=by)


@transaction.atomic
def remove(view: SavedView, entity: Any, *, by: Any) -> None:
    _check(view, entity, by)
    if view.audience != Audience.OWNER:
        tell("delete", [(view, audit.snapshot(view), {})], by=by)
    view.delete()


def begin_with(entity: Any, view: SavedView | None, *, by: Any) -> None:
    """With which view the person's list begins; None: with all records."""
    if view is None:
        FirstView.objects.filter(person=by, kind=entity.key).delete()
    else:
        FirstView.objects.update_or_create(person=by, kind=entity.key, defaults={"view": view})


def told(entity: Any, query: ListQuery) -> dict[str, str]:
    """What a view keeps of an address: nothing that the list would not understand."""
    known = {"q", "sort", "columns", "group"}
    for name in entity.narrowing:
        known |= {name, f"{name}_from", f"{name}_to", f"{name}_text"}
    return {
        name: value[:2000]
        for name, value in sorted(query.params.items())
        if name in known and value and letters.harmless(value)
    }


def address(entity: Any, view: SavedView) -> str:
    """The list as the view says, and which view it is: an address that can be kept and sent."""
    return str(entity.list_url()) + ListQuery(dict(sorted(view.params.items()))).url(view=str(view.uid))


def _named(name: str) -> str:
    name = " ".join(letters.name(name, field="name").split())[:60]
    if not name:
        raise RuleBroken(_("Give the view a name."), field="name")
    return name


def _aim(view: SavedView, entity: Any, audience: str, by: Any) -> None:
    """`audience` is empty, `everybody` or the uid of a unit."""
    view.audience, view.unit_path, view.unit_name = Audience.OWNER, "", ""
    if not audience:
        return
    if not may_share(entity, by):
        raise access.refuse(_("Share a view"), entity.label)
    if audience == Audience.EVERYBODY:
        view.audience = Audience.EVERYBODY
        return
    units = _unit_entity()
    granted = access.scope(by, entity.key, SHARE) or access.scope(by, entity.key, access.EDIT)
    found = units and units.model._default_manager.filter(granted.query("path"))
    unit = next((u for u in found or () if str(u.uid) == audience), None)
    if unit is None:
        raise RuleBroken(_("Choose a unit within your reach."), field="audience")
    view.audience, view.unit_path, view.unit_name = Audience.UNIT, unit.path, str(unit)[:200]


def _check(view: SavedView, entity: Any, by: Any) -> None:
    if not may_change(view, entity, by):
        raise access.refuse(_("Change a shared view"), entity.label)


def _unit_entity() -> Any:
    """The kind that is the tree itself."""
    return next((entity for entity in catalog if entity.scope == ""), None)


def _place_of(user: Any) -> str:
    entity = catalog.get(type(user))
    return (entity.unit_path(user) or "") if entity is not None else ""


def _prefixes(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts)) if parts[0]]
