"""What surrounds every page: side bar, unit, language, person. Parts plug in what only they know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from calidez.kit.desk import navigation
from calidez.kit.platform.display import Link, Option, Shell

# Installed by the people part: the organisation's name, the unit looked at, the person's roles; and the units to
# choose from, asked for only when the choice is opened.
Surroundings = Callable[[HttpRequest], tuple[str, Link | None, str]]
Units = Callable[[HttpRequest], tuple[Option, ...]]
Chosen = Callable[[HttpRequest], "str | None"]
_surroundings: Surroundings | None = None
_units: Units | None = None
_chosen: Chosen | None = None


def install(surroundings: Surroundings, units: Units, chosen: Chosen | None = None) -> None:
    global _surroundings, _units, _chosen
    _surroundings, _units, _chosen = surroundings, units, chosen


def units_to_choose(request: HttpRequest) -> tuple[Option, ...]:
    return _units(request) if _units is not None else ()


def chosen_path(request: HttpRequest) -> str | None:
    """The path of the unit that the person looks at; None where there is none."""
    return _chosen(request) if _chosen is not None else None


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor; lazy, so pages without a shell and fragments pay nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or _surroundings is None:
        return {"languages": _languages()}
    return {"shell": _Lazy(request), "languages": _languages()}


class _Lazy:
    """Builds the shell when the template first looks at it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._shell: Shell | None = None

    def __getattr__(self, name: str) -> Any:
        if self._shell is None:
            self._shell = build(self._request)
        return getattr(self._shell, name)


def build(request: HttpRequest) -> Shell:
    assert _surroundings is not None
    organisation, unit, roles = _surroundings(request)
    theme = request.COOKIES.get("theme", "auto")
    return Shell(
        organisation=organisation,
        sections=navigation.side_bar(request.user, request.path),
        unit=unit,
        languages=_languages(),
        person=str(request.user),
        roles=roles,
        theme=theme if theme in {"auto", "light", "dark"} else "auto",
        personal=navigation.entries(navigation.PERSONAL, request.user),
        administration=reverse("kit:administration")
        if navigation.entries(navigation.ADMINISTRATION, request.user)
        else "",
    )


def _languages() -> tuple[Option, ...]:
    current = translation.get_language() or ""
    return tuple(Option(code, str(name), current == code) for code, name in settings.LANGUAGES)
