"""The side bar: the loop in eight words; parts register pages, a section without pages is not drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.display import NavItem, NavSection

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


@dataclass(frozen=True)
class PageEntry:
    """A page of a part: `url` is computed per request, `visible(user)` decides who sees it."""

    text: Any
    url: Callable[[], str]
    visible: Callable[[Any], bool]


_pages: dict[str, list[PageEntry]] = defaultdict(list)


def add_page(section: str, entry: PageEntry) -> None:
    if section not in {key for key, _text, _icon in SECTIONS}:
        raise ValueError(f"the side bar has no section {section!r}")
    _pages[section].append(entry)


def side_bar(user: Any, path: str) -> tuple[NavSection, ...]:
    sections = []
    for key, text, icon in SECTIONS:
        items = [
            *((e.text, e.url()) for e in _pages[key] if e.visible(user)),
            *(
                (entity.label_plural[:1].upper() + entity.label_plural[1:], entity.list_url())
                for entity in catalog
                if entity.section == key and entity.may(user, "view")
            ),
        ]
        if items:
            drawn = tuple(NavItem(str(t), url, path.startswith(url)) for t, url in items)
            sections.append(NavSection(key, str(text), icon, drawn, any(i.current for i in drawn)))
    return tuple(sections)
