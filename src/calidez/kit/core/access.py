"""Who may do what, and where: a role granted at a unit holds for its subtree.

`kit` knows neither units nor roles; the people part installs the function that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calidez.kit.platform.errors import NotAllowed

VIEW, CREATE, EDIT, EXPORT = "view", "create", "edit", "export"
COMMENT, ATTACH = "comment", "attach"
ALL = "*"
WORDS = {
    VIEW: _("See"),
    EXPORT: pgettext_lazy("verb", "Download"),
    CREATE: _("Create"),
    EDIT: _("Edit"),
    COMMENT: _("Comment"),
    ATTACH: _("Add files"),
}


@dataclass(frozen=True)
class Scope:
    """The subtrees, as unit path prefixes, in which somebody holds a permission."""

    paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths)

    @property
    def everywhere(self) -> bool:
        """Held at the root of the tree. There is one root, so nothing lies outside and nothing need be compared."""
        return any(path.strip("/") and "/" not in path.strip("/") for path in self.paths)

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

    def within(self, other: Scope) -> Scope:
        """What both cover: of two subtrees where one contains the other, the smaller."""
        both = {
            a if a.startswith(b) else b
            for a in self.paths
            for b in other.paths
            if a.startswith(b) or b.startswith(a)
        }
        return Scope(tuple(sorted(both)))


@dataclass(frozen=True)
class Limit:
    """What a person may do at most while acting through a token: `lines` of kind (or *), verb (or *) and scope."""

    lines: tuple[tuple[str, str, Scope], ...]

    def scope(self, entity_key: str, verb: str) -> Scope:
        paths = {
            path
            for kind, allowed, where in self.lines
            if kind in ("*", entity_key) and allowed in ("*", verb)
            for path in where.paths
        }
        return Scope(tuple(sorted(paths)))


def limit(user: Any, limit_: Limit) -> None:
    """From here on this very object of the person holds no more than `limit_`; every door asks `scope`, so all obey."""
    user.access_limit = limit_


Resolver = Callable[[Any, str, str], Scope]
# The people who may do a verb with one kind of record at a unit path (None: records of the whole organisation);
# the last argument says that records of higher units are shown below.
Audience = Callable[[str, str, str | None, bool], Any]
# The same for many questions (kind of record, verb, unit path) by a fixed number of queries; those whose role was
# given nearest to the unit stand first.
Question = tuple[str, str, "str | None"]
Audiences = Callable[[Iterable[Question]], Mapping[Question, Sequence[Any]]]
_resolver: Resolver | None = None
_audience: Audience | None = None
_audiences: Audiences | None = None


def install(resolver: Resolver, audience: Audience | None = None, audiences: Audiences | None = None) -> None:
    global _resolver, _audience, _audiences
    _resolver, _audience, _audiences = resolver, audience, audiences


def audience(entity: Any, record: Any, verb: str = VIEW) -> Any:
    """The people whose role lets them do `verb` with records where this one belongs, as a queryset."""
    if _audience is None:
        raise RuntimeError("no part has said who the people are")
    return _audience(entity.key, verb, entity.unit_path(record), entity.inherited)


def seers(entity: Any, record: Any) -> Any:
    """The people who may see this record; whoever is told of it must be among them."""
    return entity.seers(record, audience(entity, record))


def audiences(questions: Iterable[Question]) -> Mapping[Question, Sequence[Any]]:
    """The people who may do what each question asks, nearest first."""
    if _audiences is None:
        raise RuntimeError("no part has said who the people are")
    return _audiences(questions)


def scope(user: Any, entity_key: str, verb: str) -> Scope:
    """Where `user` may do `verb` with records of `entity_key`."""
    if _resolver is None or user is None or not getattr(user, "is_active", False):
        return Scope()
    granted = _resolver(user, entity_key, verb)
    most: Limit | None = getattr(user, "access_limit", None)
    return granted if most is None else granted.within(most.scope(entity_key, verb))


def refuse(verb: Any, kind: Any) -> NotAllowed:
    return NotAllowed(
        _(
            "You may not do this here: “%(verb)s” on “%(kind)s”. Ask an administrator for a role that allows it."
        )
        % {"verb": WORDS.get(verb, verb), "kind": kind}
    )
