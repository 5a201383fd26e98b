"""Reads across people, units and roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core.access import Question, Scope
from calidez.kit.platform.display import Link, Option
from calidez.people.models import WEEKDAYS, ClosedDay, Grant, Role, ServiceCalendar, Session, Unit, User
from calidez.people.opening_hours import Calendar, Closure, Known, Timetable, read_hours
from calidez.people.rules import Table, allows, merged
from calidez.people.session_keys import digest

MAX_UNIT_OPTIONS = 2000
MOST_GRANTS = 5000
MOST_PLACES = 500  # beyond, all calendars are read: they are fewer than the units


def granted_scope(user: User, entity: str, verb: str) -> Scope:
    """The subtrees where the person's roles allow `verb` on `entity`; read once per request."""
    return Scope(tuple(path for path, table in _grants(user) if allows(table, entity, verb)))


def who_may(entity: str, verb: str, path: str | None, inherited: bool = False) -> QuerySet[User]:
    """Those whose role allows `verb` on `entity` at a unit; `path` None: anywhere, as for what belongs to the whole.

    `inherited` adds those below the unit, where records of higher units are shown.
    """
    roles = [role.pk for role in Role.objects.only("table") if allows(role.table, entity, verb)]
    grants = Grant.objects.in_force().filter(role__in=roles)
    if path is not None:
        place = Q(unit__path__in=_prefixes(path))
        grants = grants.filter(place | Q(unit__path__startswith=path) if inherited else place)
    return User.objects.filter(is_active=True, pk__in=grants.values("user")).order_by("name")


def who_may_each(questions: Iterable[Question]) -> dict[Question, list[User]]:
    """Who may do what each of many questions asks, by two queries; those whose role was given nearest to the unit stand first."""
    asked = set(questions)
    tables = {role.pk: role.table for role in Role.objects.only("table")} if asked else {}
    able = {
        (kind, verb): {pk for pk, table in tables.items() if allows(table, kind, verb)}
        for kind, verb, _path in asked
    }
    grants = Grant.objects.in_force().filter(role__in=set().union(*able.values()), user__is_active=True)
    if all(path is not None for _kind, _verb, path in asked):
        grants = grants.filter(unit__path__in={p for _k, _v, path in asked for p in _prefixes(path or "")})
    found = list(grants.select_related("user", "unit").order_by("user__name")[:MOST_GRANTS]) if asked else []
    found.sort(key=lambda grant: -len(grant.unit.path))  # of one unit they stay by name
    return {question: _able_at(found, able[question[:2]], question[2]) for question in asked}


def present(person: Any, place: Any) -> Any:
    """For a subquery: the roles in force, at that unit or above it, of a person who can sign in."""
    held = Grant.objects.in_force().filter(user=person, user__is_active=True)
    placed = held.annotate(place=Coalesce(place, Value("/"), output_field=CharField()))
    return placed.filter(Q(place="/") | Q(place__startswith=F("unit__path")))


def roles_of(user: User) -> list[Grant]:
    """The roles in force, with their permissions; read once per request."""
    cached: list[Grant] | None = getattr(user, "_roles", None)
    if cached is None:
        grants = user.grants.in_force().select_related("role", "unit")
        cached = list(grants.order_by("unit__path", "role__code"))
        user._roles = cached  # type: ignore[attr-defined]
    return cached


def organisation() -> Unit | None:
    """The root of the tree."""
    return Unit.objects.filter(parent=None).order_by("pk").first()


def chosen_unit(request: HttpRequest) -> Unit | None:
    """The unit that the person looks at: the one chosen, else the highest that they can see; read once per request."""
    cached = getattr(request, "_chosen_unit", False)
    if cached is False:
        # The organisation's name stands beside the unit's: it comes along in the same query.
        root = Unit.objects.filter(parent=None).order_by("pk").values("name")[:1]
        visible = catalog.of(Unit).queryset(request.user).annotate(organisation=Subquery(root))
        wanted = request.session.get("unit", "")
        cached = visible.filter(uid=wanted).first() if _is_uid(wanted) else None
        cached = cached or visible.order_by(Length("path"), "name").first()
        request._chosen_unit = cached  # type: ignore[attr-defined]
    return cached  # type: ignore[return-value]


def surroundings(request: HttpRequest) -> tuple[str, Link | None, str]:
    """What the page shell shows: organisation, unit looked at, roles."""
    unit = chosen_unit(request)
    root = None if unit is not None else organisation()
    name = getattr(unit, "organisation", "") or (root.name if root is not None else "Calidez")
    roles = ", ".join(sorted({str(grant.role) for grant in roles_of(request.user)}))  # type: ignore[arg-type]
    link = Link(unit.name, reverse("kit:scope")) if unit else None
    return name, link, roles


def chosen_path(request: HttpRequest) -> str | None:
    unit = chosen_unit(request)
    return unit.path if unit is not None else None


