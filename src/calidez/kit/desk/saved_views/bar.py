"""The views above a list, with the one that is looked at and whether it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.desk.saved_views import services
from calidez.kit.desk.saved_views.models import SavedView
from calidez.kit.platform.display import Link, Option, ViewsBar

ALL = "all"  # in the address: no view, though the list would begin with one


def bar(entity: Any, user: Any, query: ListQuery, views: Sequence[Any], *, sharing: bool = False) -> ViewsBar:
    """`views` are those that the person sees, read once per page.

    `sharing` also says with whom a view may be shared: asked for only when the menu is opened.
    """
    current = next((view for view in views if str(view.uid) == query.params.get("view")), None)
    first = next((view for view in views if view.begins), None)
    whole = str(entity.list_url()) + (f"?view={ALL}" if first else "")
    changed = current is not None and services.told(entity, query) != current.params
    tabs = (
        Link(_("All"), whole, current=current is None),
        *(
            Link(
                view.name + (" *" if view is current and changed else ""),
                services.address(entity, view),
                icon="" if view.audience == SavedView.Audience.OWNER else "users",
                title=_title(view, view is current and changed),
                current=view is current,
            )
            for view in views
        ),
    )
    shares = sharing and services.may_share(entity, user)
    return ViewsBar(
        tabs=tabs if views else (),
        url=f"{entity.list_url()}views/",
        all_url=whole,
        query=query.url(),
        current_url=f"{entity.list_url()}views/{current.uid}/" if current else "",
        name=current.name if current else "",
        changed=changed,
        may_change=current is not None and services.may_change(current, entity, user),
        first=current is not None and current is first,
        audiences=_audiences(entity, user, current) if shares else (),
    )


def first_address(entity: Any, views: Sequence[Any]) -> str:
    """Where the list begins for the person who sees these views; empty: with all records."""
    view = next((view for view in views if view.begins), None)
    return services.address(entity, view) if view is not None else ""


def _audiences(entity: Any, user: Any, current: SavedView | None) -> tuple[Option, ...]:
    chosen = current.audience if current else SavedView.Audience.OWNER
    everybody = SavedView.Audience.EVERYBODY
    path = current.unit_name if current else ""
    return (
        Option("", _("Only me"), chosen == SavedView.Audience.OWNER),
        Option(str(everybody), _("Everybody who may see this list"), chosen == everybody),
        *(
            Option(
                uid,
                _("The people of %(unit)s") % {"unit": name},
                chosen == SavedView.Audience.UNIT and name == path,
            )
            for uid, name in services.units_to_share(user, entity)
        ),
    )


def _title(view: SavedView, changed: bool) -> str:
    words = [_("Changed, not saved")] if changed else []
    if view.audience == SavedView.Audience.EVERYBODY:
        words.append(_("Shared with everybody"))
    elif view.audience == SavedView.Audience.UNIT:
        words.append(_("Shared with the people of %(unit)s") % {"unit": view.unit_name})
    return " · ".join(words)
