"""Who was refused what and where, and who came in: lines for whoever watches over the installation."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

log = logging.getLogger("calidez.access")
NOBODY = "nobody"


def refused(request: HttpRequest, sentence: Any) -> None:
    """A person or program asked for what it may not do; the person by identifier, as the trail knows them."""
    log.warning(
        "Refused: person %s, %s %s: %s",
        _who(request),
        request.method,
        request.path,
        str(sentence) or "no reason",
    )


def came_in(person: Any, place: str | None) -> None:
    log.info("Signed in: person %s from %s", person.uid, place or "an unknown place")


def turned_away(uid: Any, place: str | None, why: str) -> None:
    """What was typed is not written down: it may be a password in the wrong field."""
    log.warning("Not signed in: person %s from %s: %s", uid or NOBODY, place or "an unknown place", why)


def _who(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "user", None), "uid", "") or NOBODY)
