"""Where one may go and what one may begin, by name: pages of the side bar, new records, the person's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.values import folded
from calidez.kit.desk import navigation

ALIKE = 80  # of 100: “indicadroes” still goes to the indicators


@dataclass(frozen=True)
class Command:
    text: str
    url: str
    icon: str


def commands(user: Any) -> tuple[Command, ...]:
    """All that this person can go to or begin, in the order of the side bar."""
    places = [key for key, _text, _icon in navigation.SECTIONS]
    places += [navigation.PERSONAL, navigation.ADMINISTRATION]
    going = [Command(e.text, e.url, e.icon) for place in places for e in navigation.entries(place, user)]
    beginning = [
        Command(entity.create_label, entity.list_url() + "new/", "plus")
        for entity in catalog
        if entity.creation is not None and entity.created_in_form and entity.may(user, access.CREATE)
    ]
    own = (
        Command(_("Home"), "/", "home"),
        Command(_("My work"), reverse("kit:my-work"), "inbox"),
        Command(_("Notifications"), reverse("kit:notifications"), "bell"),
    )
    return (*own, *going, *beginning)


def matching(text: str, user: Any, *, most: int = 6) -> tuple[Command, ...]:
    wanted = folded(text)
    known = commands(user)
    if not wanted:
        return known[:most]
    scored = [(_likeness(wanted, folded(command.text)), place) for place, command in enumerate(known)]
    best = sorted(((score, place) for score, place in scored if score >= ALIKE), key=lambda s: (-s[0], s[1]))
    return tuple(known[place] for _score, place in best[:most])


def _likeness(wanted: str, text: str) -> float:
    if text.startswith(wanted):
        return 102
    if any(part.startswith(wanted) for part in text.split()):
        return 101
    if wanted in text:
        return 100
    return fuzz.WRatio(wanted, text) if len(wanted) > 3 and abs(len(wanted) - len(text)) < 4 else 0
