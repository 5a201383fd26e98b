"""Where pages are found: the loop in eight words, the administration page, the person's own menu; parts register theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Link, NavItem, NavSection

SECTIONS: tuple[tuple[str, Any, str], ...] = (
    ("promise", _("Promise"), "heart-handshake"),
    ("design", _("Design"), "route"),
    ("prepare", _("Prepare"), "users"),
    ("listen", _("Listen"), "message-circle"),
    ("measure", _("Measure"), "chart-line"),
    ("improve", _("Improve"), "bulb"),
    ("anticipate", _("Anticipate"), "shield"),
    ("direct", _("Direct"), "compass"),
)
# Not in the side bar: what runs the installation, and what is the person's own.
ADMINISTRATION, PERSONAL = "administration", "personal"
_PLACES = {*(key for key, _text, _icon in SECTIONS), ADMINISTRATION, PERSONAL}


@dataclass(frozen=True)
class PageEntry:
    """A page of a part: `url` is computed per request, `visible(user)` decides who sees it."""

    text: Any
    url: Callable[[], str]
    visible: Callable[[Any], bool]
    icon: str = ""
    help: Any = ""  # one sentence, on the administration page
    also: Callable[[], str] = str  # the address of the list to which the page leads on


@dataclass(frozen=True)
class Entry:
    """A page as one person finds it."""

    text: str
    url: str
    icon: str = ""
    help: str = ""
    also: str = ""  # the address to which the page leads on


_pages: dict[str, list[PageEntry]] = defaultdict(list)
_ways: dict[str, Callable[[Any], Link | None]] = {}


def add_page(section: str, entry: PageEntry) -> None:
    if section not in _PLACES:
        raise ValueError(f"there is no place for pages called {section!r}")
    _pages[section].append(entry)


def add_way_to_begin(kind: str, way: Callable[[Any], Link | None]) -> None:
    """Another way to fill the empty list of a kind, as "standards.standard"; `way(user)` is None where it is not theirs."""
    _ways[kind] = way


def way_to_begin(kind: str, user: Any) -> Link | None:
    return _ways[kind](user) if kind in _ways else None


def side_bar(user: Any, path: str) -> tuple[NavSection, ...]:
    sections = []
    for key, text, icon in SECTIONS:
        drawn = tuple(NavItem(e.text, e.url, _is_at(path, e)) for e in entries(key, user))
        if drawn:
            sections.append(NavSection(key, str(text), icon, drawn, any(i.current for i in drawn)))
    return tuple(sections)


def _is_at(path: str, entry: Entry) -> bool:
    return path.startswith(entry.url) or bool(entry.also and path.startswith(entry.also))


def above(section: str) -> tuple[Link, ...]:
    """The way back to what is not in the side bar."""
    return (
        (Link(str(_("Administration")), reverse("kit:administration")),) if section == ADMINISTRATION else ()
    )


def entries(place: str, user: Any) -> tuple[Entry, ...]:
    """What this person finds in one place: the registered pages, then the lists of the records declared there."""
    pages = (
        Entry(str(p.text), p.url(), p.icon, str(p.help), p.also()) for p in _pages[place] if p.visible(user)
    )
    lists = (
        Entry(e.label_plural[:1].upper() + e.label_plural[1:], e.list_url(), e.icon, str(e.help))
        for e in catalog
        if e.section == place and e.may(user, "view")
    )
    return (*pages, *lists)