def units_to_choose(request: HttpRequest) -> tuple[Option, ...]:
    """The units that the person can see, as a tree; in a very large one the highest."""
    chosen = chosen_unit(request)
    found = catalog.of(Unit).queryset(request.user).order_by(Length("path"), "name")
    return tuple(
        Option(str(u.uid), "\u2003" * max(0, u.depth - 1) + u.name, chosen is not None and u.pk == chosen.pk)
        for u in _in_tree_order(list(found[:MAX_UNIT_OPTIONS]))
    )


@dataclass(frozen=True)
class SignedIn:
    """One place where a person is signed in."""

    key: str
    device: str
    address: str
    since: dt.datetime | None
    seen: dt.datetime | None
    here: bool


def signed_in(user: User, current_key: str) -> tuple[SignedIn, ...]:
    """Where the person is signed in now: this place first, then the last used."""
    here = digest(current_key) if current_key else ""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen")
    found = (SignedIn(r.pk, r.device, r.address or "", r.since, r.seen, r.pk == here) for r in rows)
    return tuple(sorted(found, key=lambda session: not session.here))


def subtree(unit: Unit) -> Any:
    """The unit and everything below it."""
    return Unit.objects.filter(path__startswith=unit.path)


def _prefixes(path: str) -> list[str]:
    """The path itself and every one above it: `/a/b/` has `/a/`."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]


def opening_known(units: Iterable[Unit]) -> Known:
    """What is said of opening for these units, above them and below them, in one query."""
    paths = [unit.path for unit in units]
    if not paths:
        return Known()
    above = {place for path in paths for place in _prefixes(path)}
    around = Q()
    if len(above) <= MOST_PLACES:
        around = Q(unit__path__in=above)
        for path in _outermost(paths):
            around |= Q(unit__path__startswith=path)
    tables, closures = [], []
    for row in _said_of_opening(around):
        path, closed, first, last, marked, *week = row
        if closed:
            closures.append((path, Closure(first, last, marked)))
        else:
            tables.append((path, Timetable(first, tuple(read_hours(text) for text in week), marked)))
    return Known(tuple(tables), tuple(closures))


def _said_of_opening(around: Q) -> Any:
    """Calendars and closed days as rows of one kind: every chart asks, so it is asked once.

    Path, whether closed, first day, last day, adds_above or yearly, and the hours of seven days.
    """
    text = CharField()
    calendars = ServiceCalendar.objects.filter(around, is_active=True).values_list(
        "unit__path", Value(False), "starts", F("starts"), "adds_above", *WEEKDAYS
    )
    closed = ClosedDay.objects.filter(around, is_active=True).values_list(
        "unit__path",
        Value(True),
        "first",
        Coalesce("last", "first"),
        "yearly",
        *[Value("", output_field=text) for _day in WEEKDAYS],
    )
    return calendars.union(closed, all=True)


def calendar_of(unit: Unit) -> Calendar | None:
    """When the unit itself serves: by its own calendar and closed days, and those above; None where nothing is said."""
    return opening_known([unit]).at(unit.path)


def closed_days_in(unit: Unit, *, above: bool) -> list[ClosedDay]:
    """The closed days in use of a unit and, where asked, of those above it."""
    places = _prefixes(unit.path) if above else [unit.path]
    return list(ClosedDay.objects.filter(is_active=True, unit__path__in=places).select_related("unit"))


def _outermost(paths: Iterable[str]) -> list[str]:
    """Without those that lie within another."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found


def permissions_at(user: User, unit: Unit) -> dict[str, list[str]]:
    """All that the person's roles allow at this unit."""
    return merged(g.role.table for g in roles_of(user) if unit.path.startswith(g.unit.path))


def permissions_everywhere(user: User) -> dict[str, list[str]]:
    """All that the person's roles allow in the whole organisation."""
    root = organisation()
    return permissions_at(user, root) if root is not None else {}


def _able_at(grants: list[Grant], roles: set[Any], path: str | None) -> list[User]:
    here = (g for g in grants if g.role_id in roles and (path is None or path.startswith(g.unit.path)))
    return list({grant.user_id: grant.user for grant in here}.values())


def _grants(user: User) -> list[tuple[str, Table]]:
    cached: list[tuple[str, Table]] | None = getattr(user, "_granted", None)
    if cached is None:
        cached = [(grant.unit.path, grant.role.table) for grant in roles_of(user)]
        user._granted = cached  # type: ignore[attr-defined]
    return cached


def _in_tree_order(units: list[Unit]) -> list[Unit]:
    """Parents before children, siblings by name: paths are random digits and order nothing."""
    names = {u.path: u.name.casefold() for u in units}

    def key(unit: Unit) -> tuple[str, ...]:
        parts = unit.path.strip("/").split("/")
        prefixes = ("/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1))
        return tuple(names.get(prefix, "") for prefix in prefixes)

    return sorted(units, key=key)


def _is_uid(text: str) -> bool:
    import uuid

    try:
        uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return False
    return True
