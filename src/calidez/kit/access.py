"""Who may do what, and where: a role granted at a unit holds for its subtree.

`kit` knows neither units nor roles; the people part installs the function that does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.errors import NotAllowed

VIEW, CREATE, EDIT, EXPORT = "view", "create", "edit", "export"
ALL = "*"
WORDS = {VIEW: _("See"), EXPORT: _("Download"), CREATE: _("Create"), EDIT: _("Edit")}


@dataclass(frozen=True)
class Scope:
    """The subtrees, as unit path prefixes, in which somebody holds a permission."""

    paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths)

    @property
    def everywhere(self) -> bool:
        """Whether it is the whole organisation: the path of the root has one step."""
        return any(path.strip("/").count("/") == 0 for path in self.paths)

    def covers(self, path: str) -> bool:
        return any(path.startswith(prefix) for prefix in self.paths)

    def ancestors(self) -> set[str]:
        """Every path above the granted ones: `/a/b/` has `/a/`."""
        above: set[str] = set()
        for path in self.paths:
            parts = path.strip("/").split("/")
            above.update("/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        return above

    def query(self, field: str, *, inherited: bool = False) -> Q:
        """The filter for records whose unit path is `field`; `inherited` also shows those of units above."""
        if not self.paths:
            return Q(pk__in=[])
        condition = Q()
        for path in self.paths:
            condition |= Q(**{f"{field}__startswith": path})
        if inherited and (above := self.ancestors()):
            condition |= Q(**{f"{field}__in": sorted(above)})
        return condition


Resolver = Callable[[Any, str, str], Scope]
_resolver: Resolver | None = None


def install(resolver: Resolver) -> None:
    global _resolver
    _resolver = resolver


def scope(user: Any, entity_key: str, verb: str) -> Scope:
    """Where `user` may do `verb` with records of `entity_key`."""
    if _resolver is None or user is None or not getattr(user, "is_active", False):
        return Scope()
    return _resolver(user, entity_key, verb)


def refuse(verb: Any, kind: Any) -> NotAllowed:
    return NotAllowed(
        _(
            "You may not do this here: “%(verb)s” on “%(kind)s”. Ask an administrator for a role that allows it."
        )
        % {"verb": WORDS.get(verb, verb), "kind": kind}
    )
